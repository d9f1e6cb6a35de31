"""Look ahead to find out whether there is one case or more, without losing any input.

In: the files of a command, and standard input. Out: the input if it is a single case, and standard input as
if it had not been read.
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
from facts.tables.segment import Wanted
from facts.trees.lines import MAX_LINE

MOST = 1_000
"""Number of problems after which the input is treated as many cases."""
LINES = 3
"""Number of lines of standard input that are read ahead."""


class LookedAhead:
    """A stream whose first lines were read ahead, and are read again."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.head = b"".join(stream.readline(MAX_LINE + 1) for _ in range(LINES))
        self.held = BytesIO(self.head)

    def read(self, size: int, /) -> bytes:
        """Read up to `size` bytes."""
        data = self.held.read(size)
        return data + self.stream.read(size - len(data)) if len(data) < size else data

    def readline(self, size: int, /) -> bytes:
        """Read the next line, or its first `size` bytes."""
        data = self.held.readline(size)
        if data.endswith(b"\n") or len(data) == size:
            return data
        return data + self.stream.readline(size - len(data))


def one_case(asked: Asked, wanted: Wanted, stdin: BinaryIO) -> tuple[list[Read] | None, BinaryIO]:
    """Everything read if it is one case, else None; and standard input, rewound.

    Without an output file, unreadable cases may accompany the one case, or take its place. But if earlier
    results have the default name, it is treated as a run, so that they are not mistaken for results of this
    command. Parquet files always count as many cases and are not read.
    """
    files = asked.files
    if any(Path(file).suffix.lower() == ".parquet" for file in files):
        return None, stdin
    ahead = LookedAhead(stdin) if "-" in files else None
    head = BytesIO(ahead.head) if ahead else None
    read: list[Read] = []
    cases = 0
    for each in read_cases(files, wanted.questions, head, wanted.carry, wanted.renaming):
        read.append(each)
        # A case that repeats the id of an earlier one counts as well.
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
