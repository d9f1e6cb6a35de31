"""Blocks of text to tables: fast where every line is as usual, line by line where one is not.

In: a block of whole lines, and two ways to read one: all at once to a frame of text with a row a line, or
None where that is not safe; and line by line, which is always right and says what is wrong. Out: one table,
its rows in the order of the lines. A line that only care can read costs its neighbours little: the block is
halved until it stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

import polars as pl

from facts.blocks import Block
from facts.case import Case, Read
from facts.reject import Reject, reject_of
from facts.table_frame import FrameReader
from facts.table_problems import PLACE
from facts.table_segment import Table, table_of

FEW = 4 * 1024
"""So many bytes are read line by line rather than halved again."""


@dataclass(frozen=True, slots=True)
class TextReader:
    """How the lines of a file are read: `at_once`, if it can be done, and `one_by_one`."""

    frames: FrameReader
    at_once: Callable[[Block], pl.DataFrame | None]
    one_by_one: Callable[[BinaryIO, int], Iterator[Read]]

    def table(self, block: Block) -> Table:
        """The table of a block."""
        tables = list(self._tables(block))
        if len(tables) == 1:
            return tables[0]
        rejects = tuple(reject for table in tables for reject in table.rejects)
        whole = Table(pl.concat([table.frame for table in tables]), rejects)
        return replace(whole, first=block.first) if whole.rows == block.lines else whole

    def _tables(self, block: Block) -> Iterator[Table]:
        waiting = [block]
        while waiting:
            block = waiting.pop()
            frame = self.at_once(block)
            if frame is not None:
                yield self._of_frame(frame, block)
            elif len(block.data) > FEW and (halves := block.halves()):
                waiting += reversed(halves)
            else:
                yield self.of_reads(self.one_by_one(BytesIO(block.data), block.first))

    def _of_frame(self, frame: pl.DataFrame, block: Block) -> Table:
        """The table of a frame; a line that fails a check is read once more by itself."""
        table = self.frames.table(frame.lazy(), block.first - 1)
        if not table.rejects:
            return table
        again = [(reject.place, self._line(block, reject.place)) for reject in table.rejects]
        rejects = tuple(reject for _, each in again for reject in each.rejects)
        good = [(place, each.frame) for place, each in again if each.frame.height]
        if not good:
            return Table(table.frame, rejects, table.first)
        bad = {reject.place for reject in table.rejects}
        places = [place for place in range(block.first, block.first + frame.height) if place not in bad]
        placed = [table.frame.with_columns(pl.Series(PLACE, places, dtype=pl.Int64))]
        placed += [each.with_columns(pl.lit(place, dtype=pl.Int64).alias(PLACE)) for place, each in good]
        return Table(pl.concat(placed).sort(PLACE).drop(PLACE), rejects, table.first)

    def _line(self, block: Block, place: int) -> Table:
        line = block.line(place)
        return self.of_reads(self.one_by_one(BytesIO(line.data), line.first))

    def of_reads(self, reads: Iterator[Read]) -> Table:
        """The table of lines that were read one by one."""
        return table_of(map(self._checked, reads), self.frames.wanted)

    def _checked(self, read: Read) -> Case | Reject:
        return read if isinstance(read, Case) else reject_of(self.frames.file, read)
