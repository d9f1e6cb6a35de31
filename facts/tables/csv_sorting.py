"""Sort lines of CSV into complete rows and those that must be read one by one.

In: a block of lines, and its stream. Out: the sorted lines (`facts.tables.sorting`). A line is usual if it
has as many fields as the header, and quotes only around fields that contain no delimiter or quote. A row that
continues after the end of the block is included whole.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from facts.case import Read
from facts.cases.csv_header import Layout
from facts.cases.csv_rows import Row, read_rows
from facts.cases.csv_table import read_row
from facts.cases.origin import Origin
from facts.problem import Problem
from facts.tables.blocks import Block, Blocks
from facts.tables.sorting import Odd, Sorted, all_usual, is_short, is_text
from facts.trees.lines import MAX_LINE, Line, line_of

STRANGE = (b'"', b"\r", b"\0", BOM_UTF8)
"""Bytes that require checking the lines one by one."""


@dataclass(frozen=True)
class Form:
    """The layout of the rows of a file."""

    layout: Layout
    delimiter: str
    origin: Origin

    @cached_property
    def mark(self) -> bytes:
        """The delimiter as bytes."""
        return self.delimiter.encode()

    @cached_property
    def whole(self) -> re.Pattern[bytes]:
        """Matches a line that is a complete row, provided its number of fields is right."""
        field = rb'(?:"(?:[^"]|"")*"|[^"%s]*)' % self.mark
        return re.compile(rb"%s(?:%s%s)*" % (field, re.escape(self.mark), field))

    @cached_property
    def empty(self) -> re.Pattern[bytes]:
        """Matches a line end and a following line that may consist of empty cells."""
        return re.compile(rb'\n(?:[ \t"%s]|\xc2\xa0)*(?=\n|\Z)' % self.mark)

    def sorted(self, block: Block, blocks: Blocks) -> Sorted:
        """Sort the lines of the block that was read last from `blocks`."""
        data = block.data.replace(b"\r\n", b"\n")
        if self._is_usual(data, block.lines) and is_text(data) and is_short(data):
            return all_usual(block, data)
        return _Sorting(self, block, blocks).sorted()

    def _is_usual(self, data: bytes, lines: int) -> bool:
        """Whether every row seems to have the header's number of fields.

        One field too many in a row can offset one too few in another; Polars then refuses to read them.
        """
        return (
            data.count(self.mark) == lines * (self.layout.width - 1)
            and not any(each in data for each in STRANGE)
            and not self.empty.search(b"\n" + data.removesuffix(b"\n"))
        )

    def may_be_torn(self, line: bytes) -> bool:
        """Whether a line may not be a complete row."""
        marks = line.count(self.mark)
        if b'"' in line:
            if not self.whole.fullmatch(line):
                return True
            marks -= sum(quoted.count(self.mark) for quoted in line.split(b'"')[1::2])
        return marks != self.layout.width - 1 or b"\r" in line or b"\0" in line or line.startswith(BOM_UTF8)

    def is_empty(self, line: bytes) -> bool:
        """Whether a line consists of delimiters and blanks."""
        return not line.strip(b" \t" + self.mark)

    def read(self, row: Row | list[Problem]) -> Read | None:
        """Return the case of a row, or None if the row is blank."""
        return read_row(row, self.layout, self.origin) if isinstance(row, Row) else row

    def line(self, data: bytes, number: int) -> Read | None:
        """Return the case on one line, or None if it is blank."""
        return self.read(next(self.rows(iter([line_of(data, self.origin.file, number)]))))

    def rows(
        self, lines: Iterator[Line], waiting: deque[Line] | None = None
    ) -> Iterator[Row | list[Problem]]:
        """Yield the rows of lines."""
        return read_rows(lines, self.delimiter, self.origin.file, self.layout.makes_sense, waiting)


class _Sorting:
    """Sorts the lines of a block one after another."""

    def __init__(self, form: Form, block: Block, blocks: Blocks) -> None:
        self.form, self.block, self.blocks = form, block, blocks
        self.lines = block.data.removesuffix(b"\n").split(b"\n")
        self.all_text = is_text(block.data)

    def sorted(self) -> Sorted:
        """Sort all lines, and give back lines after the block that turn out not to belong to its last row."""
        first, at, end = self.block.first, 0, len(self.lines)
        usual: list[bytes] = []
        numbers: list[int] = []
        odd: list[Odd] = []
        blank: list[int] = []
        while at < end:
            line, number = self.lines[at].removesuffix(b"\r"), first + at
            at += 1
            if self.form.is_empty(line):
                blank += [number] if self.form.mark in line else []
            elif self._is_usual(line):
                usual.append(line)
                numbers.append(number)
            else:
                row, taken = self._row(at - 1)
                odd.append((number, partial(self.form.read, row)))
                at += taken - 1
        if beyond := self.lines[at:]:
            self.blocks.give_back(Block(first + at, b"\n".join([*beyond, b""])))
        return Sorted(self.block, at, b"\n".join(usual), numbers, odd, blank)

    def _is_usual(self, line: bytes) -> bool:
        if self.form.may_be_torn(line) or self.form.empty.match(b"\n" + line):
            return False
        return is_short(line) and (self.all_text or is_text(line))

    def _row(self, at: int) -> tuple[Row | list[Problem], int]:
        """Return the row that begins at an index, and its number of lines."""
        taken: list[Line] = []
        waiting: deque[Line] = deque()
        row = next(self.form.rows(self._from(at, taken), waiting))
        return row, len(taken) - len(waiting)

    def _from(self, at: int, taken: list[Line]) -> Iterator[Line]:
        """Yield lines from an index on, also those after the block, and record each in `taken`."""
        while at < len(self.lines) or self._is_more():
            taken.append(line_of(self.lines[at], self.form.origin.file, self.block.first + at))
            yield taken[-1]
            at += 1

    def _is_more(self) -> bool:
        """Read one more line from the stream, cut just after the limit if it is too long."""
        data = rest = self.blocks.readline(MAX_LINE + 1)
        while len(data) > MAX_LINE and rest and not rest.endswith(b"\n"):
            rest = self.blocks.readline(MAX_LINE)
        self.lines += [data.removesuffix(b"\n")] if data else []
        return bool(data)
