"""Combine small files into shared segments, and read Parquet rows as single cases.

In: the results of the readers, file by file, or a Parquet file. Out: segments, or cases. Processing a segment
of one row costs as much as one of thousands, and there may be one file per day and site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from facts.case import Case, NoCase, Read, Unread
from facts.cases.origin import Origin
from facts.problem import Problem
from facts.reject import Reject, reject_of
from facts.tables.frame import cases_of
from facts.tables.parquet_file import Small, parquet_segments, read_together
from facts.tables.segment import Found, RowsLost, Segment, Table, Wanted, table_of, together
from facts.tables.text_reader import UsualLines, lines_together
from facts.vocabulary import Questionnaire

MANY = 5_000
"""Number of rows after which a shared segment is complete."""
FEW = 1_000
"""Maximum number of rows in a file that shares a segment with others."""
A_FILE = 20
"""Minimum weight of a file, in rows, so that many tiny files are split into segments that run in parallel."""


@dataclass
class Gathered:
    """The contents of small files, collected until there is enough for a segment."""

    wanted: Wanted
    parts: list[tuple[str, Segment | list[Case | Reject]]] = field(default_factory=list)
    weight: int = 0

    def add(self, reads: Iterator[Read], file: str) -> Iterator[Found]:
        """Add cases read one by one; yield warnings, and segments as they fill up."""
        for read in reads:
            if isinstance(read, Case):
                self._put(file, read)
            elif any(problem.severity == "error" for problem in read):
                content = read.text if isinstance(read, NoCase) else None
                self._put(file, reject_of(file, read, isinstance(read, Unread), content))
            else:
                yield from read
                continue
            if self.weight >= MANY:
                yield from self.rest()

    def share(self, found: Iterator[Found]) -> Iterator[Found]:
        """Add the contents of a columnar file. If it is a single small segment, it shares one with other
        files; otherwise its segments are yielded in order.
        """
        only: Segment | None = None
        is_first = True
        for each in found:
            if isinstance(each, Problem):
                yield each
            elif isinstance(each, Reject):
                self._put(each.file, each)
            elif is_first:
                only, is_first = each, False
            else:
                yield from self.rest()
                yield from [only, each] if only else [each]
                only = None
        if only and only.rows is not None and only.rows <= FEW:
            self.parts.append((only.file, only))
            self.weight += max(only.rows, A_FILE)
        elif only:
            yield from self.rest()
            yield only
        if self.weight >= MANY:
            yield from self.rest()

    def rest(self) -> Iterator[Segment]:
        """Yield what has been collected so far as a segment."""
        if self.parts:
            files = tuple(dict.fromkeys(file for file, _ in self.parts))
            yield Segment(files[-1], partial(_together, self.parts, self.wanted), 1, files=files)
            self.parts, self.weight = [], 0

    def _put(self, file: str, read: Case | Reject) -> None:
        if not self.parts or self.parts[-1][0] != file or isinstance(self.parts[-1][1], Segment):
            self.parts.append((file, []))
        last = self.parts[-1][1]
        assert isinstance(last, list)
        last.append(read)
        self.weight += 1


def _together(found: Sequence[tuple[str, Segment | list[Case | Reject]]], wanted: Wanted) -> Table:
    """Build one table from several files; cases read one by one are converted to columns together."""
    if len(found) == 1 and isinstance(found[0][1], Segment):
        return found[0][1].read()
    tables: list[Table] = []
    cases: list[Case | Reject] = []
    parts: list[tuple[str, Sequence[int]]] = []
    blank = 0
    for file, each in _joined(found):
        if isinstance(each, Table):
            tables += [table_of(cases, wanted)] if cases else []
            tables.append(each)
            parts += each.parts
            cases = []
            continue
        some = each if isinstance(each, list) else each.cases() if each.cases else None
        if some is None and isinstance(each, Segment):
            tables += [table_of(cases, wanted)] if cases else []
            tables.append(each.read())
            parts.append((file, tables[-1].places(range(tables[-1].frame.height))))
            cases = []
        elif some is not None:
            cases += (case for case in some if case is not None)
            blank += sum(case is None for case in some)
            parts.append((file, [case.span.line for case in some if isinstance(case, Case)]))
    tables += [table_of(cases, wanted)] if cases or not tables else []
    return together(tables, parts, blank)


def _joined(
    found: Sequence[tuple[str, Segment | list[Case | Reject]]],
) -> Iterator[tuple[str, Segment | list[Case | Reject] | Table]]:
    """Replace adjacent files that can be read at once by their common table."""
    for form, group in groupby(found, lambda each: _form(each[1])):
        some = list(group)
        table = _at_once([each for _, each in some]) if form is not None and len(some) > 1 else None
        yield from some if table is None else [(some[0][0], table)]


def _form(found: Segment | list[Case | Reject]) -> object:
    """Return a key that is equal for files that can be read at once, or None."""
    match found.part if isinstance(found, Segment) else None:
        case Small(reader=reader):
            return id(reader.schema)
        case UsualLines(reader=reader):
            return reader.form
        case _:
            return None


def _at_once(found: Sequence[Segment | list[Case | Reject]]) -> Table | None:
    parts = [each.part for each in found if isinstance(each, Segment)]
    lines = [part for part in parts if isinstance(part, UsualLines)]
    files = [part for part in parts if isinstance(part, Small)]
    return lines_together(lines) if lines else read_together(files)


def read_parquet(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """Yield the rows of an open Parquet file as cases or problems."""
    wanted = Wanted(origin.questions, renaming=origin.renaming)
    for found in parquet_segments(Path(stream.name), origin.file, origin.name, wanted):
        match found:
            case Segment():
                yield from _rows_of(found, origin.questions)
            case Reject():
                yield list(found.problems)
            case Problem():
                yield [found]


def _rows_of(segment: Segment, questions: Questionnaire) -> Iterator[Read]:
    try:
        table = segment.read()
    except RowsLost as error:
        yield list(error.problems)
        return
    yield from cases_of(table.frame, questions)
    yield from ([note] for note in table.notes)
    yield from (list(reject.problems) for reject in table.rejects)
