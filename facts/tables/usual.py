"""Read text columns in their usual form, many times faster than carefully.

In: a column of text and its kind. Out: its values, and a check that fails in every row with unusual text
(blanks around it, capitals) or an error. Such rows are read again carefully (`facts.tables.options`,
`facts.tables.numbers`), so this module only decides which rows are valid, never which are invalid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import polars as pl

from facts.answer import DONT_KNOW, NONE
from facts.tables.readings import Check, Reading
from facts.vocabulary import Choice, Choices, Kind, Number, YesNo

SEPARATOR = ";"


def read_quickly(column: str, kind: Kind, objects: bool = False) -> Reading | None:
    """Return how the text column of a question is read, or None if it must be read carefully. With `objects`,
    text may be a JSON object.
    """
    text = pl.col(column)
    match kind:
        case YesNo():
            return yes_no(column)
        case Choice(options):
            dtype = pl.Enum(list(options))
            said = [pl.when(text == each).then(pl.lit(each, dtype=dtype)) for each in options]
            value = pl.coalesce([*said, pl.lit(None, dtype=dtype)])
            return _usual(column, [value], value.is_not_null())
        case Choices(options):
            return _choices(column, options, objects)
        case Number(decimals=0):
            value = text.cast(pl.Int64, strict=False)
            is_usual = (value.cast(pl.String) == text) & value.is_between(kind.minimum, kind.maximum)
            return _usual(column, [value], is_usual)
        case _:
            return None


def yes_no(column: str) -> Reading:
    """Return how a text column with `yes`, `no`, `true` or `false` is read."""
    text = pl.col(column)
    yes, no = (text == "true") | (text == "yes"), (text == "false") | (text == "no")
    value = pl.when(yes).then(True).when(no).then(False)
    return _usual(column, [value], value.is_not_null())


def _choices(column: str, options: Collection[str], objects: bool) -> Reading:
    """Read a list of options separated by `;`, the word `none`, or a JSON object. A cell is usual if the
    options recognised in it add up to its length.
    """
    text = pl.col(column)
    is_object = text.str.starts_with("{") if objects else pl.lit(False)
    listed = SEPARATOR + text + SEPARATOR
    chosen = [listed.str.contains(f"{SEPARATOR}{each}{SEPARATOR}", literal=True) for each in options]
    named = [_named(text, each) for each in options]
    as_list = _length(chosen, [len(each.encode()) + 1 for each in options]) - 1
    # The length of `"option": true, `; `false` adds one. The two braces offset the missing last `, `.
    as_object = _length([each.is_not_null() for each in named], [len(each.encode()) + 10 for each in options])
    as_object = as_object + _length([~each for each in named], [1] * len(named))
    read = pl.when(is_object).then(as_object).otherwise(as_list) == text.str.len_bytes()
    known = [pl.when(is_object).then(one).otherwise(other) for one, other in zip(named, chosen, strict=True)]
    values = [pl.when(text != DONT_KNOW).then(each) for each in known]
    return _usual(column, values, read | (text == NONE))


def _named(text: pl.Expr, option: str) -> pl.Expr:
    """Return the value of an option in an object."""
    true, false = (text.str.contains(f'"{option}": {said}', literal=True) for said in ("true", "false"))
    return pl.when(true).then(True).when(false).then(False)


def _length(there: Sequence[pl.Expr], lengths: Sequence[int]) -> pl.Expr:
    counted = zip(there, lengths, strict=True)
    return pl.sum_horizontal([each.fill_null(False).cast(pl.Int32) * length for each, length in counted])


def _usual(column: str, values: Iterable[pl.Expr], is_usual: pl.Expr) -> Reading:
    """Return a reading with these values; text that is neither usual nor `unknown` fails its check."""
    text = pl.col(column)
    unknown = text == DONT_KNOW
    bad = text.is_not_null() & ~is_usual.fill_null(False) & ~unknown
    return Reading(tuple(values), unknown, (Check("unusual", column, bad, ""),))
