"""A user's frame to a table: the rows that are cases in the canonical form, and those that are none.

In: a frame with a column a question (`facts.table.canonical`), in whatever form people have it. Text is read
fast where it is as usual; where anything is not, the rows are read again with care. A row in which something
is wrong comes back whole, with all that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import polars as pl

from facts.columns import known_names, missing_columns, strange_columns, without_column
from facts.problem import Problem, Span
from facts.reject import Reject, Rejects
from facts.table import Columns, read_columns
from facts.table_layout import flag_of
from facts.table_problems import PLACE, row_problems
from facts.table_segment import Table, Wanted, carried

TOGETHER = 8_192
"""So many rows that are no cases are looked at together."""
BAD = "\0bad"


@dataclass(frozen=True)
class FrameReader:
    """Reads frames with these columns, in our names; `name` is what rows without an id are called after.

    A row in which the column `never` says anything cannot be read; where there is such a column, somebody
    else takes care.
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
        return read_columns(self.schema, self.wanted.questions, others, quick, bool(self.never))

    @cached_property
    def _known(self) -> list[str]:
        questions = self.wanted.questions
        return [*known_names(questions), *(flag_of(question) for question in questions.values())]

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the columns; warnings where one is left out, or missing."""
        names, place = self.schema.names(), Span(self.file)
        yield from (replace(problem, span=place) for problem in self.quick.problems)
        missing = list(missing_columns(names, self.wanted.needed, place))
        known = [*self._known, *self.wanted.carry]
        yield from missing or strange_columns(names, known, lambda index: place)
        yield from without_column(names, self.wanted.questions, place)

    def table(self, given: pl.LazyFrame, first: int) -> Table:
        """The table of rows that follow `first` others. Raises what Polars raises where it cannot read."""
        fine, bad = self.sorted_out(given, first)
        return Table(
            fine.drop(PLACE), Rejects(bad.height, bad[PLACE], partial(self._rejects, bad)), first + 1
        )

    def sorted_out(self, given: pl.LazyFrame, first: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows that are cases, in the canonical form, and the others as they are, with their places."""
        read = self._canonical(given, self.quick).collect(engine="streaming")
        read = self._named(read, first).with_row_index(PLACE, offset=first + 1)
        if not read[BAD].any():
            return read.drop(BAD), pl.DataFrame(schema={PLACE: read.schema[PLACE]})
        fine = read.filter(~pl.col(BAD)).drop(BAD)
        doubtful = given.with_row_index(PLACE, offset=first + 1).collect().filter(read[BAD])
        if self.never:
            return fine, doubtful
        again = self._canonical(doubtful.lazy(), self.careful).collect().insert_column(0, doubtful[PLACE])
        mended = again.filter(~pl.col(BAD)).drop(BAD).with_columns(_name(self.name, pl.col(PLACE)))
        return pl.concat([fine, mended]).sort(PLACE), doubtful.filter(again[BAD])

    def _canonical(self, given: pl.LazyFrame, columns: Columns) -> pl.LazyFrame:
        along = [self._carried(name).alias(carried(name)) for name in self.wanted.carry]
        bad = columns.bad | pl.col(self.never).is_not_null() if self.never else columns.bad
        return given.select(columns.id, *columns.values, *along, bad.alias(BAD))

    def _carried(self, name: str) -> pl.Expr:
        """A column that is carried along: as it is, or text without blanks around it."""
        column = pl.col(name) if name in self.schema else pl.lit(None)
        value = column.cast(self.wanted.dtype(name), strict=False)
        if name in self.wanted.kept:
            return value
        text = value.str.strip_chars()
        return pl.when(text != "").then(text)

    def _named(self, read: pl.DataFrame, first: int) -> pl.DataFrame:
        """Rows without an id are called after the file and their place."""
        if not read["id"].null_count():
            return read
        return read.with_columns(_name(self.name, pl.int_range(first + 1, first + 1 + pl.len())))

    def _rejects(self, bad: pl.DataFrame) -> Iterator[Reject]:
        for rows in bad.iter_slices(TOGETHER):
            problems = row_problems(rows, self.careful.checks, self.file)
            for row in rows.iter_rows(named=True):
                place = row.pop(PLACE)
                content = {name: said for name, said in row.items() if said is not None}
                yield Reject(self.file, place, problems[place], content)


def _name(file: str, place: pl.Expr) -> pl.Expr:
    return pl.col("id").fill_null(pl.format("{}:{}", pl.lit(file), place))
