"""Three-valued truth in columns, of which everything else is made: null is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import polars as pl

from engine.meaning.network import Literal
from engine.model.parts import Bound

COMBINATIONS = 10
"""Maximum number of literals for which gates of bits are faster than counting."""


def truth(literal: Literal) -> pl.Expr:
    """A literal as an expression."""
    column = pl.col(literal.node)
    return column if literal.positive else ~column


def compared(number: pl.Expr, bound: Bound) -> pl.Expr:
    """A number held against a bound."""
    compared: pl.Expr = bound.how.keeps(number, bound.threshold)
    return compared


def enough(count: int, values: Sequence[pl.Expr]) -> pl.Expr:
    """Whether so many of the values are true, at least one and at most all of them.

    Bits cost much less than numbers, so where it can be said in few words, one of the combinations has to be
    true as a whole. Nothing is negated there, so that the three values come out exactly.
    """
    if len(values) == 1:
        return values[0]
    if count == len(values):
        return pl.all_horizontal(values)
    if count == 1:
        return pl.any_horizontal(values)
    if comb(len(values), count) <= COMBINATIONS:
        return pl.any_horizontal([pl.all_horizontal(some) for some in combinations(values, count)])
    is_reached, may_be = (number(values, unknown=each) >= count for each in (False, True))
    return pl.when(is_reached).then(True).when(~may_be).then(False)


def number(values: Sequence[pl.Expr], unknown: bool) -> pl.Expr:
    """How many of the values are true, where the unknown ones are taken for this."""
    dtype = pl.UInt8 if len(values) < 256 else pl.UInt32
    one, none = (pl.lit(count, dtype=dtype) for count in (1, 0))
    return pl.sum_horizontal([counted(each, one, none, unknown) for each in values])


def counted(value: pl.Expr, true: pl.Expr, false: pl.Expr, unknown: bool) -> pl.Expr:
    """What a truth counts; where it is unknown, the same as for `unknown`. Casts take five times as long."""
    return (
        pl.when(~value).then(false).otherwise(true) if unknown else pl.when(value).then(true).otherwise(false)
    )
