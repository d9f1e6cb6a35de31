"""From the columns of a segment to its tally: sums of Booleans, which cost next to nothing.

In: the truth columns of a segment (`Counting.columns` names them) with its `inconsistent`, and its canonical
frame. Out: the counts that `engine.summary.tally` names, in whole numbers,
so that the tallies of segments add up to that of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.model import SUPPORT
from engine.plan.holding import Holding, holding
from engine.plan.near import Near, near
from engine.plan.truth import answered
from engine.summary.tally import NONE, Key, Tally, tally_of
from engine.valuation import Prepared
from facts.table_layout import columns_of

EXPECT, LEVEL, CEILING = "# expect", "# level ", "# ceiling "
"""Columns that no node of a network is called."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted in each segment of a run."""

    levels: tuple[str, ...]
    columns: tuple[str, ...]
    """The truth columns that a segment must have: names of the network."""
    answers: tuple[str, ...]
    """The columns of the canonical frame that are looked at."""
    marks: tuple[pl.Expr, ...]
    """Columns to add before the sums."""
    sums: Mapping[Key, pl.Expr]
    expected: Mapping[Key, pl.Expr]
    holding: Holding
    near: Near | None

    def tally(self, found: pl.DataFrame, answers: pl.DataFrame, expect: pl.Series | None = None) -> Tally:
        """The tally of a segment: what was found and the answers, row by row the same cases.

        `expect` has the level that each case should have: its name, `none` for no level, null where the case
        does not say.
        """
        columns = found.select("inconsistent", *self.columns).hstack(answers.select(self.answers))
        sums = dict(self.sums)
        if expect is not None and self.levels:
            code = expect.cast(pl.Enum([NONE, *self.levels])).to_physical()
            columns, sums = columns.with_columns(code.alias(EXPECT)), {**sums, **self.expected}
        counted = columns.with_columns(self.marks).select(
            each.alias(str(at)) for at, each in enumerate(sums.values())
        )
        counts = dict(zip(sums, counted.row(0), strict=True)) | self.holding.counts(answers)
        return tally_of(counts | (self.near.counts(answers) if self.near else {}))


def counting(prepared: Prepared, near_misses: bool = False, every: int = 1) -> Counting:
    """What is to be counted; which questions hold a case open is looked up in every so many cases."""
    kb = prepared.kb
    sums = dict(_sums(prepared))
    marks = tuple(_marks(list(kb.levels)))
    read = [name for each in (*marks, *sums.values()) for name in each.meta.root_names()]
    clashing = [kb.questions[question] for question in kb.asked_when]
    return Counting(
        levels=tuple(kb.levels),
        columns=tuple(dict.fromkeys(name for name in read if ":" in name or name == "scope")),
        answers=tuple(column for question in clashing for column in columns_of(question)),
        marks=marks,
        sums=sums,
        expected=dict(_expected(list(kb.levels))),
        holding=holding(prepared, every),
        near=near(prepared) if near_misses else None,
    )


def _sums(prepared: Prepared) -> Iterator[tuple[Key, pl.Expr]]:
    """Every count that each segment has."""
    kb = prepared.kb
    yield ("cases",), pl.len()
    yield ("inconsistent",), pl.col("inconsistent").sum()
    for key, both in _triage(list(kb.levels)):
        yield ("triage", *key), both.sum()
    if kb.scope:
        scope = pl.col("scope")
        yield ("scope", "yes"), scope.sum()
        yield ("scope", "no"), (~scope).sum()
        yield ("scope", "open"), scope.null_count()
    for id in kb.rules:
        yield ("rule", id, "fired"), pl.col(f"rule:{id}").sum()
        yield ("rule", id, "open"), pl.col(f"rule:{id}").null_count()
    for name in kb.findings:
        yield ("finding", name), pl.col(f"finding:{name}").sum()
    for name in kb.conditions:
        yield from _supports(name, prepared)
    for name in prepared.clashing:
        yield _clash(name, prepared)


def _supports(name: str, prepared: Prepared) -> Iterator[tuple[Key, pl.Expr]]:
    """How often each support is the highest: it is there, and the next that a rule gives is not."""
    grades = [grade for grade in SUPPORT if prepared.rules_for.get(f"condition:{name}:{grade}")]
    columns = [pl.col(f"condition:{name}:{grade}") for grade in grades]
    for grade, own, stronger in zip(grades, columns, [*columns[1:], None], strict=True):
        highest = own if stronger is None else own & ~stronger.fill_null(False)
        yield ("condition", name, grade), highest.sum()
    if columns:
        yield ("condition", name, "open"), columns[0].null_count()


def _clash(name: str, prepared: Prepared) -> tuple[Key, pl.Expr]:
    kind, _, rest = name.partition(":")
    if kind == "asked":
        clashes = ~pl.col(name) & answered(prepared.kb.questions[rest])
        return ("clash", f"asked_when:{rest}"), clashes.sum()
    return ("clash", rest), pl.col(name).sum()


def _marks(levels: Sequence[str]) -> Iterator[pl.Expr]:
    """For each level, and for none, where it is the level, and where it is the ceiling."""
    if levels:
        reached = [pl.col(f"triage:{level}") for level in levels]
        yield from _highest(LEVEL, levels, [each.fill_null(False) for each in reached])
        yield from _highest(CEILING, levels, [each.fill_null(True) for each in reached])


def _highest(mark: str, levels: Sequence[str], reached: list[pl.Expr]) -> Iterator[pl.Expr]:
    yield (~reached[0]).alias(f"{mark}{NONE}")
    for level, own, above in zip(levels, reached, [*reached[1:], None], strict=True):
        yield (own if above is None else own & ~above).alias(f"{mark}{level}")


def _triage(levels: Sequence[str]) -> Iterator[tuple[Key, pl.Expr]]:
    """Each level with each ceiling that it can have, where both are so."""
    names = [NONE, *levels] if levels else []
    for at, level in enumerate(names):
        for ceiling in names[at:]:
            yield (level, ceiling), pl.col(f"{LEVEL}{level}") & pl.col(f"{CEILING}{ceiling}")


def _expected(levels: Sequence[str]) -> Iterator[tuple[Key, pl.Expr]]:
    for code, expected in enumerate([NONE, *levels]):
        for key, both in _triage(levels):
            yield ("expected", expected, *key), (both & (pl.col(EXPECT) == code)).sum()
