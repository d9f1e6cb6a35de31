"""Random columns: the same seed gives the same numbers, on every machine and in every version.

Each number is worked out from the seed, the name of what is drawn and the number of the row alone, by the
mixing function of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014).
So no draw changes another: a knowledge base with one question more has the same answers to all the others,
and fewer rows are the first of more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

ROW = "# row"
"""The column with the number of the row, from 0; a name that no question has."""
FINE = 1 << 32
"""The number of parts of which one is drawn where shares must be met."""
STEP = 0x9E3779B97F4A7C15
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


def rows(count: int, start: int = 0) -> pl.LazyFrame:
    """So many numbered rows and nothing else, the first of them with the number `start`."""
    numbers = pl.int_range(start, start + count, dtype=pl.UInt64, eager=True)
    return pl.LazyFrame([numbers.alias(ROW)])


def numbered(frame: pl.DataFrame) -> pl.LazyFrame:
    """A frame with its rows numbered."""
    return frame.lazy().with_columns(pl.int_range(pl.len(), dtype=pl.UInt64).alias(ROW))


@dataclass(frozen=True, slots=True)
class Dice:
    """What can be drawn in every row of a numbered frame. Two draws of the same name are the same."""

    seed: int

    def number(self, name: str) -> pl.Expr:
        """A whole number of 64 bits."""
        start = int.from_bytes(sha256(f"{self.seed}:{name}".encode()).digest()[:8], "big")
        mixed = pl.col(ROW) * _word(STEP) + _word(start)
        for bits, factor in ROUNDS:
            mixed = (mixed ^ (mixed // _word(1 << bits))) * _word(factor)
        return mixed ^ (mixed // _word(1 << 31))

    def fraction(self, name: str) -> pl.Expr:
        """A number from 0 to 1, 1 left out."""
        return (self.number(name) // _word(1 << 11)).cast(pl.Float64) * 2.0**-53

    def part(self, name: str) -> pl.Expr:
        """A whole number from 0 to `FINE`, which is left out, in 64 bits without a sign."""
        return self.number(name) // _word(FINE)

    def chance(self, name: str, share: float | pl.Expr) -> pl.Expr:
        """True in this share of the rows."""
        return self.fraction(name) < share

    def below(self, name: str, end: int) -> pl.Expr:
        """A whole number from 0 to `end`, which is left out."""
        return (self.number(name) % _word(end)).cast(pl.Int64)

    def one(self, name: str, values: Sequence[object]) -> pl.Expr:
        """One of the values."""
        return pl.lit(pl.Series(list(values))).gather(self.below(name, len(values)))


def _word(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)
