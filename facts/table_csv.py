"""CSV files in segments of some thousand lines each.

In: a stream of bytes. Out: segments. Lines without quotes, or with none that could hide a delimiter or an end
of line, are read by Polars all at once; a row that may go over several lines is read by `facts.csv_rows`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import BinaryIO

import polars as pl

from facts.blocks import Block, Blocks
from facts.case import Read
from facts.columns import missing_columns, unmapped, without_column
from facts.csv_header import Layout
from facts.csv_rows import Row, read_rows
from facts.csv_table import delimiter_of, read_cells, read_header
from facts.lines import MAX_LINE, Line, Stream, read_lines
from facts.origin import Origin
from facts.problem import Problem, Span
from facts.reject import reject_of
from facts.renaming import Renaming
from facts.table_frame import FrameReader
from facts.table_segment import Found, Segment, Wanted, renamed
from facts.table_text import TextReader


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a file are laid out."""

    layout: Layout
    names: tuple[str, ...]
    delimiter: str
    origin: Origin

    def at_once(self, block: Block, wanted: Wanted) -> pl.DataFrame | None:
        """The rows of a block as a frame of text; None where a line may not be a row of so many fields."""
        data = block.data.replace(b"\r\n", b"\n")
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        if len(self.names) < 2 or self._may_hide(data, lines):
            return None
        try:
            frame = pl.read_csv(
                BytesIO(data),
                has_header=False,
                schema=dict.fromkeys(self.names, pl.String),
                separator=self.delimiter,
            )
        except pl.exceptions.PolarsError:
            return None
        nameless = [self.names[index] for index in self.layout.nameless]
        if frame.height != lines or any(frame[name].count() for name in nameless):
            return None
        return renamed(frame.lazy(), wanted).collect()

    def _may_hide(self, data: bytes, lines: int) -> bool:
        """Whether something else than a row a line may be written there."""
        if data.startswith(b"\n") or b"\n\n" in data or b"\r" in data or b"\0" in data:
            return True
        if len(data) > MAX_LINE and max(map(len, data.split(b"\n"))) > MAX_LINE:
            return True
        mark = self.delimiter.encode()
        if b'"' in data:
            quoted = rb'(?m)(^|%s)"[^"\n]*"(?=%s|$)' % (re.escape(mark), re.escape(mark))
            data = re.sub(quoted, rb"\1", data)
        return b'"' in data or data.count(mark) != lines * (len(self.names) - 1)

    def one_by_one(self, stream: BinaryIO, first: int) -> Iterator[Read]:
        """The rows of some lines, each by itself."""
        lines = read_lines(stream, self.origin.file, first)
        rows = read_rows(lines, self.delimiter, self.origin.file, self.layout.makes_sense)
        return read_cells(rows, self.layout, self.origin)


def csv_segments(stream: Stream, origin: Origin, wanted: Wanted) -> Iterator[Found]:
    """The segments of a stream of CSV."""
    blocks = Blocks(stream)
    lines = read_lines(blocks, origin.file)
    first = next((line for line in lines if line.problem or line.text.strip()), None)
    if first is None:
        return
    delimiter = delimiter_of(first.text)
    header = next(read_rows(iter([first]), delimiter, origin.file, lambda cells: True))
    if isinstance(header, list):
        yield reject_of(origin.file, header)
        return
    ours = [origin.renaming.columns.get(cell.strip(), cell.strip()) for cell in header.cells]
    missing = list(missing_columns(ours, wanted.needed, header.span()))
    layout, problems = (None, missing) if missing else read_header(header, origin)
    if layout is None:
        yield reject_of(origin.file, problems)
        return
    yield from problems
    yield from unmapped(map(str.strip, header.cells), origin.renaming.columns, Span(origin.file))
    yield from without_column(ours, wanted.questions, Span(origin.file))
    names = tuple(name or f"#{index}" for index, name in enumerate(ours))
    form = Form(layout, names, delimiter, origin)
    wanted = replace(wanted, renaming=Renaming(values=wanted.renaming.values))
    frames = FrameReader(pl.Schema(dict.fromkeys(names, pl.String)), wanted, origin.file, origin.name)
    reader = TextReader(frames, lambda block: form.at_once(block, wanted), form.one_by_one)
    yield from _segments(blocks, form, reader)


def _segments(blocks: Blocks, form: Form, reader: TextReader) -> Iterator[Segment]:
    while block := blocks.block():
        at = _first_open(block.data)
        if at is None:
            yield Segment(form.origin.file, partial(reader.table, block), blocks.share)
            continue
        end = blocks.number
        before, rest = block.data[:at], block.data[at:]
        blocks.give_back(Block(block.first + before.count(b"\n"), rest))
        if before:
            yield Segment(form.origin.file, partial(reader.table, Block(block.first, before)), blocks.share)
        reads = list(read_cells(_rows_until(end, blocks, form), form.layout, form.origin))
        yield Segment(form.origin.file, partial(reader.of_reads, iter(reads)), blocks.share)


def _first_open(data: bytes) -> int | None:
    """Where the first line begins that has a quote too many, and so may go on in the next."""
    if b'"' not in data:
        return None
    at = 0
    for line in data.split(b"\n"):
        if line.count(b'"') % 2:
            return at
        at += len(line) + 1
    return None


def _rows_until(end: int, blocks: Blocks, form: Form) -> Iterator[Row | list[Problem]]:
    """The rows that begin before that line, whole."""
    waiting: deque[Line] = deque()
    lines = read_lines(blocks, form.origin.file, blocks.number)
    rows = read_rows(lines, form.delimiter, form.origin.file, form.layout.makes_sense, waiting)
    while waiting or blocks.number < end:
        row = next(rows, None)
        if row is None:
            return
        yield row
