"""Read a text stream in blocks of whole lines, with line numbers.

In: a stream of bytes. Out: blocks that end at a line end, or single lines. What was read last can be given
back. A line that is too long becomes a block of its own, cut somewhere after the limit so that readers still
reject it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader, FileIO

from facts.trees.lines import MAX_LINE, Stream

SIZE = 16 * 1024 * 1024
"""Approximate number of bytes in a block."""


@dataclass(frozen=True)
class Block:
    """Whole lines of a file; `first` is the number of the first line."""

    first: int
    data: bytes

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.data.split(b"\n")

    @property
    def lines(self) -> int:
        """The number of lines."""
        return self.data.count(b"\n") + (not self.data.endswith(b"\n"))

    def line(self, number: int) -> Block:
        """Return one line of the block, given its number in the file."""
        return Block(number, self._lines[number - self.first])

    def halves(self) -> tuple[Block, Block] | None:
        """Split the block in two at a line end, or return None if it is one line."""
        middle = self.data.find(b"\n", len(self.data) // 2) + 1
        if not 0 < middle < len(self.data):
            middle = self.data.find(b"\n") + 1
        if not 0 < middle < len(self.data):
            return None
        before, after = self.data[:middle], self.data[middle:]
        return Block(self.first, before), Block(self.first + before.count(b"\n"), after)


class Blocks:
    """The blocks of a stream; `number` is the number of the next line, `done` the number of bytes read."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.size = os.fstat(stream.fileno()).st_size if isinstance(stream, FileIO | BufferedReader) else 0
        self.number = 1
        self.done = 0
        self.held = b""
        self.at = 0

    @property
    def share(self) -> float:
        """The share of the stream already read, from 0 to 1; 0 if its size is unknown."""
        return min(self.done / self.size, 1.0) if self.size else 0.0

    def block(self) -> Block | None:
        """Return the next block, or None at the end."""
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
        """Return the next line with its end, or its first `size` bytes."""
        end = self.held.find(b"\n", self.at, self.at + size) + 1 or self.at + size
        data, self.at = self.held[self.at : end], min(end, len(self.held))
        if len(data) < size and not data.endswith(b"\n"):
            data += self.stream.readline(size - len(data))
        return self._taken(data, data.count(b"\n")).data

    def give_back(self, block: Block) -> None:
        """Return lines from the end of the last block, to read them again."""
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
