"""Read case files one case at a time.

In: names of files and folders, or `-` for JSON lines on standard input. Out: each case, or all its problems,
in file order. Format readers only build trees; `facts.case` alone decides what is a valid case. JSONL and CSV
are read line by line, so memory stays bounded. No file raises an exception, however damaged, and no row is
dropped without a problem that names it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from facts.case import Case, Read, Unread
from facts.cases.csv_table import read_csv
from facts.cases.documents import read_json_cases, read_yaml_cases
from facts.cases.jsonl import read_jsonl
from facts.cases.origin import Origin
from facts.other_names.formerly import OLD
from facts.other_names.notes import Told
from facts.other_names.renaming import AS_IT_IS, Renaming
from facts.paths import find_all, shown, unreadable
from facts.problem import Problem, Span, quote
from facts.vocabulary import Questionnaire

STDIN = "<stdin>"


def _read_parquet(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    from facts.files.gathered import read_parquet

    yield from read_parquet(stream, origin)


READERS: dict[str, Callable[[BinaryIO, Origin], Iterator[Read]]] = {
    ".yaml": read_yaml_cases,
    ".yml": read_yaml_cases,
    ".json": read_json_cases,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": _read_parquet,
}


def read_cases(
    paths: Iterable[str | Path],
    questions: Questionnaire,
    stdin: BinaryIO | None = None,
    carry: Sequence[str] = (),
    renaming: Renaming = AS_IT_IS,
) -> Iterator[Read]:
    """Yield every case of the files, or all problems of a case, row or file. Never raises.

    The suffix determines the format; a folder means all case files below it, in order. A list that contains
    only warnings does not replace a case. Each old name and each ignored key is warned about once. A case
    without an `id` is called `file:line`.
    """
    ids: dict[str, Span] = {}
    told = Told()
    names: dict[str, str] = {}
    for found in find_all(paths):
        if isinstance(found, Problem):
            yield [found] if found.severity == "warning" else Unread([found])
            continue
        file = STDIN if found is None else shown(found)
        name = os.path.basename(file)
        is_first = names.setdefault(name, file) == file
        origin = Origin(file, name if is_first else file, questions, carry, renaming)
        for read in _read(found, origin, stdin):
            notes, rest = _notes_of(read)
            yield from ([note] for note in told.new(notes))
            if rest is not None:
                yield _once(rest, ids)
    yield from ([note] for note in told.rest())


def _read(path: Path | None, origin: Origin, stdin: BinaryIO | None) -> Iterator[Read]:
    """Yield the cases of a file or of standard input."""
    try:
        if path is not None:
            with open(path, "rb") as stream:
                yield from READERS[path.suffix.lower()](stream, origin)
        elif stdin is not None or sys.stdin is not None:
            yield from read_jsonl(stdin or sys.stdin.buffer, origin)
        else:
            closed = Problem("file-unreadable", "standard input is closed", Span(STDIN), "name a file")
            yield Unread([closed])
    except OSError as error:
        yield Unread([unreadable(origin.file, error)])


def _notes_of(read: Read) -> tuple[Sequence[Problem], Read | None]:
    """Separate the warnings that come with cases from a case or its problems."""
    if isinstance(read, Case):
        return read.notes, read
    notes = [problem for problem in read if problem.code == OLD]
    if not notes:
        return (), read
    return notes, [problem for problem in read if problem.code != OLD] or None


def _once(read: Read, ids: dict[str, Span]) -> Read:
    """Reject a case whose id was already used."""
    if not isinstance(read, Case):
        return read
    earlier = ids.get(read.id)
    if earlier is None:
        ids[read.id] = Span(read.span.file, read.span.line, read.span.column)
        return read
    message = f"two cases have the id {quote(read.id)}"
    return [Problem("duplicate-id", message, read.span, "give each case its own id", earlier, "id")]
