"""Cases that are read one by one, in segments of some thousand; the rows of Parquet files as single cases.

In: what readers give, file by file, or a Parquet file. Out: segments, or cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from facts.case import Case, Read, Unread
from facts.origin import Origin
from facts.problem import Problem
from facts.reject import Reject, reject_of
from facts.table_layout import cases_of
from facts.table_parquet import parquet_segments
from facts.table_segment import Found, RowsLost, Segment, Wanted, table_of
from facts.vocabulary import Questionnaire

MANY = 5_000


@dataclass
class Gathered:
    """Cases of one file after the other, until there are enough for a segment."""

    wanted: Wanted
    found: list[Case | Reject] = field(default_factory=list)
    file: str = ""

    def add(self, reads: Iterator[Read], file: str) -> Iterator[Found]:
        """What a file holds: warnings, and segments as they are full."""
        self.file = file
        for read in reads:
            if isinstance(read, Case):
                self.found.append(read)
            elif any(problem.severity == "error" for problem in read):
                self.found.append(reject_of(file, read, isinstance(read, Unread)))
            else:
                yield from read
                continue
            if len(self.found) == MANY:
                yield from self.rest()

    def rest(self) -> Iterator[Segment]:
        """What there is so far."""
        if self.found:
            yield Segment(self.file, partial(table_of, self.found, self.wanted), 1)
            self.found = []


def read_parquet(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """The rows of an open Parquet file as cases, or what is wrong with them."""
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
    yield from (list(reject.problems) for reject in table.rejects)
