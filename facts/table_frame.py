"""A user's frame to a table: the rows that are cases in the canonical form, and those that are none.

In: a frame with a column a question (`facts.table.canonical`), in whatever form people have it. Text is read
fast where it is as usual; where anything is not, the rows are read again with care. A row in which something
is wrong comes back whole, with all that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from facts.columns import known_names, missing_columns, strange_columns, without_column
from facts.problem import Problem, Span
from facts.reject import Reject
from facts.table import Columns, read_columns
from facts.table_layout import flag_of
from facts.table_problems import PLACE, row_problems
from facts.table_segment import Table, Wanted, carried

BAD = "#bad"


@dataclass(frozen=True)
class FrameReader:
    """Reads frames with these columns, in our names; `name` is what rows without an id are called after.

    A row in which the column `never` says anything cannot be read.
    """

    schema: pl.Schema
    wanted: Wanted
    file: str
    name: str
    never: str = ""

    @cached_property
    def quick(self) -> Columns:
        """How the columns are read where all is as usual."""
        return self._columns(quick=True)

    @cached_property
    def careful(self) -> Columns:
        """How the columns are read where something is not."""
        return self._columns(quick=False)

    def _columns(self, quick: bool) -> Columns:
        others = [name for name in self.schema if name not in self._known]
        return read_columns(self.schema, self.wanted.questions, others, quick)

    @cached_property
    def _known(self) -> list[str]:
        questions = self.wanted.questions
        return [*known_names(questions), *(flag_of(question) for question in questions.values())]

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the columns; warnings where one is left out, or missing."""
        names, place = self.schema.names(), Span(self.file)
        yield from self.quick.problems
        yield from strange_columns(names, [*self._known, *self.wanted.carry], lambda index: place)
        yield from missing_columns(names, self.wanted.needed, place)
        yield from without_column(names, self.wanted.questions, place)

    def table(self, given: pl.LazyFrame, first: int) -> Table:
        """The table of rows that follow `first` others. Raises what Polars raises where it cannot read."""
        read = self._canonical(given, self.quick).collect(engine="streaming")
        if not read[BAD].any():
            return Table(self._named(read, first).drop(BAD), first=first + 1)
        doubtful = given.with_row_index(PLACE, offset=first + 1).collect().filter(read[BAD])
        read = self._named(read, first).with_row_index(PLACE, offset=first + 1).filter(~pl.col(BAD))
        again = self._canonical(doubtful.lazy(), self.careful).collect().insert_column(0, doubtful[PLACE])
        again = again.with_columns(_name(self.name, pl.col(PLACE)))
        table = pl.concat([read, again.filter(~pl.col(BAD))]).sort(PLACE).drop(PLACE, BAD)
        return Table(table, tuple(self._rejects(doubtful.filter(again[BAD]))), first + 1)

    def _canonical(self, given: pl.LazyFrame, columns: Columns) -> pl.LazyFrame:
        along = [
            (pl.col(name) if name in self.schema else pl.lit(None))
            .cast(self.wanted.dtype(name), strict=False)
            .alias(carried(name))
            for name in self.wanted.carry
        ]
        bad = columns.bad | pl.col(self.never).is_not_null() if self.never else columns.bad
        return given.select(columns.id, *columns.values, *along, bad.alias(BAD))

    def _named(self, read: pl.DataFrame, first: int) -> pl.DataFrame:
        """Rows without an id are called after the file and their place."""
        if not read["id"].null_count():
            return read
        return read.with_columns(_name(self.name, pl.int_range(first + 1, first + 1 + pl.len())))

    def _rejects(self, bad: pl.DataFrame) -> Iterator[Reject]:
        problems = row_problems(bad, self.careful.checks, self.file) if bad.height else {}
        for row in bad.iter_rows(named=True):
            place = row.pop(PLACE)
            content: Mapping[str, object] = {name: said for name, said in row.items() if said is not None}
            yield Reject(self.file, place, problems[place] or [_unread(place, self.file)], content)


def _name(file: str, place: pl.Expr) -> pl.Expr:
    return pl.col("id").fill_null(pl.format("{}:{}", pl.lit(file), place))


def _unread(place: int, file: str) -> Problem:
    return Problem("unreadable", "the row cannot be read as it is", Span(file, place), "write it anew")
