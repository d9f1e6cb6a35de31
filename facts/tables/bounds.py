"""Limit the size of single cells: a Parquet file of 1 KB can expand to 20 MB of text in every row.

In: a user's frame, and the maximum number of bytes and list items per cell, by column. Out: the frame with
oversized cells set to null, the beginnings of their texts, and for each row the first column with such a
cell. A repeated text, or a list of a million nulls, takes almost no memory until it is processed, so cells
are measured before anything else is done with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from facts.case import MAX_ID
from facts.problem import Problem, Span, quote

ID = 4 * MAX_ID
ANSWER = 4_000
"""Maximum number of bytes of an answer; even the longest list of options is far shorter."""
KEPT = 32_000
"""Maximum number of bytes of any other text."""
AT_ONCE = 16 * 2**20
"""Approximate number of bytes of text written at once: a million rows may repeat one long text."""
LONG = "\0long"
"""The column with the name of the first column whose cell is too long, or null."""
BEGINNING = "\0begins:"
"""Prefix of the column with the beginnings of the texts that are too long in another column."""
SHOWN = 100
"""Number of characters kept of a text that is too long."""


def beginning(column: str) -> str:
    """Return the name of the column with the beginnings of texts that are too long in `column`."""
    return f"{BEGINNING}{column}"


def is_unbounded(dtype: object) -> bool:
    """Whether a cell may hold a text of any length or any number of items."""
    match dtype:
        case pl.List():
            return True
        case pl.Array():
            return is_unbounded(dtype.inner)
        case pl.Struct():
            return any(is_unbounded(field.dtype) for field in dtype.fields)
        case pl.Enum():
            return any(len(word) > MAX_ID for word in dtype.categories)
        case _:
            return isinstance(dtype, pl.String | pl.Categorical | pl.Binary)


def bounded(frame: pl.DataFrame, most: Mapping[str, int], others: Iterable[str] = ()) -> pl.DataFrame:
    """Replace cells that exceed the limits in `most` with null, and add the column `LONG` and, for texts,
    `beginning`.

    Cells in `others`, which are not read, are limited to `KEPT` but not named in `LONG`.
    """
    schema = frame.schema
    limits = [*most.items(), *((other, KEPT) for other in others if is_unbounded(schema[other]))]
    found = {name: too_long(frame[name], limit) for name, limit in limits}
    long = {name: rows for name, rows in found.items() if rows is not None}
    named = [pl.when(rows).then(pl.lit(name)) for name, rows in long.items() if name in most]
    cut = [pl.when(~rows).then(frame[name]).alias(name) for name, rows in long.items()]
    texts = [name for name in long if isinstance(schema[name], pl.String | pl.Categorical | pl.Enum)]
    begin = [_beginnings(frame[name], long[name]).alias(beginning(name)) for name in texts]
    return frame.with_columns(*cut, *begin, pl.coalesce([*named, pl.lit(None, pl.String)]).alias(LONG))


def too_long(column: pl.Series, most: int) -> pl.Series | None:
    """Return a mask of rows with more than `most` bytes of text and items at any depth, or None if there are
    none.
    """
    column = column.alias("cell")  # Polars would treat a name like `^x$` as a pattern.
    return _sizes(column) > most if _greatest(column) > most else None


def in_slices(frame: pl.DataFrame, rows: int | None = None) -> Iterator[pl.DataFrame]:
    """Yield slices of about `AT_ONCE` bytes of text and items, and of at most `rows` rows, if given."""
    for part in frame.iter_slices(rows or max(frame.height, 1)):
        sizes = [_sizes(column.alias("cell")) for column in part if is_unbounded(column.dtype)]
        total = pl.select(pl.sum_horizontal(*sizes, pl.lit(0)).cum_sum() // AT_ONCE).to_series()
        first = 0
        for length in total.rle().struct.field("len") if sizes else [part.height]:
            yield part.slice(first, length)
            first += length


def _beginnings(column: pl.Series, long: pl.Series) -> pl.Series:
    """Return the beginnings of the texts that are too long, null elsewhere."""
    if column.dtype == pl.String:
        texts = column.filter(long).str.head(SHOWN) + "…"
    else:
        words = column.unique().drop_nulls()
        shown = words.cast(pl.String).str.head(SHOWN) + "…"
        texts = column.to_physical().filter(long).replace_strict(words.to_physical(), shown)
    found: pl.Series = pl.Series([None], dtype=pl.String).new_from_index(0, column.len())
    return found.scatter(long.arg_true(), texts)


def _greatest(column: pl.Series) -> int:
    """Return an upper bound for the bytes of text and items in any cell."""
    match column.dtype:
        case pl.List():
            return _whole(column.list.len().max()) * (1 + _greatest(column.explode()))
        case pl.Array():
            return _greatest(column.arr.to_list())
        case pl.Struct():
            return sum(_greatest(column.struct.field(name).alias("cell")) for name in column.struct.fields)
        case pl.Categorical() | pl.Enum():
            return _whole(column.unique().cast(pl.String).str.len_bytes().max())
        case _:
            return _whole(_sizes(column).max())


def _sizes(column: pl.Series) -> pl.Series:
    """Return the number of bytes of text and items of each cell."""
    match column.dtype:
        case pl.String():
            sizes = column.str.len_bytes()
        case pl.Binary():
            sizes = column.bin.size()
        case pl.Categorical() | pl.Enum():
            words = column.unique().drop_nulls()
            sizes = column.to_physical().replace_strict(
                words.to_physical(), words.cast(pl.String).str.len_bytes(), return_dtype=pl.UInt32
            )
        case pl.List():
            row = pl.int_range(column.len(), eager=True)
            items = pl.DataFrame({"row": row, "items": column}).explode("items")
            inside = items.select("row", size=_sizes(items["items"].alias("cell")))
            inside = inside.group_by("row").agg(pl.col("size").sum())
            nothing = pl.zeros(column.len(), pl.UInt64, eager=True)
            sizes = column.list.len() + nothing.scatter(inside["row"], inside["size"])
        case pl.Array():
            sizes = _sizes(column.arr.to_list())
        case pl.Struct():
            fields = [_sizes(column.struct.field(name).alias("cell")) for name in column.struct.fields]
            sizes = pl.select(pl.sum_horizontal(*fields, pl.lit(column.is_null() & False))).to_series()
        case _:
            sizes = pl.zeros(column.len(), eager=True)
    known: pl.Series = sizes.cast(pl.UInt64).fill_null(0)
    return known


def _whole(number: object) -> int:
    return number if isinstance(number, int) else 0


def problem_of(column: str, most: int, file: str, place: int) -> Problem:
    """Return the problem of a row with a cell that is too long."""
    message = f"{quote(column)} has more than {most:,} bytes or list items"
    return Problem("too-long", message, Span(file, place), "shorten it", subject=column)
