"""Scores in columns: the lowest and highest sum, in whole units.

In: the node of a score. Out: its columns `NAME:low` and `NAME:high`, and two for each line. The unit is the
greatest common divisor of everything that the score counts, so sums are exact and nearly always fit in 32
bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add
from typing import assert_never

import polars as pl

from engine.columns.kleene import compared, counted, truth
from engine.meaning.holds import possible
from engine.meaning.network import Literal, Total
from engine.model.names import name_of
from engine.model.parts import Bound
from engine.model.scores import (
    TICKS,
    Bands,
    Line,
    Points,
    PointsByOption,
    Score,
    Times,
    decimals_of,
    steps_of,
    unit_of,
)
from facts.tables.frame import DataType


@dataclass(frozen=True, slots=True)
class Scale:
    """The ticks per unit, and the type of the columns."""

    unit: int
    dtype: DataType

    def units(self, ticks: int) -> pl.Expr:
        """A literal in units; `ticks` must be a multiple of the unit."""
        return pl.lit(ticks // self.unit, dtype=self.dtype)

    def rounded(self, bound: Bound) -> Bound:
        """A bound in ticks, converted to whole units with the same effect."""
        ticks = int(bound.threshold)
        is_upwards = bound.how.is_lower != bound.how.is_strict
        return Bound(bound.comparison, -(-ticks // self.unit) if is_upwards else ticks // self.unit)


def scale_of(score: Score) -> Scale:
    """The scale of a score, with a type wide enough for all of its sums."""
    unit = unit_of(score)
    most = sum(max(map(abs, _ticks_of(line)), default=0) for line in score.lines)
    return Scale(unit, pl.Int32 if most // unit < 1 << 31 else pl.Int64)


def _ticks_of(line: Line) -> list[int]:
    """All numbers that the columns of a line can contain, in ticks."""
    return [*steps_of(line), *([] if isinstance(line, Points) else possible(line))]


def in_points(score: Score, end: str) -> pl.Expr:
    """The `low` or the `high` end of a score, in points."""
    units = pl.col(name_of("score", score.name, end)).cast(pl.Int64)
    share = Fraction(scale_of(score).unit, TICKS)
    if share.denominator == 1:
        return (units * share.numerator).cast(pl.Float64)
    # Polars multiplies by the inverse of a constant, which is off by one bit for many quotients. Rounding
    # corrects this for every sum that `engine.loading.whole` accepts.
    return (units * share.numerator / share.denominator).round(decimals_of(score))


def kept(total: str, score: Score, bound: Bound) -> pl.Expr:
    """Whether a score satisfies a bound: null unless both ends agree."""
    rounded = scale_of(score).rounded(bound)
    at_low, at_high = (compared(pl.col(f"{total}:{end}"), rounded) for end in ("low", "high"))
    return pl.when(at_low == at_high).then(at_low)


def totals(name: str, node: Total) -> Iterator[pl.Expr]:
    """The columns of a score."""
    scale, read = scale_of(node.score), zip(node.score.lines, node.lines, node.asked, strict=True)
    ends = [_ends(line, literal, asked, scale) for line, literal, asked in read]
    for at, (low, high) in enumerate(ends, 1):
        yield low.alias(f"{name}/{at}:low")
        yield high.alias(f"{name}/{at}:high")
    yield reduce(add, [low for low, _ in ends]).alias(f"{name}:low")
    yield reduce(add, [high for _, high in ends]).alias(f"{name}:high")


def _ends(line: Line, literal: Literal | None, asked: str | None, scale: Scale) -> tuple[pl.Expr, pl.Expr]:
    """The lowest and highest that a line can count."""
    if isinstance(line, Points):
        assert literal is not None
        return _points_end(line.ticks, literal, min, scale), _points_end(line.ticks, literal, max, scale)
    return _open_end(line, asked, min, scale), _open_end(line, asked, max, scale)


def _points_end(ticks: int, literal: Literal, end: Callable[[int, int], int], scale: Scale) -> pl.Expr:
    return counted(truth(literal), scale.units(ticks), scale.units(0), unknown=end(0, ticks) == ticks)


def _open_end(
    line: PointsByOption | Times | Bands, asked: str | None, end: Callable[[int, int], int], scale: Scale
) -> pl.Expr:
    reachable = reduce(end, possible(line))
    if asked is None:
        return _exact(line, scale).fill_null(scale.units(reachable))
    applies = pl.col(asked)
    maybe = pl.when(applies).then(scale.units(reachable)).when(~applies).then(scale.units(0))
    return _exact(line, scale).fill_null(maybe.otherwise(scale.units(end(0, reachable))))


def _exact(line: PointsByOption | Times | Bands, scale: Scale) -> pl.Expr:
    answer = pl.col(line.question)
    match line:
        case PointsByOption(_, ticks):
            listed = [pl.when(answer == option).then(scale.units(each)) for option, each in ticks.items()]
            return pl.coalesce([*listed, pl.when(answer.is_not_null()).then(scale.units(0))])
        case Times(_, ticks, decimals):
            steps = (answer * 10**decimals).round() if decimals else answer
            # Answers are always in range here, and checking for overflow takes thirty times as long.
            return steps.cast(scale.dtype, wrap_numerical=True) * scale.units(ticks)
        case Bands(_, bands):
            below = [pl.when(answer < end).then(scale.units(each)) for end, each in bands if end is not None]
            return pl.coalesce([*below, pl.when(answer.is_not_null()).then(scale.units(bands[-1][1]))])
        case _:
            assert_never(line)
