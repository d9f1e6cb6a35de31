"""Random columns: the same seed gives the same numbers on every machine and in every version.

Each number depends only on the seed, the name of the draw and the number of the row, by the mixing function
of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014). So no draw
affects another: with one more question in a knowledge base, the answers to all others stay the same, and a
smaller sample is the beginning of a larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

ROW = "# row"
"""The column with the number of the row, from 0; no question has this name."""
FINE = 1 << 32
"""The number of equal parts into which shares are divided."""
STEP = 0x9E3779B97F4A7C15
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


def rows(count: int, start: int = 0) -> pl.LazyFrame:
    """A frame of `count` numbered rows without other columns; the first number is `start`."""
    numbers = pl.int_range(start, start + count, dtype=pl.UInt64, eager=True)
    return pl.LazyFrame([numbers.alias(ROW)])


def numbered(frame: pl.DataFrame) -> pl.LazyFrame:
    """A frame with its rows numbered from 0."""
    return frame.lazy().with_columns(pl.int_range(pl.len(), dtype=pl.UInt64).alias(ROW))


@dataclass(frozen=True, slots=True)
class Dice:
    """Random values for every row of a numbered frame. Draws with the same name give the same values."""

    seed: int

    def number(self, name: str) -> pl.Expr:
        """A 64-bit unsigned integer."""
        start = int.from_bytes(sha256(f"{self.seed}:{name}".encode()).digest()[:8], "big")
        mixed = pl.col(ROW) * _word(STEP) + _word(start)
        for bits, factor in ROUNDS:
            mixed = (mixed ^ (mixed // _word(1 << bits))) * _word(factor)
        return mixed ^ (mixed // _word(1 << 31))

    def fraction(self, name: str) -> pl.Expr:
        """A number from 0 (included) to 1 (excluded)."""
        return (self.number(name) // _word(1 << 11)).cast(pl.Float64) * 2.0**-53

    def part(self, name: str) -> pl.Expr:
        """An integer from 0 to `FINE` (excluded), as `UInt64`."""
        return self.number(name) // _word(FINE)

    def chance(self, name: str, share: float | pl.Expr) -> pl.Expr:
        """True in about this share of the rows, from 0 to 1."""
        return self.fraction(name) < share

    def below(self, name: str, end: int) -> pl.Expr:
        """An integer from 0 to `end` (excluded)."""
        return (self.number(name) % _word(end)).cast(pl.Int64)

    def one(self, name: str, values: Sequence[object]) -> pl.Expr:
        """One of the values, all equally likely."""
        return pl.lit(pl.Series(list(values))).gather(self.below(name, len(values)))


def _word(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)
