"""The lines of a block of text, sorted by how they can be read.

In: a block of whole lines. Out: the usual lines, which can be read all at once, each with its number in the
file; rows that have to be read one by one, each with the number of its first line; and the lines of rows in
which every cell is empty. One odd line costs itself, not its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from facts.case import Read
from facts.tables.blocks import Block
from facts.trees.lines import MAX_LINE

Odd = tuple[int, Callable[[], Read | None]]
"""The number of the first line of a row, and how to read the row with care; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of a block. `numbers` has those of the usual lines, `lines` counts all that were sorted."""

    block: Block
    lines: int
    usual: bytes
    numbers: Sequence[int]
    odd: Sequence[Odd] = ()
    blank: Sequence[int] = ()

    @property
    def rows(self) -> int:
        """How many rows there are, those included in which every cell is empty."""
        return len(self.numbers) + len(self.odd) + len(self.blank)


def all_usual(block: Block, data: bytes) -> Sorted:
    """A block without any odd line; `data` is its text with line feeds alone at the ends of lines."""
    lines = block.lines
    return Sorted(block, lines, data, range(block.first, block.first + lines))


def is_text(data: bytes) -> bool:
    """Whether these bytes are UTF-8."""
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def is_short(data: bytes) -> bool:
    """Whether no line is too long."""
    return len(data) <= MAX_LINE or max(map(len, data.split(b"\n"))) <= MAX_LINE
