"""Many truths a row as few numbers: which of them hold, row by row, without a look at the others.

In: Boolean expressions in a fixed order, the slots, packed by Polars eight to a byte. Out: the numbers of
the slots that hold, all rows one after the other, and where each row begins. The two together are a list
column: nothing is built row by row, and no null is put in to be taken out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import nanoarrow
import numpy as np
import polars as pl
from numpy.typing import NDArray

CELLS = 1 << 23
"""Slots looked at in one go."""
Starts = NDArray[np.int64]
"""Where each row begins among all values, and where the last one ends."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Truths in order, null as good as false; `counted` are the slots that `starts` counts, all if left out."""

    name: str
    truths: tuple[pl.Expr, ...]
    counted: Sequence[bool] = field(default=(), repr=False)

    @property
    def columns(self) -> list[str]:
        """The columns of bytes that they are packed in."""
        return [f"{self.name}/{at}" for at in range(-(-len(self.truths) // 8))]

    def packed(self) -> Iterator[pl.Expr]:
        """The columns of bytes, over those that the truths read."""
        for at, name in enumerate(self.columns):
            bits = enumerate(self.truths[8 * at : 8 * at + 8])
            yield reduce(or_, (_where(truth, 1 << bit) for bit, truth in bits)).alias(name)

    def held(self, frame: pl.DataFrame) -> pl.Series:
        """The numbers of the slots that hold, of all rows."""
        width = 8 * len(self.columns)
        if not width or not frame.height:
            return pl.Series([], dtype=pl.UInt32)
        packed = frame.select(self.columns).to_numpy(order="c")
        rows = min(frame.height, max(1, CELLS // width))
        numbers = pl.Series(np.tile(np.arange(width, dtype=np.min_scalar_type(width - 1)), rows))
        blocks = (packed[start : start + rows] for start in range(0, frame.height, rows))
        return pl.concat(numbers.head(8 * block.size).filter(_bits(block)) for block in blocks)

    def starts(self, frame: pl.DataFrame) -> Starts:
        """Where each row begins among its slots that hold and are counted."""
        counts = []
        for at, name in enumerate(self.columns):
            mask = sum(1 << bit for bit, each in enumerate(self.counted[8 * at : 8 * at + 8]) if each)
            counted = pl.col(name) & mask if self.counted else pl.col(name)
            counts.append(counted.bitwise_count_ones())
        starts = np.zeros(frame.height + 1, dtype=np.int64)
        if self.columns:
            starts[1:] = frame.select(pl.sum_horizontal(counts)).to_series().to_numpy().cumsum(dtype=np.int64)
        return starts


def lists(starts: Starts, values: pl.Series) -> pl.Series:
    """The list column of the values, whose lists begin there; of numbers and what is made of them alone."""
    dtype = nanoarrow.Array(pl.Series([], dtype=pl.List(values.dtype))).schema
    inner = nanoarrow.c_array(nanoarrow.Array(values.rechunk()))
    return pl.Series(
        nanoarrow.c_array_from_buffers(dtype, len(starts) - 1, [None, starts], children=[inner])
    )


def _where(truth: pl.Expr, bit: int) -> pl.Expr:
    return pl.when(truth).then(pl.lit(bit, dtype=pl.UInt8)).otherwise(pl.lit(0, dtype=pl.UInt8))


def _bits(packed: NDArray[np.uint8]) -> pl.Series:
    """Bytes as Booleans: the same memory, read otherwise."""
    flat = packed.reshape(-1)
    return pl.Series(nanoarrow.c_array_from_buffers(nanoarrow.bool_(), 8 * flat.size, [None, flat]))
