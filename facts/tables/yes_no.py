"""Read columns of yes and no: a `yes_no` question, or one option of `choices`."""

from __future__ import annotations

import polars as pl

from facts.answer import DONT_KNOW, IF_CODED, NO, YES
from facts.tables.readings import Check, Reading, is_text, says_unknown, text_of


def read_yes_no(column: str, dtype: pl.DataType, says: str) -> Reading | None:
    """Return how a column of Booleans, of 1 and 0, or of words is read, or None for another type. Floats are
    accepted, because integers become floats in columns with missing values.
    """
    if dtype == pl.Boolean:
        return Reading((pl.col(column),))
    if dtype.is_decimal():
        number = pl.col(column).cast(pl.Float64)
        check = Check("not-yes-no", column, (number != 0) & (number != 1), says, help=IF_CODED)
        return Reading((number != 0,), checks=(check,))
    if dtype.is_integer() or dtype.is_float():
        bad = (pl.col(column) != 0) & (pl.col(column) != 1)
        check = Check("not-yes-no", column, bad, says, help=IF_CODED)
        return Reading((pl.col(column).cast(pl.Boolean),), checks=(check,))
    if not is_text(dtype):
        return None
    word = text_of(column).str.to_lowercase()
    value = pl.when(word.is_in(YES)).then(True).when(word.is_in(NO)).then(False)
    bad = ~word.is_in((*YES, *NO, DONT_KNOW))
    return Reading((value,), says_unknown(word), (Check("not-yes-no", column, bad, says, help=IF_CODED),))
