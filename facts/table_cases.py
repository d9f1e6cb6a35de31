"""Cases that are read one by one, in segments of some thousand; the rows of Parquet files as single cases.

In: what a reader gives, or a Parquet file. Out: segments, or cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from facts.case import Case, Read
from facts.origin import Origin
from facts.problem import Problem
from facts.reject import Reject, reject_of
from facts.table_layout import cases_of
from facts.table_parquet import parquet_segments
from facts.table_segment import Found, Segment, Wanted, table_of

MANY = 5_000


def case_segments(reads: Iterator[Read], wanted: Wanted, file: str) -> Iterator[Found]:
    """Segments of cases as they are read; warnings by themselves."""
    while chunk := list(islice(reads, MANY)):
        found: list[Case | Reject] = []
        for read in chunk:
            if isinstance(read, Case):
                found.append(read)
            elif any(problem.severity == "error" for problem in read):
                found.append(reject_of(file, read))
            else:
                yield from read
        if found:
            yield Segment(file, partial(table_of, found, wanted))


def read_parquet(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """The rows of an open Parquet file as cases, or what is wrong with them."""
    wanted = Wanted(origin.questions, tuple(origin.carry), renaming=origin.renaming)
    for found in parquet_segments(Path(stream.name), origin.file, origin.name, wanted):
        match found:
            case Segment():
                table = found.read()
                yield from cases_of(table.frame, origin.questions)
                yield from (list(reject.problems) for reject in table.rejects)
            case Reject():
                yield list(found.problems)
            case Problem():
                yield [found]
