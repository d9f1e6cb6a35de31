"""Segments of case files: rows that are read together into one canonical frame.

In: reading options. Out: for each segment a table of valid rows (`facts.tables.frame`, with carried columns
as `#COLUMN`) and rejects. The segments of a file are the same in every run, can be read independently, and
together contain every row.
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
"""Number of rows per segment, large enough that the fixed cost of a query does not matter."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Reading options: the questions, the columns to `keep`, and the column of the expected level (`expect`).

    `kept` has the types of kept columns that are not text. `rows` is the approximate number of rows in a
    Parquet segment. If `expects` is true, a table must have the column `expect`.
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
        """The columns carried along with the answers: the kept ones and the expected level."""
        return tuple(dict.fromkeys([*self.keep, self.expect]))

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a table must have."""
        return (*self.keep, *([self.expect] if self.expects else []))

    def origin(self, file: str, name: str) -> Origin:
        """Return the origin of cases read one by one from a file."""
        return Origin(file, name, self.questions, self.carry, self.renaming)

    def dtype(self, column: str) -> DataType:
        """Return the type of a carried column."""
        return self.kept.get(column, pl.String) if column in self.keep else pl.String

    @property
    def schema(self) -> dict[str, DataType]:
        """The columns of a table's frame."""
        return schema_of(self.questions) | {carried(name): self.dtype(name) for name in self.carry}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a segment: the valid ones as a frame, in order, and the rejects.

    `first` is the place of the first row if every row has one line of its own, else 0. `blank` has the places
    of rows with only empty cells, which are ignored. `parts` are the files that share the segment, if there
    are several, each with the places of its rows in the frame. `notes` are warnings that come with cases
    (`facts.other_names.notes`).
    """

    frame: pl.DataFrame
    rejects: Rejects = field(default_factory=Rejects)
    first: int = 0
    blank: Sequence[int] = ()
    parts: Sequence[tuple[str, Sequence[int]]] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows read, without blank ones."""
        return self.frame.height + self.rejects.rows

    def places(self, rows: Sequence[int]) -> list[int]:
        """Return the places of rows of the frame, 0 if unknown."""
        if not self.first:
            return [0] * len(rows)
        skipped, end = {*self.rejects.places, *self.blank}, self.first + self.rows + len(self.blank)
        there = [at for at in range(self.first, end) if at not in skipped]
        return [there[row] for row in rows]

    def where(self, rows: Sequence[int], file: str) -> list[tuple[str, int]]:
        """Return the file and place of rows of the frame; `file` is used unless several files share the
        segment.
        """
        if not self.parts:
            return [(file, place) for place in self.places(rows)]
        there = [(name, place) for name, places in self.parts for place in places]
        return [there[row] for row in rows]

    def without(self, rows: Sequence[int], rejects: Callable[[], Iterator[Reject]]) -> Table:
        """Return the table with these rows of the frame turned into rejects."""
        kept = pl.Series([True]).new_from_index(0, self.frame.height).scatter(list(rows), False)
        places = [*self.rejects.places, *self.places(rows)]
        both = Rejects(
            self.rejects.rows + len(rows),
            places,
            lambda: chain(self.rejects.groups(), map(group_of, rejects())),
        )
        return replace(self, frame=self.frame.filter(kept), rejects=both)


class RowsLost(Rejected):
    """Raised if the number of rows read differs from the number in the file; the results must not be used."""

    def __init__(self, file: str, held: int, read: int) -> None:
        message = f"the file has {held:,} rows, but {read:,} were read"
        help = "write or copy the file again; if this does not help, please report the problem"
        super().__init__([Problem("rows-lost", message, Span(file), help)])


@dataclass(frozen=True, slots=True)
class Segment:
    """Some rows of a file; `share` is the share of the file up to their end, from 0 to 1, 0 if unknown.

    `rows` is the number of rows determined independently of reading them, or None if unknown. If small files
    share the segment, `files` lists them and `file` is the last one. `cases` is set for a segment of a few
    lines, whose cases are made faster than its table; its result contains None for each blank row. `part` is
    set if the whole file is one segment that can be read together with other files.
    """

    file: str
    table: Callable[[], Table]
    share: float = 0
    rows: int | None = None
    files: tuple[str, ...] = ()
    cases: Callable[[], list[Case | Reject | None]] | None = None
    part: object = None

    def read(self) -> Table:
        """Return the table. Raises `RowsLost` if the number of rows is wrong."""
        table = self.table()
        read = table.rows + len(table.blank)
        if self.rows is not None and read != self.rows:
            raise RowsLost(self.file, self.rows, read)
        return table


Found = Segment | Reject | Problem
"""A segment, a reject of what cannot be read at all, or a warning."""


def together(tables: Sequence[Table], parts: Sequence[tuple[str, Sequence[int]]], blank: int = 0) -> Table:
    """Combine the tables of several files. `blank` is the number of further blank rows to record."""
    rows = sum(table.rejects.rows for table in tables)
    rejects = Rejects(rows, (), lambda: chain(*(table.rejects.groups() for table in tables)))
    lines = [*([0] * blank), *(line for table in tables for line in table.blank)]
    notes = once(note for table in tables for note in table.notes)
    return Table(pl.concat([table.frame for table in tables]), rejects, blank=lines, parts=parts, notes=notes)


def carried(column: str) -> str:
    """Return the name of a carried column in a table's frame."""
    return f"#{column}"


def nothing(wanted: Wanted) -> pl.DataFrame:
    """Return an empty frame for a table."""
    return pl.DataFrame(schema=wanted.schema)


def table_of(reads: Iterable[Case | Reject], wanted: Wanted) -> Table:
    """Return the table of cases read one by one."""
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
    if column == wanted.expect and (value is None or isinstance(value, dict)):
        return _expected(case)
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    return json.dumps(value, ensure_ascii=False)


def _expected(case: Case) -> str | None:
    """Return the level that an example expects, `none` if it expects no level, None if it does not say."""
    triage = case.expect.get("triage")
    said = triage.get("level", ...) if isinstance(triage, dict) else triage or ...
    return NONE if said is None else said if isinstance(said, str) else None


def renamed(frame: pl.LazyFrame, wanted: Wanted) -> pl.LazyFrame:
    """Apply the renaming to the names and values of a user's frame."""
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
    """Return the reject of a file that cannot be read at all."""
    return Reject(file, 0, [problem], None, rows, unread=True)
