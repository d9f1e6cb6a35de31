"""Read columns of numbers: integers, decimals or text.

A value that is not a number, is out of range or has too many decimals fails a check. Nothing is rounded
except the representation error of floats.
"""

from __future__ import annotations

import polars as pl

from facts.answer import NOISY, NUMERAL, decimals_of, rounding
from facts.tables.readings import Check, Reading, is_text, says_unknown, text_of
from facts.vocabulary import Number

DIGITS = rf"^(?:{NUMERAL.pattern})$"
NOISE = rf"^(?:{NOISY.pattern})$"


def read_number(column: str, dtype: pl.DataType, kind: Number) -> Reading | None:
    """Return how a column of numbers, in the question's unit, or of text with numbers is read, or None for
    another type.
    """
    if is_text(dtype):
        return _from_text(column, kind)
    if dtype.is_integer():
        return Reading((pl.col(column),), checks=(_range(column, kind, pl.col(column), pl.lit(True)),))
    if dtype.is_float() or dtype.is_decimal():
        return _from_decimals(column, dtype, kind)
    return None


def _from_decimals(column: str, dtype: pl.DataType, kind: Number) -> Reading:
    given = pl.col(column).cast(pl.Float64)
    value = given.round(kind.decimals)
    is_fine = (value.cast(dtype, strict=False) == pl.col(column)) if dtype == pl.Float32 else value == given
    finite = given.is_finite()
    checks = (
        Check("not-a-number", column, ~finite, _no_number(column, kind)),
        _too_many_decimals(column, kind, finite & ~is_fine),
        _range(column, kind, value, finite & is_fine),
    )
    return Reading((value,), checks=checks)


def _from_text(column: str, kind: Number) -> Reading:
    word = text_of(column)
    unknown, is_numeral, is_noise = says_unknown(word), word.str.contains(DIGITS), word.str.contains(NOISE)
    decimals = word.str.extract(r"\.([0-9]*?)0*$").str.len_chars().fill_null(0)
    is_fine = is_numeral & (decimals <= kind.decimals)
    digits = pl.when(is_fine).then(word.str.strip_prefix("+"))
    value = digits.cast(pl.Float64) if kind.decimals else digits.str.replace(r"\..*$", "").cast(pl.Int64)
    checks = (
        Check("not-a-number", column, ~unknown & ~is_numeral & ~is_noise, _no_number(column, kind)),
        _too_many_decimals(column, kind, (is_numeral | is_noise) & ~is_fine),
        _range(column, kind, value, is_fine),
    )
    return Reading((value,), unknown, checks)


def _range(column: str, kind: Number, value: pl.Expr, applies: pl.Expr) -> Check:
    bad = applies & ~value.is_between(kind.minimum, kind.maximum)
    says = f"`{column}` must be from {kind.minimum} to {kind.maximum} {kind.unit}, not {{said}}"
    return Check("out-of-range", column, bad, says)


def _no_number(column: str, kind: Number) -> str:
    return f"`{column}` must be a number of {kind.unit}, not {{said}}"


def _too_many_decimals(column: str, kind: Number, bad: pl.Expr) -> Check:
    says = f"`{column}` must be {decimals_of(kind)}, not {{said}}"
    return Check("decimals", column, bad, says, help=rounding(kind))
