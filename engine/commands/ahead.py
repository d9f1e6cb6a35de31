"""Whether there is one case or more, found out without losing any of it.

In: the files of a command, and standard input. Out: the first two cases; and standard input as if nobody had
looked.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from engine.commands.asked import Asked
from engine.output.files import DEFAULT
from facts.case import Case, Read
from facts.files.cases import read_cases
from facts.trees.lines import MAX_LINE
from facts.vocabulary import Questionnaire

MOST = 1_000
"""Number of problems after which a file is taken for one of many cases."""
LINES = 3
"""Number of lines in which two cases, or something else, must have shown."""


class LookedAhead:
    """A stream of which the first lines were read, and are read again."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.head = b"".join(stream.readline(MAX_LINE + 1) for _ in range(LINES))
        self.held = BytesIO(self.head)

    def read(self, size: int, /) -> bytes:
        """Read up to `size` bytes."""
        data = self.held.read(size)
        return data + self.stream.read(size - len(data)) if len(data) < size else data

    def readline(self, size: int, /) -> bytes:
        """Read the next line, or the first `size` bytes of it."""
        data = self.held.readline(size)
        if data.endswith(b"\n") or len(data) == size:
            return data
        return data + self.stream.readline(size - len(data))


def one_case(asked: Asked, questions: Questionnaire, stdin: BinaryIO) -> tuple[list[Read] | None, BinaryIO]:
    """All that there is to read where that is one case, else None; and standard input, as it was.

    Without a file for results, what cannot be read may stand beside it, or in its place; but where earlier
    results have the usual name, that is a run, so that nobody takes them for those of this one. A Parquet
    file is never looked into, as it is there for many.
    """
    files = asked.files
    if any(Path(file).suffix.lower() == ".parquet" for file in files):
        return None, stdin
    ahead = LookedAhead(stdin) if "-" in files else None
    head = BytesIO(ahead.head) if ahead else None
    read: list[Read] = []
    cases = 0
    for each in read_cases(files, questions, head, asked.carry, asked.renaming):
        read.append(each)
        # A case with the id of an earlier one counts as well.
        cases += isinstance(each, Case) or any(problem.code == "duplicate-id" for problem in each)
        if cases > 1 or len(read) > MOST:
            break
    is_one = len(read) <= MOST and _is_one(read, cases, asked)
    return (read if is_one else None), cast(BinaryIO, ahead) if ahead else stdin


def _is_one(read: list[Read], cases: int, asked: Asked) -> bool:
    problems = [found for found in read if not isinstance(found, Case)]
    errors = any(each.severity == "error" for found in problems for each in found)
    if asked.output is not None:
        return cases == 1 and not errors
    if asked.as_lines:
        return cases < 2
    if errors and asked.html is None and os.path.lexists(DEFAULT):
        return False
    return cases == 1 or (cases == 0 and errors)
