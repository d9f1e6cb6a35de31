"""A stream of text in blocks of whole lines, each with the number of its first.

In: a stream of bytes. Out: blocks that end where a line ends, or single lines. What was taken can be given
back. A line that is too long comes as a block of its own, cut: enough for a reader to see that it is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader, FileIO

from facts.trees.lines import MAX_LINE, Stream

SIZE = 16 * 1024 * 1024
"""How many bytes a block has, about."""


@dataclass(frozen=True)
class Block:
    """Whole lines of a file, from line `first` on."""

    first: int
    data: bytes

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.data.split(b"\n")

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self.data.count(b"\n") + (not self.data.endswith(b"\n"))

    def line(self, number: int) -> Block:
        """One line of the block, by its number in the file."""
        return Block(number, self._lines[number - self.first])

    def halves(self) -> tuple[Block, Block] | None:
        """The block in two, None where it is one line."""
        middle = self.data.find(b"\n", len(self.data) // 2) + 1
        if not 0 < middle < len(self.data):
            middle = self.data.find(b"\n") + 1
        if not 0 < middle < len(self.data):
            return None
        before, after = self.data[:middle], self.data[middle:]
        return Block(self.first, before), Block(self.first + before.count(b"\n"), after)


class Blocks:
    """The blocks of a stream; `number` is that of the line that comes next, `done` the bytes taken."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.size = os.fstat(stream.fileno()).st_size if isinstance(stream, FileIO | BufferedReader) else 0
        self.number = 1
        self.done = 0
        self.held = b""
        self.at = 0

    @property
    def share(self) -> float:
        """How much was taken, from 0 to 1; 0 where the size is not known."""
        return min(self.done / self.size, 1.0) if self.size else 0.0

    def block(self) -> Block | None:
        """The next lines; None at the end."""
        data = self._read(SIZE)
        if not data:
            return None
        if not data.endswith(b"\n"):
            data += self._rest_of_line()
        if not data.endswith(b"\n") and len(data) - data.rfind(b"\n") - 1 > MAX_LINE:
            cut = data.rfind(b"\n") + 1
            if cut:
                self.held = data[cut:]
                data = data[:cut]
            else:
                self._skip_line()
        return self._taken(data, max(data.count(b"\n"), 1))

    def readline(self, size: int) -> bytes:
        """The next line with its end, or so many bytes of it."""
        end = self.held.find(b"\n", self.at, self.at + size) + 1 or self.at + size
        data, self.at = self.held[self.at : end], min(end, len(self.held))
        if len(data) < size and not data.endswith(b"\n"):
            data += self.stream.readline(size - len(data))
        return self._taken(data, data.count(b"\n")).data

    def give_back(self, block: Block) -> None:
        """Take back what was taken last."""
        self.held, self.at = block.data + self.held[self.at :], 0
        self.number = block.first
        self.done -= len(block.data)

    def _read(self, size: int) -> bytes:
        data, self.held, self.at = self.held[self.at :][:size], self.held[self.at :][size:], 0
        return data if len(data) == size else data + self.stream.read(size - len(data))

    def _rest_of_line(self) -> bytes:
        data = self.held[: self.held.find(b"\n") + 1] if b"\n" in self.held else self.held
        self.held = self.held[len(data) :]
        return data if data.endswith(b"\n") else data + self.stream.readline(MAX_LINE + 1)

    def _skip_line(self) -> None:
        while (more := self.stream.readline(MAX_LINE)) and not more.endswith(b"\n"):
            self.done += len(more)
        self.done += len(more)

    def _taken(self, data: bytes, lines: int) -> Block:
        block = Block(self.number, data)
        self.number += lines
        self.done += len(data)
        return block
