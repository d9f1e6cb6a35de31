"""What cases have shown: the truth of every name in every case, asked for name by name.

In: the truth columns of some cases. Out: whether a name was ever true or false, in which rows it was true,
and its truth in one row. The columns stay as they are, so that many names and many cases take little room.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import polars as pl


class Seen:
    """The truth of names in the rows of a frame."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __getitem__(self, name: str) -> Sequence[bool | None]:
        """The truth of a name, row by row."""
        return self.frame[name].to_list()

    def ever(self, name: str, truth: bool) -> bool:
        """Whether a name was true, or false, in some row."""
        return bool(self._ever[truth][name])

    def rows(self, name: str, truth: bool) -> list[int]:
        """The rows in which a name was true, or false."""
        column = self.frame[name] if truth else ~self.frame[name]
        return column.fill_null(False).arg_true().to_list()

    def at(self, name: str, row: int) -> bool | None:
        """The truth of a name in one row."""
        found: bool | None = self.frame[name][row]
        return found

    @cached_property
    def _ever(self) -> dict[bool, dict[str, bool]]:
        if not self.frame.height:
            none = dict.fromkeys(self.frame.columns, False)
            return {True: none, False: none}
        true = self.frame.select(pl.all().fill_null(False).any())
        false = self.frame.select((~pl.all()).fill_null(False).any())
        return {True: true.row(0, named=True), False: false.row(0, named=True)}
