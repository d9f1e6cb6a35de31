"""How columns of text are read where they say things in the usual way, many times faster than with care.

In: a column of text and what may stand in it. Out: its values, and a check that fails in every row that says
something in another way (blanks around it, capitals, `unknown`) or something wrong. Such rows are read again
with care (`facts.table_options`, `facts.table_numbers`), so nothing is decided here but that all is well.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from facts.table_reading import Check, Reading
from facts.vocabulary import Choice, Choices, Kind, Number, YesNo

SEPARATOR = ";"


def read_quickly(column: str, kind: Kind) -> Reading | None:
    """A column of text called like a question; None where only care will do."""
    text = pl.col(column)
    match kind:
        case YesNo():
            return yes_no(column)
        case Choice(options):
            dtype = pl.Enum(list(options))
            said = [pl.when(text == each).then(pl.lit(each, dtype=dtype)) for each in options]
            value = pl.coalesce([*said, pl.lit(None, dtype=dtype)])
            return Reading((value,), checks=(_unread(column, value),))
        case Choices(options):
            return _choices(column, options)
        case Number(decimals=0):
            value = text.cast(pl.Int64, strict=False)
            usual = (value.cast(pl.String) == text) & value.is_between(kind.minimum, kind.maximum)
            return Reading((value,), checks=(_unusual(column, text.is_not_null() & ~usual),))
        case _:
            return None


def yes_no(column: str) -> Reading:
    """A column of text that says `yes`, `no`, `true` or `false`."""
    text = pl.col(column)
    yes, no = (text == "true") | (text == "yes"), (text == "false") | (text == "no")
    value = pl.when(yes).then(True).when(no).then(False)
    return Reading((value,), checks=(_unread(column, value),))


def _choices(column: str, options: Collection[str]) -> Reading:
    """Options with `;` between them; what they make up together is as long as all that is said."""
    text = SEPARATOR + pl.col(column) + SEPARATOR
    chosen = [text.str.contains(f"{SEPARATOR}{each}{SEPARATOR}", literal=True) for each in options]
    counted = zip(chosen, options, strict=True)
    lengths = [is_chosen.cast(pl.UInt32) * (len(each.encode()) + 1) for is_chosen, each in counted]
    usual = pl.sum_horizontal(lengths) + 1 == text.str.len_bytes()
    return Reading(tuple(chosen), checks=(_unusual(column, pl.col(column).is_not_null() & ~usual),))


def _unread(column: str, value: pl.Expr) -> Check:
    return _unusual(column, pl.col(column).is_not_null() & value.is_null())


def _unusual(column: str, bad: pl.Expr) -> Check:
    return Check("unusual", column, bad, "")
