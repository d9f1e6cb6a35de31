"""How parts stand together in many cases: each pattern of their truths, how often it is there, where first.

In: a canonical frame, and groups of parts. Out: the patterns of each group. What is made of these parts
need then be looked at once a pattern, however many cases there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from engine.columns.steps import applied
from engine.columns.truth import strata
from engine.meaning.holds import Truth
from engine.meaning.network import network
from engine.meaning.valuation import Prepared
from engine.model.parts import Part

Pattern = tuple[Truth, ...]


def patterns(
    prepared: Prepared, frame: pl.DataFrame, groups: Sequence[Sequence[Part]]
) -> Iterator[list[tuple[Pattern, int, str]]]:
    """For each group the patterns of its parts in the order of the rows: truths, rows, id of the first."""
    names: dict[Part, str] = {}
    for part in (part for group in groups for part in group):
        names.setdefault(part, f"leaf:{len(names)}")
    named = {**prepared.definitions, **{name: part for part, name in names.items()}}
    steps = list(strata(network(prepared.kb, named, names.values()), prepared.kb.questions))
    truths = applied(frame.lazy(), steps).select("id", *names.values()).collect()
    for group in groups:
        yield list(_grouped(truths, [names[part] for part in group]))


def _grouped(truths: pl.DataFrame, names: list[str]) -> Iterator[tuple[Pattern, int, str]]:
    if not names:
        yield (), truths.height, truths["id"][0]
        return
    columns = [pl.col(name).alias(str(at)) for at, name in enumerate(names)]
    grouped = truths.select("id", *columns).group_by(
        [str(at) for at in range(len(names))], maintain_order=True
    )
    for *pattern, rows, first in grouped.agg(pl.len().alias("rows"), pl.first("id")).iter_rows():
        yield tuple(pattern), rows, first
