"""Three-valued logic in columns; null is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import polars as pl

from engine.meaning.network import Literal
from engine.model.parts import Bound

COMBINATIONS = 10
"""Maximum number of combinations for which Boolean operations are faster than counting."""


def truth(literal: Literal) -> pl.Expr:
    """A literal as an expression."""
    column = pl.col(literal.node)
    return column if literal.positive else ~column


def compared(number: pl.Expr, bound: Bound) -> pl.Expr:
    """Whether a number satisfies a bound."""
    compared: pl.Expr = bound.how.keeps(number, bound.threshold)
    return compared


def enough(count: int, values: Sequence[pl.Expr]) -> pl.Expr:
    """Whether at least `count` of the values are true, with `count` from 1 to their number.

    Operations on bits are much faster than on numbers. So with few combinations, this is an `or` over the
    combinations of `count` values. Nothing is negated there, so all three truth values come out exactly.
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
    """How many of the values are true, with unknown ones counting as `unknown`."""
    dtype = pl.UInt8 if len(values) < 256 else pl.UInt32
    one, none = (pl.lit(count, dtype=dtype) for count in (1, 0))
    return pl.sum_horizontal([counted(each, one, none, unknown) for each in values])


def counted(value: pl.Expr, true: pl.Expr, false: pl.Expr, unknown: bool) -> pl.Expr:
    """`true` or `false` by the value; an unknown one counts as `unknown`. A cast takes five times as long."""
    return (
        pl.when(~value).then(false).otherwise(true) if unknown else pl.when(value).then(true).otherwise(false)
    )
