"""Read Parquet files in segments.

In: a Parquet file with a column per question (`facts.tables.canonical`), or with a struct `answers` of them.
Out: segments; row groups of ordinary size are not split. An incomplete file becomes a single reject, and so
does a segment with damaged data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars.selectors import by_name

from facts.other_names.columns import ANSWERS, known_names, unmapped
from facts.parquet.footer import MOST_ITEMS, Damaged, Outline, form_of, outline, read_footer
from facts.paths import folders_of, nothing_in, unreadable
from facts.problem import Problem, Rejected, Span, quote, without_errors
from facts.reject import Reject, rejects_of
from facts.tables.frame_reader import FrameReader
from facts.tables.nested import flat, theirs
from facts.tables.segment import Found, Segment, Table, Wanted, nothing, whole_file

Readers = dict[object, FrameReader]
"""Cached readers, by schema and by the form of the footer."""
FILE = "\0file"
"""The column with the file of each row."""
FEW = 1_000
"""Maximum number of rows in a file whose footer may be larger than its data."""
POLARS_FAILS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


def parquet_segments(
    path: Path, file: str, name: str, wanted: Wanted, readers: Readers | None = None
) -> Iterator[Found]:
    """Yield the segments of a file, or what prevents reading it. `readers` caches the readers of earlier
    files.
    """
    found, readers = Outline(), {} if readers is None else readers
    try:
        with open(path, "rb") as stream:
            if not stream.read(1):
                yield whole_file(file, nothing_in(file))
                return
            found = _outline(stream, path)
        given, scanned, warnings = None, _scan(path), list[Problem]()
        if found.crowded:
            scanned = scanned.drop(map(by_name, _unread(found.crowded, wanted, file)))
            found = replace(found, form=b"")
        if found.form not in readers or folders_of(file):
            _see_once(found.columns, file)
            names = theirs(scanned.collect_schema(), wanted)
            warnings += unmapped([*names, *folders_of(file)], wanted.renaming.columns, Span(file))
            said = wanted.origin(file, name).folders(
                wanted.renaming.columns.get(each, each) for each in names
            )
            with_said = scanned.with_columns(**{each: pl.lit(value) for each, value in said.items()})
            given = flat(with_said, wanted, file)
            schema = given.collect_schema()
            columns = tuple(schema.items())
            reader = readers.setdefault(columns, FrameReader(schema, wanted, file, name))
            reader.problems()
            if found.form and not wanted.renaming and schema == scanned.collect_schema():
                readers[found.form], given = reader, None
        else:
            reader = readers[found.form]
        reader = reader.of_file(file, name)
        warnings = [*without_errors(reader.problems()), *warnings]
    except OSError as error:
        yield whole_file(file, unreadable(path, error))
    except Damaged as error:
        yield whole_file(file, _damaged(file, str(error)))
    except POLARS_FAILS as error:
        yield whole_file(file, _damaged(file, _first_line(error)))
    except Rejected as error:
        yield Reject(file, 0, error.problems, None, max(found.rows, 1), unread=True)
    else:
        yield from warnings
        part = Small(path, reader, found.rows) if given is None else None
        whole = None if found.whole else path
        yield from _segments(scanned if given is None else given, reader, found, wanted.rows, part, whole)


def _outline(stream: BinaryIO, path: Path) -> Outline:
    """Return the outline of an open file. For a file with few rows the footer is not read completely (see
    `facts.parquet.footer`).
    """
    found = outline(read_footer(stream), FEW)
    if found.whole:
        return found
    noted = sorted(pl.read_parquet_metadata(path).items())
    return replace(found, form=form_of(found.form, repr(noted).encode()))


@dataclass(frozen=True, slots=True)
class Small:
    """A file that is one segment, its reader, and its number of rows."""

    path: Path
    reader: FrameReader
    rows: int


def read_together(parts: Sequence[Small]) -> Table | None:
    """Read files with the same columns at once, or return None if a row is invalid or missing, or reading
    fails.
    """
    reader = parts[0].reader
    paths = [part.path for part in parts]
    try:
        scanned = pl.scan_parquet(paths, glob=False, hive_partitioning=False, include_file_paths=FILE)
        given = scanned.select(FILE, *reader.used).collect(engine="streaming")
        if given[FILE].rle().struct.field("len").to_list() != [part.rows for part in parts if part.rows]:
            return None
        files = [(part.reader, range(1, part.rows + 1)) for part in parts]
        frame = reader.usual(given.lazy(), [(each.name, places) for each, places in files], is_bounded=False)
    except (OSError, *POLARS_FAILS):
        return None
    return None if frame is None else Table(frame, parts=[(each.file, places) for each, places in files])


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


def parquet_schema(path: Path, wanted: Wanted) -> pl.Schema | None:
    """Return the columns of a file after renaming, or None if it is not Parquet or cannot be read."""
    if path.suffix.lower() != ".parquet":
        return None
    try:
        return flat(_scan(path), wanted, str(path)).collect_schema()
    except (OSError, Rejected, *POLARS_FAILS):
        return None


def _see_once(columns: Sequence[str], file: str) -> None:
    """Raise `Rejected` if two columns have the same name."""
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        problems = [
            Problem(
                "duplicate-column",
                f"column {quote(name)} appears twice",
                Span(file),
                "remove or rename one of the two",
                subject=name,
            )
            for name in twice
        ]
        raise Rejected(problems)


def _unread(crowded: Iterable[str], wanted: Wanted, file: str) -> list[str]:
    """Return the crowded columns. Raises `Rejected` if one of them has to be read."""
    read = {*known_names(wanted.questions), *wanted.carry, ANSWERS}
    ours = {name: wanted.renaming.columns.get(name, name) for name in sorted(crowded)}
    message = f"has lists with more than {MOST_ITEMS:,} items in a row group"
    help = "remove the column, or write fewer items per row"
    problems = [
        Problem("too-large", f"{quote(name)} {message}", Span(file), help, subject=said)
        for name, said in ours.items()
        if said in read
    ]
    if problems:
        raise Rejected(problems)
    return list(ours)


def _segments(
    given: pl.LazyFrame,
    reader: FrameReader,
    found: Outline,
    most: int,
    part: Small | None,
    unseen: Path | None,
) -> Iterator[Segment]:
    """Yield the segments of a file. `unseen` is its path if the footer must be checked before reading."""
    step = _step(found.group, most)
    for first in range(0, found.rows, step):
        last = min(first + step, found.rows)
        read = partial(_read, given.slice(first, last - first), reader, first, last - first, unseen)
        is_whole = last - first == found.rows
        yield Segment(reader.file, read, last / found.rows, last - first, part=part if is_whole else None)


def _step(group: int, rows: int) -> int:
    """Return the number of rows per segment, such that row groups of usual size stay whole."""
    if group > 2 * rows or not group:
        return rows
    return max(rows // group, 1) * group


def _read(given: pl.LazyFrame, reader: FrameReader, first: int, rows: int, unseen: Path | None) -> Table:
    place = 0 if unseen else first + 1
    try:
        if unseen is not None:
            with open(unseen, "rb") as stream:
                outline(read_footer(stream))
            place = first + 1
        return reader.table(given, first)
    except OSError as error:
        problem = unreadable(reader.file, error)
    except Damaged as error:
        problem = _damaged(reader.file, str(error))
    except POLARS_FAILS as error:
        problem = _damaged(reader.file, _first_line(error))
    reject = Reject(reader.file, place, [problem], None, rows, unread=True)
    return Table(nothing(reader.wanted), rejects_of([reject]))


def _damaged(file: str, why: str) -> Problem:
    message = f"the Parquet file cannot be read: {why}"
    return Problem("parquet-damaged", message, Span(file), "write or copy the file again")


def _first_line(error: BaseException) -> str:
    said = str(error).partition("\n")[0].strip()
    if isinstance(error, pl.exceptions.PanicException) or not said:
        return "its data is damaged"
    return said[0].lower() + said[1:]
