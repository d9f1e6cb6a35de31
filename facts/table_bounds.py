"""Bounds for what single cells hold: a Parquet file of 1 KB can say a text of 20 MB in each of its rows.

In: a user's frame, and the maximum number of bytes of a text in each column. Out: the frame without the cells
that hold more, and for each row the first column where there was one. A text that is repeated takes no memory
by itself; what is made of it does, so it is measured and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from facts.case import MAX_ID
from facts.problem import Problem, Span, quote

ID = 4 * MAX_ID
ANSWER = 4_000
"""Maximum number of bytes of an answer; no list of options comes near."""
KEPT = 32_000
"""Maximum number of bytes of any other text."""
LONG = "\0long"
"""The column that names the first column whose text is too long, null where there is none."""


def holds_text(dtype: object) -> bool:
    """Whether a column may hold texts of any length; the words of an `Enum` are known."""
    match dtype:
        case pl.List() | pl.Array():
            return holds_text(dtype.inner)
        case pl.Struct():
            return any(holds_text(field.dtype) for field in dtype.fields)
        case pl.Enum():
            return any(len(word) > MAX_ID for word in dtype.categories)
        case _:
            return isinstance(dtype, pl.String | pl.Categorical | pl.Binary)


def bounded(frame: pl.DataFrame, most: Mapping[str, int], others: Iterable[str] = ()) -> pl.DataFrame:
    """The frame with nulls for the cells that hold more than that, and the column `LONG`. In the `others`,
    which nobody reads, such a cell is nothing to name.
    """
    found = {
        name: too_long(frame[name], bytes) for name, bytes in [*most.items(), *((o, KEPT) for o in others)]
    }
    long = {name: rows.fill_null(False) for name, rows in found.items() if rows is not None and rows.any()}
    named = [pl.when(rows).then(pl.lit(name)) for name, rows in long.items() if name in most]
    cut = [pl.when(~rows).then(frame[name]).alias(name) for name, rows in long.items()]
    return frame.with_columns(*cut, pl.coalesce([*named, pl.lit(None, pl.String)]).alias(LONG))


def too_long(column: pl.Series, most: int) -> pl.Series | None:
    """Which rows hold a text of more than `most` bytes, however deep; None where there are no texts."""
    column = column.alias("cell")  # A name like `^x$` would be a pattern.
    match column.dtype:
        case pl.String():
            return column.str.len_bytes() > most
        case pl.Binary():
            return column.bin.size() > most
        case pl.Categorical() | pl.Enum():
            words = column.unique().drop_nulls()
            long = words.filter(words.cast(pl.String).str.len_bytes() > most)
            return column.to_physical().is_in(long.to_physical().implode())
        case pl.List() | pl.Array():
            row = pl.int_range(column.len(), eager=True)
            items = pl.DataFrame({"row": row, "items": column}).explode("items")
            long_items = too_long(items["items"], most)
            return None if long_items is None else row.is_in(items.filter(long_items)["row"].implode())
        case pl.Struct():
            fields = (too_long(column.struct.field(name), most) for name in column.struct.fields)
            found = {str(at): rows for at, rows in enumerate(fields) if rows is not None}
            return pl.DataFrame(found).select(pl.any_horizontal(pl.all())).to_series() if found else None
        case _:
            return None


def problem_of(column: str, most: int, file: str, place: int) -> Problem:
    """A row whose text in a column is too long."""
    message = f"{quote(column)} has a text of more than {most:,} bytes"
    return Problem("too-long", message, Span(file, place), "shorten it", subject=column)
