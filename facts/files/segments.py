"""Read case files as segments.

In: names of files and folders, or `-` for JSON lines on standard input, and reading options. Out: the
segments of all files in order, a reject for each unreadable file, and warnings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from facts.case import Read, Unread
from facts.cases.origin import Origin
from facts.files.cases import READERS, STDIN
from facts.files.gathered import Gathered
from facts.paths import find_all, shown, unreadable
from facts.problem import Problem
from facts.tables.csv_file import csv_segments
from facts.tables.frame import DataType
from facts.tables.jsonl_file import jsonl_segments
from facts.tables.parquet_file import Readers, parquet_schema, parquet_segments
from facts.tables.segment import Found, Wanted, whole_file
from facts.trees.lines import Stream

IN_BLOCKS = {
    ".jsonl": jsonl_segments,
    ".ndjson": jsonl_segments,
    ".csv": csv_segments,
    ".tsv": csv_segments,
}
PARQUET = ".parquet"

Opening = Callable[[Path], BinaryIO]


def _opened(path: Path) -> BinaryIO:
    return open(path, "rb")


def segments(
    paths: Iterable[str], wanted: Wanted, stdin: Stream, opened: Opening = _opened
) -> Iterator[Found]:
    """Yield the contents of all files; `opened` opens every file except Parquet. Small files share segments,
    because there may be one file per case.

    Raises only exceptions from `stdin` other than `OSError`.
    """
    gathered = Gathered(wanted)
    readers: Readers = {}
    for path, file, name in _named(paths):
        if isinstance(path, Problem):
            found = path if path.severity == "warning" else whole_file(file, path)
            yield from gathered.share(iter([found]))
        elif path is not None and path.suffix.lower() not in (PARQUET, *IN_BLOCKS):
            yield from gathered.add(_one_by_one(path, file, name, wanted, opened), file)
        elif path is not None:
            yield from gathered.share(_of_file(path, file, name, wanted, opened, readers))
        else:
            yield from gathered.rest()
            yield from _of_stdin(stdin, wanted.origin(file, name), wanted)
    yield from gathered.rest()


def kept_types(paths: Iterable[str], wanted: Wanted) -> dict[str, DataType]:
    """Return the Parquet types of the columns to keep, if all files agree; other columns are absent and
    become text.
    """
    if not wanted.keep:
        return {}
    schemas = [parquet_schema(path, wanted) if isinstance(path, Path) else None for path, *_ in _named(paths)]
    types = {name: {each.get(name) if each else None for each in schemas} for name in wanted.keep}
    return {name: dtype for name, (dtype, *more) in types.items() if dtype is not None and not more}


def _named(paths: Iterable[str]) -> Iterator[tuple[Path | Problem | None, str, str]]:
    """Yield each file, its displayed name, and the prefix of default ids; None means standard input."""
    names: dict[str, str] = {}
    for found in find_all(paths):
        if isinstance(found, Problem):
            yield found, found.span.file, ""
            continue
        file = STDIN if found is None else shown(found)
        name = os.path.basename(file)
        yield found, file, name if names.setdefault(name, file) == file else file


def _one_by_one(path: Path, file: str, name: str, wanted: Wanted, opened: Opening) -> Iterator[Read]:
    try:
        with opened(path) as stream:
            yield from READERS[path.suffix.lower()](stream, wanted.origin(file, name))
    except OSError as error:
        yield Unread([unreadable(file, error)])


def _of_file(
    path: Path, file: str, name: str, wanted: Wanted, opened: Opening, readers: Readers
) -> Iterator[Found]:
    try:
        if path.suffix.lower() == PARQUET:
            yield from parquet_segments(path, file, name, wanted, readers)
        else:
            with opened(path) as stream:
                yield from IN_BLOCKS[path.suffix.lower()](stream, wanted.origin(file, name), wanted)
    except OSError as error:
        yield whole_file(file, unreadable(file, error))


def _of_stdin(stdin: Stream, origin: Origin, wanted: Wanted) -> Iterator[Found]:
    try:
        yield from jsonl_segments(stdin, origin, wanted)
    except OSError as error:
        yield whole_file(origin.file, unreadable(origin.file, error))
