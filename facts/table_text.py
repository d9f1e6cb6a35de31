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
from facts.reject import Reject, reject_of, rejects_of
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
        rejects = rejects_of([reject for table in tables for reject in table.rejects])
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
        """The table of a frame; a line that is not as usual is read once more by itself."""
        fine, doubtful = self.frames.sorted_out(frame.lazy(), block.first - 1)
        if not doubtful.height:
            return Table(fine.drop(PLACE), first=block.first)
        reads = [(place, read) for place in doubtful[PLACE] for read in self._line(block, place)]
        again = table_of((read for _, read in reads), self.frames.wanted)
        places = [place for place, read in reads if isinstance(read, Case)]
        mended = again.frame.insert_column(0, pl.Series(PLACE, places, dtype=fine.schema[PLACE]))
        return Table(pl.concat([fine, mended]).sort(PLACE).drop(PLACE), again.rejects, block.first)

    def _line(self, block: Block, place: int) -> Iterator[Case | Reject]:
        line = block.line(place)
        return self._checked(self.one_by_one(BytesIO(line.data), line.first))

    def of_reads(self, reads: Iterator[Read]) -> Table:
        """The table of lines that were read one by one."""
        return table_of(self._checked(reads), self.frames.wanted)

    def _checked(self, reads: Iterator[Read]) -> Iterator[Case | Reject]:
        for read in reads:
            if isinstance(read, Case):
                yield read
            elif any(problem.severity == "error" for problem in read):
                yield reject_of(self.frames.file, read)
