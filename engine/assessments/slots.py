"""From many truths per row to the few that hold, without looking at each one.

In: Boolean expressions in a fixed order, the slots, which Polars packs eight to a byte. Out: the numbers of
the slots that hold, for all rows one after the other, and the start of each row. Together they are a list
column. Rows are not built one by one, and no nulls are inserted only to be removed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import nanoarrow
import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.datatypes import DataTypeClass

CELLS = 1 << 23
"""Maximum number of slots, over all rows, processed at once."""
WORD = 64
Starts = NDArray[np.int64]
"""The start of each row among all values, and the end of the last row."""


@dataclass(frozen=True, slots=True)
class Held:
    """The numbers of the slots that hold, row after row, and where each row starts among the slots that
    count.
    """

    numbers: pl.Series
    starts: Starts


@dataclass(frozen=True, slots=True)
class Slots:
    """Truths in order; null counts as false. The number of a slot is its position, unless `numbers` has
    another. With `counted`, only slots with a lower number count for the length of a row.
    """

    name: str
    truths: tuple[pl.Expr, ...]
    numbers: Sequence[int] | None = None
    counted: int | None = None

    @property
    def words(self) -> int:
        """Number of 64-bit words per row."""
        return -(-len(self.truths) // WORD)

    @property
    def columns(self) -> list[str]:
        """The names of the byte columns in which the truths are packed."""
        return [f"{self.name}/{at}" for at in range(WORD // 8 * self.words)]

    def packed(self) -> Iterator[pl.Expr]:
        """The byte columns, as expressions over the columns of the truths."""
        for at, name in enumerate(self.columns):
            bits = enumerate(self.truths[8 * at : 8 * at + 8])
            set_ = [pl.when(truth).then(_bit(1 << bit)).otherwise(_bit(0)) for bit, truth in bits]
            yield reduce(or_, set_ or [_bit(0)]).alias(name)

    def held(self, frame: pl.DataFrame) -> Held:
        """The slots that hold, from a frame with the byte columns."""
        starts = np.zeros(frame.height + 1, dtype=np.int64)
        if not self.truths or not frame.height:
            return Held(pl.Series([], dtype=pl.UInt32), starts)
        packed = frame.select(self.columns).to_numpy(order="c")
        np.cumsum(self._lengths(packed), out=starts[1:])
        return Held(pl.concat(self._numbers(packed)), starts)

    def _numbers(self, packed: NDArray[np.uint8]) -> Iterator[pl.Series]:
        """The numbers of the slots that hold, some rows at a time."""
        rows = min(len(packed), max(1, CELLS // (WORD * self.words)))
        each = np.zeros(WORD * self.words, dtype=np.min_scalar_type(max(self._numbered()) + 1))
        each[: len(self.truths)] = self._numbered()
        numbers = pl.Series(np.tile(each, rows))
        for start in range(0, len(packed), rows):
            bits = packed[start : start + rows].reshape(-1)
            yield numbers.head(8 * bits.size).filter(_as_bits(bits))

    def _lengths(self, packed: NDArray[np.uint8]) -> NDArray[np.uint32]:
        """Number of slots in each row that hold and count."""
        counts = np.zeros(WORD * self.words, dtype=bool)
        most = len(self.truths) if self.counted is None else self.counted
        counts[: len(self.truths)] = np.less(self._numbered(), most)
        lengths = np.zeros(len(packed), dtype=np.uint32)
        masks = np.packbits(counts, bitorder="little").view(np.uint64)
        for word, mask in zip(packed.view(np.uint64).T, masks, strict=True):
            lengths += np.bitwise_count(word & mask)
        return lengths

    def _numbered(self) -> Sequence[int]:
        return range(len(self.truths)) if self.numbers is None else self.numbers


def lists(starts: Starts, values: pl.Series) -> pl.Series:
    """A list column from its values and the starts of its lists. Values must be numbers, or structs or lists
    of numbers.
    """
    dtype = nanoarrow.Array(pl.Series([], dtype=pl.List(values.dtype))).schema
    inner = nanoarrow.c_array(nanoarrow.Array(values.rechunk()))
    return pl.Series(nanoarrow.c_array_from_buffers(dtype, len(starts) - 1, [None, starts], children=[inner]))


def _bit(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt8)


def _as_bits(packed: NDArray[np.uint8]) -> pl.Series:
    """Bytes as Booleans, without copying."""
    return pl.Series(nanoarrow.c_array_from_buffers(nanoarrow.bool_(), 8 * packed.size, [None, packed]))


DataType = pl.DataType | DataTypeClass


@dataclass(frozen=True, slots=True)
class Listed:
    """Lists of constants: for each column, the value of each slot. Further columns over the same slots cost
    little.
    """

    slots: Slots
    values: Mapping[str, pl.Series]

    @property
    def dtypes(self) -> dict[str, DataType]:
        """The types of the columns, by name, after `named` has put names in place of numbers."""
        return {name: pl.List(values.dtype) for name, values in self.values.items()}

    def packed(self) -> Iterator[pl.Expr]:
        """The columns that `read` reads, over the truth columns."""
        return self.slots.packed()

    def read(self, frame: pl.DataFrame) -> Iterator[pl.Series]:
        """The columns, with numbers in place of names."""
        held = self.slots.held(frame)
        for name, values in self.values.items():
            yield lists(held.starts, values.to_physical().gather(held.numbers)).alias(name)


def named(value: pl.Expr, dtype: DataType) -> pl.Expr:
    """Numbers converted to the names of an `Enum`, inside lists and structs too."""
    match dtype:
        case pl.Enum():
            return value.cat.to(dtype)
        case pl.List(inner=inner):
            return value.list.eval(named(pl.element(), inner))
        case pl.Struct(fields=fields):
            return record({each.name: named(value.struct.field(each.name), each.dtype) for each in fields})
        case _:
            return value


def names_of(values: Iterable[str]) -> pl.Series:
    """The values as an `Enum` series."""
    each = list(values)
    return pl.Series(each, dtype=pl.Enum(list(dict.fromkeys(each))))


def record(fields: Mapping[str, pl.Expr]) -> pl.Expr:
    """A struct of these fields."""
    return pl.struct([value.alias(name) for name, value in fields.items()])
