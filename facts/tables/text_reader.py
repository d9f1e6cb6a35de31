"""Turn sorted lines of text into tables: usual lines all at once, the others one by one.

In: the lines of a block (`facts.tables.sorting`); a fast function that reads usual lines into a frame of text
with a row per line; and a careful one that reads a single line and reports its problems. Out: one table with
its rows in line order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from facts.case import Case, Read
from facts.other_names.notes import once
from facts.problem import Problem
from facts.reject import Reject, reject_of
from facts.tables.blocks import Block
from facts.tables.frame_reader import FrameReader
from facts.tables.left_out import keys_left_out
from facts.tables.problems import PLACE
from facts.tables.segment import Segment, Table, nothing, table_of
from facts.tables.sorting import Odd, Sorted

Lines = tuple[pl.DataFrame, list[int], tuple[Problem, ...]]
"""Rows with their numbers, the numbers of lines to read one by one, and warnings about old names."""
FEWEST = 16
"""Maximum number of usual lines that are read one by one when reading them at once fails."""


@dataclass(frozen=True, slots=True)
class TextReader:
    """How the lines of a file are read.

    `at_once` returns None if one of the lines cannot be read that way; `may_be_torn` says whether a line may
    be the cause. `line` returns None for a blank row. Up to `few` lines are read one by one. Files with the
    same `form`, unless it is None, can be read together.
    """

    frames: FrameReader
    at_once: Callable[[bytes], pl.DataFrame | None]
    may_be_torn: Callable[[bytes], bool]
    line: Callable[[bytes, int], Read | None]
    few: int = 0
    form: object = None

    def table(self, rows: Sorted) -> Table:
        """Return the table of sorted lines."""
        frame, doubtful, notes = self._frame(rows.usual, rows.numbers)
        odd: list[Odd] = [*rows.odd, *((number, self._again(rows.block, number)) for number in doubtful)]
        reads = [(number, read()) for number, read in sorted(odd, key=lambda each: each[0])]
        blank = sorted([*rows.blank, *(number for number, read in reads if read is None)])
        table = Table(frame.drop(PLACE), blank=blank, notes=notes)
        if reads:
            mended = table_of(self._checked(read for _, read in reads), self.frames.wanted)
            numbers = [number for number, read in reads if isinstance(read, Case)]
            places = pl.Series(PLACE, numbers, dtype=frame.schema[PLACE])
            both = pl.concat([frame, mended.frame.insert_column(0, places)])
            notes = once([*notes, *mended.notes])
            table = Table(both.sort(PLACE).drop(PLACE), mended.rejects, blank=blank, notes=notes)
        return replace(table, first=rows.block.first) if table.rows + len(blank) == rows.lines else table

    def cases(self, rows: Sorted) -> list[Case | Reject | None]:
        """Read a few lines one by one; None is a blank row."""
        odd: list[Odd] = [*rows.odd, *((number, self._again(rows.block, number)) for number in rows.numbers)]
        reads = [read() for _, read in sorted(odd, key=lambda each: each[0])]
        nothing_there = [None] * (len(rows.blank) + sum(read is None for read in reads))
        return [*self._checked(read for read in reads), *nothing_there]

    def segment(self, rows: Sorted, share: float) -> Segment:
        """Return the segment of sorted lines."""
        cases, part = partial(self.cases, rows) if rows.rows <= self.few else None, None
        if cases is None and self.form is not None and not rows.odd:
            part = UsualLines(self, rows)
        return Segment(self.frames.file, partial(self.table, rows), share, rows.rows, cases=cases, part=part)

    def _frame(self, usual: bytes, numbers: Sequence[int]) -> Lines:
        """Read the usual lines: return the valid rows, the numbers of the other lines, and warnings."""
        if len(numbers) <= self.few:
            return self._nothing(), list(numbers), ()
        frame = self.at_once(usual)
        if frame is not None and frame.height == len(numbers):
            places = pl.Series(PLACE, numbers, dtype=pl.Int64)
            found = self.frames.sorted_out(frame.lazy(), places=places)
            doubtful = found.bad[PLACE].to_list()
            files, cases = [(self.frames.file, frame.height)], ~places.is_in(doubtful) if doubtful else None
            notes = *found.notes, *keys_left_out(frame, files, cases)
            return found.fine, doubtful, notes
        numbered = list(zip(usual.split(b"\n"), numbers, strict=False))
        torn = {number for line, number in numbered if self.may_be_torn(line)}
        whole = [(line, number) for line, number in numbered if number not in torn]
        if not torn and len(whole) > FEWEST:
            middle = len(whole) // 2
            parts = [self._lines(whole[:middle]), self._lines(whole[middle:])]
        elif torn and whole:
            parts = [self._lines(whole)]
        else:
            parts = [(self._nothing(), [number for _, number in whole], ())]
        doubtful = [*torn, *(each for _, more, _ in parts for each in more)]
        return (
            pl.concat([fine for fine, *_ in parts]),
            doubtful,
            once(n for *_, notes in parts for n in notes),
        )

    def _lines(self, numbered: Sequence[tuple[bytes, int]]) -> Lines:
        lines, numbers = zip(*numbered, strict=True)
        return self._frame(b"\n".join(lines), numbers)

    def _nothing(self) -> pl.DataFrame:
        return nothing(self.frames.wanted).insert_column(0, pl.Series(PLACE, [], dtype=pl.Int64))

    def _again(self, block: Block, number: int) -> Callable[[], Read | None]:
        return lambda: self.line(block.line(number).data, number)

    def _checked(self, reads: Iterator[Read | None]) -> Iterator[Case | Reject]:
        for read in reads:
            if isinstance(read, Case):
                yield read
            elif read and any(problem.severity == "error" for problem in read):
                yield reject_of(self.frames.file, read)


@dataclass(frozen=True, slots=True)
class UsualLines:
    """The lines of a small file, all of which are usual."""

    reader: TextReader
    rows: Sorted


def lines_together(parts: Sequence[UsualLines]) -> Table | None:
    """Read the lines of files with the same form at once, or return None if one is invalid or cannot be read
    that way.
    """
    reader = parts[0].reader
    frame = reader.at_once(b"\n".join(part.rows.usual.removesuffix(b"\n") for part in parts))
    files = [(part.reader.frames, part.rows.numbers) for part in parts]
    if frame is None or frame.height != sum(len(numbers) for _, numbers in files):
        return None
    usual = reader.frames.usual(frame.lazy(), [(each.name, numbers) for each, numbers in files])
    if usual is None:
        return None
    blank = [0 for part in parts for _ in part.rows.blank]
    rows = [(each.file, len(numbers)) for each, numbers in files]
    notes = tuple(keys_left_out(frame, rows))
    return Table(usual, blank=blank, parts=[(each.file, numbers) for each, numbers in files], notes=notes)
