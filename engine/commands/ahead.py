"""Whether there is one case or more, found out without losing any of it.

In: the files of a command, and standard input. Out: the first two cases; and standard input as if nobody had
looked.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from engine.commands.asked import Asked
from facts.case import Case, Read
from facts.casefile import read_cases
from facts.lines import MAX_LINE
from facts.vocabulary import Questionnaire

MOST = 1_000
"""After so many problems it is taken for a file of many cases."""
LINES = 3
"""So many lines hold two cases, or show that there is something else."""


class LookedAhead:
    """A stream of which the first lines were read, and are read again."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.head = b"".join(stream.readline(MAX_LINE + 1) for _ in range(LINES))
        self.held = BytesIO(self.head)

    def read(self, size: int, /) -> bytes:
        """So many bytes."""
        data = self.held.read(size)
        return data + self.stream.read(size - len(data)) if len(data) < size else data

    def readline(self, size: int, /) -> bytes:
        """The next line, or so many bytes of it."""
        data = self.held.readline(size)
        if data.endswith(b"\n") or len(data) == size:
            return data
        return data + self.stream.readline(size - len(data))


def one_case(asked: Asked, questions: Questionnaire, stdin: BinaryIO) -> tuple[list[Read] | None, BinaryIO]:
    """All that there is to read where it is one case, or none, else None; and standard input, as it was.

    A Parquet file is never looked into, as it is there for many.
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
        # A case that is called like an earlier one is one more, too.
        cases += isinstance(each, Case) or any(problem.code == "duplicate-id" for problem in each)
        if cases > 1 or len(read) > MOST:
            break
    is_one = cases < 2 if asked.output is None else len(read) == cases == 1
    return (read if is_one and len(read) <= MOST else None), cast(BinaryIO, ahead) if ahead else stdin
