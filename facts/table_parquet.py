"""Parquet files in segments.

In: a Parquet file with a column a question (`facts.table.canonical`). Out: segments of whole row groups where
these are of a usual size. A file that is not whole is one reject; so are the rows of a segment whose data is
damaged, all together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from facts.case_paths import unreadable
from facts.columns import unmapped
from facts.parquet_footer import Damaged, read_footer, rows_of_a_group
from facts.problem import Problem, Span
from facts.reject import Reject, rejects_of
from facts.table_frame import FrameReader
from facts.table_segment import Found, Segment, Table, Wanted, nothing, renamed, whole_file

POLARS_FAILS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


def parquet_segments(path: Path, file: str, name: str, wanted: Wanted) -> Iterator[Found]:
    """The segments of a file, or what keeps it from being read."""
    try:
        with open(path, "rb") as stream:
            step = _step(rows_of_a_group(read_footer(stream)), wanted.rows)
        given = pl.scan_parquet(path, glob=False)
        names = given.collect_schema().names()
        if twice := wanted.renaming.twice(names):
            yield whole_file(file, replace(twice, span=Span(file)))
            return
        given = renamed(given, wanted)
        reader = FrameReader(given.collect_schema(), wanted, file, name)
        rows = int(given.select(pl.len()).collect().item())
        lacking = unmapped(names, wanted.renaming.columns, Span(file))
        problems = [*reader.problems(), *lacking]
    except OSError as error:
        yield whole_file(file, unreadable(path, error))
    except Damaged as error:
        yield whole_file(file, _damaged(file, str(error)))
    except POLARS_FAILS as error:
        yield whole_file(file, _damaged(file, _first_line(error)))
    else:
        yield from _segments(given, reader, rows, step, problems)


def parquet_schema(path: Path, wanted: Wanted) -> pl.Schema | None:
    """The columns of a file in our names; None where it is none, or cannot be read."""
    if path.suffix.lower() != ".parquet":
        return None
    try:
        return renamed(pl.scan_parquet(path, glob=False), wanted).collect_schema()
    except (OSError, *POLARS_FAILS):
        return None


def _segments(
    given: pl.LazyFrame, reader: FrameReader, rows: int, step: int, problems: list[Problem]
) -> Iterator[Found]:
    errors = [problem for problem in problems if problem.severity == "error"]
    yield from (problem for problem in problems if problem.severity == "warning")
    if errors:
        yield Reject(reader.file, 0, errors, None, max(rows, 1))
        return
    if not rows:
        help = "write at least one case"
        yield whole_file(
            reader.file, Problem("empty-file", "the file holds no case", Span(reader.file), help)
        )
    for first in range(0, rows, step):
        last = min(first + step, rows)
        yield Segment(reader.file, partial(_read, given, reader, first, last), last / rows)


def _step(group: int, rows: int) -> int:
    """How many rows a segment has, so that row groups of the usual sizes stay whole."""
    if group > 2 * rows or not group:
        return rows
    return max(rows // group, 1) * group


def _read(given: pl.LazyFrame, reader: FrameReader, first: int, last: int) -> Table:
    try:
        return reader.table(given.slice(first, last - first), first)
    except POLARS_FAILS as error:
        reject = Reject(
            reader.file, first + 1, [_damaged(reader.file, _first_line(error))], None, last - first
        )
        return Table(nothing(reader.wanted), rejects_of([reject]))


def _damaged(file: str, why: str) -> Problem:
    message = f"the Parquet file cannot be read: {why}"
    return Problem("parquet-damaged", message, Span(file), "write or copy the file again")


def _first_line(error: BaseException) -> str:
    said = str(error).partition("\n")[0].strip()
    if isinstance(error, pl.exceptions.PanicException) or not said:
        return "its data is damaged"
    return said[0].lower() + said[1:]
