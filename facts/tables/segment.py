"""A file of cases in segments: rows that are read together, and become a canonical frame.

In: what somebody wants of the files. Out: for each segment a table: the frame of the rows that are cases
(`facts.tables.frame`, what is carried along as `#COLUMN`), and the rows that are none. Segments of a file are
the same in every run, can be read one without the other, and together hold every row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import polars as pl

from facts.answer import NONE
from facts.case import Case
from facts.cases.origin import Origin
from facts.other_names.columns import forms_of
from facts.other_names.formerly import as_read
from facts.other_names.notes import once
from facts.other_names.renaming import AS_IT_IS, Renaming
from facts.problem import Problem, Rejected, Span
from facts.reject import Reject, Rejects, group_of, rejects_of
from facts.tables.frame import DataType, frame_of, schema_of
from facts.tables.values import in_our_words
from facts.vocabulary import Questionnaire

ROWS = 524_288
"""Enough rows that what a query costs by itself does not count."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read: answers to these questions, the columns to `keep`, and the level that is expected.

    `kept` has the types of kept columns that are not text. A segment of a Parquet file has about so many
    `rows`. Where somebody `expects` a level, a table has to have its column.
    """

    questions: Questionnaire = field(repr=False)
    keep: tuple[str, ...] = ()
    expect: str = "expect"
    renaming: Renaming = AS_IT_IS
    expects: bool = False
    rows: int = ROWS
    kept: Mapping[str, DataType] = field(default_factory=dict)

    @property
    def carry(self) -> tuple[str, ...]:
        """The columns that belong to no question."""
        return tuple(dict.fromkeys([*self.keep, self.expect]))

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a table has to have."""
        return (*self.keep, *([self.expect] if self.expects else []))

    def origin(self, file: str, name: str) -> Origin:
        """A file whose rows are read one by one."""
        return Origin(file, name, self.questions, self.carry, self.renaming)

    def dtype(self, column: str) -> DataType:
        """The type of a column that is carried along."""
        return self.kept.get(column, pl.String) if column in self.keep else pl.String

    @property
    def schema(self) -> dict[str, DataType]:
        """The columns of a table's frame."""
        return schema_of(self.questions) | {carried(name): self.dtype(name) for name in self.carry}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a segment: those that are cases as a frame, in order, and those that are none.

    `first` is the place of its first row, where each row has a line of its own; else 0. `blank` has the
    places of rows in which every cell is empty: they are left out. `parts` are the files that share it,
    where there are several, each with the places of its rows of the frame. `notes` are warnings that come
    with cases (`facts.other_names.notes`).
    """

    frame: pl.DataFrame
    rejects: Rejects = field(default_factory=Rejects)
    first: int = 0
    blank: Sequence[int] = ()
    parts: Sequence[tuple[str, Sequence[int]]] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows were read, blank ones left out."""
        return self.frame.height + self.rejects.rows

    def places(self, rows: Sequence[int]) -> list[int]:
        """The places of rows of the frame, 0 where they are not known."""
        if not self.first:
            return [0] * len(rows)
        skipped, end = {*self.rejects.places, *self.blank}, self.first + self.rows + len(self.blank)
        there = [at for at in range(self.first, end) if at not in skipped]
        return [there[row] for row in rows]

    def where(self, rows: Sequence[int], file: str) -> list[tuple[str, int]]:
        """The file and the place of rows of the frame, `file` if no others share it."""
        if not self.parts:
            return [(file, place) for place in self.places(rows)]
        there = [(name, place) for name, places in self.parts for place in places]
        return [there[row] for row in rows]

    def without(self, rows: Sequence[int], rejects: Callable[[], Iterator[Reject]]) -> Table:
        """The table without these rows of the frame, which are rejects."""
        kept = pl.Series([True]).new_from_index(0, self.frame.height).scatter(list(rows), False)
        places = [*self.rejects.places, *self.places(rows)]
        both = Rejects(
            self.rejects.rows + len(rows),
            places,
            lambda: chain(self.rejects.groups(), map(group_of, rejects())),
        )
        return replace(self, frame=self.frame.filter(kept), rejects=both)


class RowsLost(Rejected):
    """Fewer rows were read than a file has, or more: nothing that was made of it can be used."""

    def __init__(self, file: str, held: int, read: int) -> None:
        message = f"the file has {held:,} rows where {read:,} were read"
        help = "write or copy the file again; if that changes nothing, please report it"
        super().__init__([Problem("rows-lost", message, Span(file), help)])


@dataclass(frozen=True, slots=True)
class Segment:
    """Some rows of a file; `share` says how much of the file ends with them, from 0 to 1, 0 if unknown.

    `rows` is how many the file itself says or shows that there are, counted apart from the reading, None
    where that cannot be told. Small files share a segment: `file` is the last of these `files`. A segment of
    a few lines has `cases`, which are made with less ado than its table; None for a row that says nothing.
    A file that is one segment may be a `part` of what is read together.
    """

    file: str
    table: Callable[[], Table]
    share: float = 0
    rows: int | None = None
    files: tuple[str, ...] = ()
    cases: Callable[[], list[Case | Reject | None]] | None = None
    part: object = None

    def read(self) -> Table:
        """The rows. Raises `RowsLost` where they are not as many as there should be."""
        table = self.table()
        read = table.rows + len(table.blank)
        if self.rows is not None and read != self.rows:
            raise RowsLost(self.file, self.rows, read)
        return table


Found = Segment | Reject | Problem
"""A segment, what cannot be read at all, or a warning."""


def together(tables: Sequence[Table], parts: Sequence[tuple[str, Sequence[int]]], blank: int = 0) -> Table:
    """The tables of several files as one, with `blank` empty rows added."""
    rows = sum(table.rejects.rows for table in tables)
    rejects = Rejects(rows, (), lambda: chain(*(table.rejects.groups() for table in tables)))
    lines = [*([0] * blank), *(line for table in tables for line in table.blank)]
    notes = once(note for table in tables for note in table.notes)
    return Table(pl.concat([table.frame for table in tables]), rejects, blank=lines, parts=parts, notes=notes)


def carried(column: str) -> str:
    """The name in a frame of a column that is carried along."""
    return f"#{column}"


def nothing(wanted: Wanted) -> pl.DataFrame:
    """A table's frame without rows."""
    return pl.DataFrame(schema=wanted.schema)


def table_of(reads: Iterable[Case | Reject], wanted: Wanted) -> Table:
    """The table of cases that were read one by one."""
    found = list(reads)
    cases = [each for each in found if isinstance(each, Case)]
    frame = frame_of(cases, wanted.questions)
    along = [_carried(cases, column, wanted) for column in wanted.carry]
    rejects = rejects_of([each for each in found if isinstance(each, Reject)])
    notes = once(note for case in cases for note in case.notes)
    return Table(frame.with_columns(along), rejects, notes=notes)


def _carried(cases: Sequence[Case], column: str, wanted: Wanted) -> pl.Series:
    said = [_said_in(case, column, wanted) for case in cases]
    series: pl.Series = pl.Series(carried(column), said, dtype=pl.String)
    return series if column not in wanted.kept else series.cast(wanted.kept[column], strict=False)


def _said_in(case: Case, column: str, wanted: Wanted) -> str | None:
    value = case.carried.get(column)
    is_expectation = column == wanted.expect and (value is None or isinstance(value, dict))
    return _expected(case) if is_expectation else _text(value)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    return json.dumps(value, ensure_ascii=False)


def _expected(case: Case) -> str | None:
    """The level that an example expects, in words; None where it says nothing of it."""
    triage = case.expect.get("triage")
    said = triage.get("level", ...) if isinstance(triage, dict) else triage or ...
    return NONE if said is None else said if isinstance(said, str) else None


def renamed(frame: pl.LazyFrame, wanted: Wanted) -> pl.LazyFrame:
    """A user's frame with our names of columns and values."""
    if not wanted.renaming:
        return frame
    frame = frame.rename(wanted.renaming.columns, strict=False)
    schema, asked = frame.collect_schema(), as_read(wanted.questions)
    return frame.with_columns(
        in_our_words(pl.col(column), schema[column], asked[name], ours)
        for name, ours in wanted.renaming.values.items()
        if name in asked
        for column in forms_of(asked[name])
        if column in schema
    )


def whole_file(file: str, problem: Problem, rows: int = 1) -> Reject:
    """The reject of a file that cannot be read at all."""
    return Reject(file, 0, [problem], None, rows, unread=True)
