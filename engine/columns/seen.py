"""The truth of every name in many cases, queried by name.

In: the truth columns of the cases. Out: whether a name was ever true or false, in which rows, and its truth
in one row. The columns are kept as they are, so that many names and cases need little memory. Combinations of
parts are reported as patterns of truth values, with how often each occurs and where first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

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
    """For each group of parts, its patterns in order of first occurrence: truths, number of rows, id of the
    first.
    """
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


class Seen:
    """The truth of names in the rows of a frame."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __getitem__(self, name: str) -> Sequence[bool | None]:
        """The truth of a name, row by row."""
        return self.frame[name].to_list()

    def ever(self, name: str, truth: bool) -> bool:
        """Whether a name has this truth in any row."""
        return bool(self._ever[truth][name])

    def rows(self, name: str, truth: bool) -> list[int]:
        """The rows, from 0, in which a name has this truth."""
        column = self.frame[name] if truth else ~self.frame[name]
        return column.fill_null(False).arg_true().to_list()

    def at(self, name: str, row: int) -> bool | None:
        """The truth of a name in one row, counted from 0."""
        found: bool | None = self.frame[name][row]
        return found

    @cached_property
    def _ever(self) -> dict[bool, dict[str, bool]]:
        if not self.frame.height:
            none = dict.fromkeys(self.frame.columns, False)
            return {True: none, False: none}
        true = self.frame.select(pl.all().fill_null(False).any())
        false = self.frame.select((~pl.all()).fill_null(False).any())
        return {True: true.row(0, named=True), False: false.row(0, named=True)}
