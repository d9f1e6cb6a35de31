"""How many cases differ between two versions of a knowledge base, outcome by outcome, in columns.

In: the truth of names in the same cases by both versions, row by row, and the ways in which rows can differ.
Out: the number of rows that differ, and the ids of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import polars as pl

from engine.columns.seen import Seen

BEFORE, AFTER = "before ", "after "


@dataclass(frozen=True, slots=True)
class Said:
    """A claim that a name is true (`truth`) or false in a row; without `holds`, that it is not."""

    name: str
    truth: bool = True
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Rows:
    """A way in which rows can differ: the truths in both versions, and pairs of number columns (before and
    after) of which one rises (`higher`) or falls (`lower`).
    """

    before: tuple[Said, ...] = ()
    after: tuple[Said, ...] = ()
    higher: tuple[tuple[str, str], ...] = ()
    lower: tuple[tuple[str, str], ...] = ()


@dataclass
class Differing:
    """The number of rows that differ in one outcome, and the ids of the first of them."""

    rows: int = 0
    ids: list[str] = field(default_factory=list)


def count(
    before: Seen, after: Seen, ids: Sequence[str], wanted: Mapping[str, Sequence[Rows]], most: int
) -> dict[str, Differing]:
    """For each outcome, the number of rows that differ in any of its ways, and the first `most` ids."""
    both = pl.concat(
        [_prefixed(before.frame, BEFORE), _prefixed(after.frame, AFTER), pl.DataFrame({"id": ids})],
        how="horizontal",
    )
    found = both.select("id", *(_any(ways).alias(name) for name, ways in wanted.items()))
    return {
        name: Differing(int(found[name].sum()), found["id"].filter(found[name]).head(most).to_list())
        for name in wanted
    }


def _prefixed(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    return frame.rename({name: prefix + name for name in frame.columns})


def _any(ways: Sequence[Rows]) -> pl.Expr:
    return reduce(lambda some, each: some | each, map(_differs, ways), pl.lit(False))


def _differs(way: Rows) -> pl.Expr:
    claims = [_said(each, BEFORE) for each in way.before] + [_said(each, AFTER) for each in way.after]
    above = [pl.col(AFTER + now) > pl.col(BEFORE + was) for was, now in way.higher]
    below = [pl.col(AFTER + now) < pl.col(BEFORE + was) for was, now in way.lower]
    numbers = [reduce(lambda some, each: some | each, each) for each in (above, below) if each]
    return reduce(lambda some, each: some & each, [*claims, *numbers], pl.lit(True))


def _said(claim: Said, prefix: str) -> pl.Expr:
    column = pl.col(prefix + claim.name)
    is_so = (column if claim.truth else ~column).fill_null(False)
    return is_so if claim.holds else ~is_so
