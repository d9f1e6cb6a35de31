"""The lines of a block, sorted by how they can be read.

In: a block of whole lines. Out: the usual lines, which can be read all at once, with their numbers; rows that
must be read one by one, with the number of their first line; and the numbers of blank rows, whose cells are
all empty. An odd line does not affect its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from facts.case import Read
from facts.tables.blocks import Block
from facts.trees.lines import MAX_LINE

Odd = tuple[int, Callable[[], Read | None]]
"""The number of the first line of a row, and a function that reads the row carefully, or returns None if it
is blank.
"""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The sorted lines of a block. `numbers` are the line numbers of the usual lines, `lines` is the number
    of all lines.
    """

    block: Block
    lines: int
    usual: bytes
    numbers: Sequence[int]
    odd: Sequence[Odd] = ()
    blank: Sequence[int] = ()

    @property
    def rows(self) -> int:
        """The number of rows, blank ones included."""
        return len(self.numbers) + len(self.odd) + len(self.blank)


def all_usual(block: Block, data: bytes) -> Sorted:
    """Return a block that has only usual lines; `data` is its text with LF line ends."""
    lines = block.lines
    return Sorted(block, lines, data, range(block.first, block.first + lines))


def is_text(data: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def is_short(data: bytes) -> bool:
    """Whether no line is too long."""
    return len(data) <= MAX_LINE or max(map(len, data.split(b"\n"))) <= MAX_LINE
