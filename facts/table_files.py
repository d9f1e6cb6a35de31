"""Files of cases to segments, one file after the other.

In: names of files and folders, or `-` for JSON lines on standard input, and what is wanted of them. Out: the
segments of all files in their order; a reject for each file that cannot be read; warnings.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from facts.case_paths import find, shown, unreadable
from facts.casefile import READERS, STDIN
from facts.lines import Stream
from facts.problem import Problem, Span
from facts.reject import Reject
from facts.table_cases import case_segments
from facts.table_csv import csv_segments
from facts.table_jsonl import jsonl_segments
from facts.table_parquet import parquet_segments
from facts.table_segment import Found, Segment, Wanted, whole_file

IN_BLOCKS = {
    ".jsonl": jsonl_segments,
    ".ndjson": jsonl_segments,
    ".csv": csv_segments,
    ".tsv": csv_segments,
}
PARQUET = ".parquet"


def segments(paths: Iterable[str], wanted: Wanted, stdin: Stream) -> Iterator[Found]:
    """Everything that the files hold. Never raises, but what `stdin` raises."""
    names: dict[str, str] = {}
    for path in paths:
        for found in [None] if path == "-" else find(path):
            if isinstance(found, Problem):
                yield whole_file(found.span.file, found)
                continue
            file = STDIN if found is None else shown(found)
            name = os.path.basename(file)
            name = name if names.setdefault(name, file) == file else file
            yield from _with_empty(_of_file(found, file, name, wanted, stdin), file)


def _of_file(path: Path | None, file: str, name: str, wanted: Wanted, stdin: Stream) -> Iterator[Found]:
    origin = wanted.origin(file, name)
    try:
        if path is None:
            yield from jsonl_segments(stdin, origin, wanted)
        elif path.suffix.lower() == PARQUET:
            yield from parquet_segments(path, file, name, wanted)
        else:
            with open(path, "rb") as stream:
                suffix = path.suffix.lower()
                if suffix in IN_BLOCKS:
                    yield from IN_BLOCKS[suffix](stream, origin, wanted)
                else:
                    yield from case_segments(READERS[suffix](stream, origin), wanted, file)
    except OSError as error:
        yield whole_file(file, unreadable(file, error))


def _with_empty(found: Iterator[Found], file: str) -> Iterator[Found]:
    """What a file holds, and a reject where that is no row at all."""
    empty = True
    for each in found:
        empty = empty and not isinstance(each, (Segment, Reject))
        yield each
    if empty:
        problem = Problem("empty-file", "the file holds no case", Span(file), "write at least one case")
        yield whole_file(file, problem)
