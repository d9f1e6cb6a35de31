"""Bounds for what single cells hold: a Parquet file of 1 KB can say a text of 20 MB in each of its rows.

In: a user's frame, and the maximum number of bytes and items of a cell in each column. Out: the frame without
the cells that hold more, with what their texts begin with, and for each row the first column where there was
one. A text that is repeated takes no memory by itself, nor does a list of a million nulls; what is made of
them does, so they are measured and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from facts.case import MAX_ID
from facts.problem import Problem, Span, quote

ID = 4 * MAX_ID
ANSWER = 4_000
"""Maximum number of bytes of an answer; no list of options comes near."""
KEPT = 32_000
"""Maximum number of bytes of any other text."""
AT_ONCE = 16 * 2**20
"""Bytes of text that are written at a time: one text of a file may stand in a million rows."""
LONG = "\0long"
"""The column that names the first column whose cell is too long, null where there is none."""
BEGINNING = "\0begins:"
"""What the name of a column begins with that says how the texts begin that were too long in another."""
SHOWN = 100
"""Number of characters that are kept of a text that is too long."""


def beginning(column: str) -> str:
    """The name of the column that says how texts begin that were too long."""
    return f"{BEGINNING}{column}"


def is_unbounded(dtype: object) -> bool:
    """Whether a cell may hold a text of any length or any number of items; words of an `Enum` are known."""
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
    """The frame with nulls for the cells that hold more than that, with `LONG` and, where texts were too
    long, their `beginning`. In the `others`, which nobody reads, such a cell is nothing to name.
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
    """Which rows hold more than `most` bytes of text and items, however deep; None where none does."""
    column = column.alias("cell")  # A name like `^x$` would be a pattern.
    return _sizes(column) > most if _greatest(column) > most else None


def in_slices(frame: pl.DataFrame, rows: int | None = None) -> Iterator[pl.DataFrame]:
    """The rows in slices of about `AT_ONCE` bytes of text and items, and of at most `rows` rows, if that is
    given.
    """
    for part in frame.iter_slices(rows or max(frame.height, 1)):
        sizes = [_sizes(column.alias("cell")) for column in part if is_unbounded(column.dtype)]
        total = pl.select(pl.sum_horizontal(*sizes, pl.lit(0)).cum_sum() // AT_ONCE).to_series()
        first = 0
        for length in total.rle().struct.field("len") if sizes else [part.height]:
            yield part.slice(first, length)
            first += length


def _beginnings(column: pl.Series, long: pl.Series) -> pl.Series:
    """How the texts begin that are too long; null for the others."""
    if column.dtype == pl.String:
        texts = column.filter(long).str.head(SHOWN) + "…"
    else:
        words = column.unique().drop_nulls()
        shown = words.cast(pl.String).str.head(SHOWN) + "…"
        texts = column.to_physical().filter(long).replace_strict(words.to_physical(), shown)
    found: pl.Series = pl.Series([None], dtype=pl.String).new_from_index(0, column.len())
    return found.scatter(long.arg_true(), texts)


def _greatest(column: pl.Series) -> int:
    """No cell has more bytes of text and items than that."""
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
    """How many bytes of text and items each cell has."""
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
    """A row whose cell in a column is too long."""
    message = f"{quote(column)} has more than {most:,} bytes, or items of a list"
    return Problem("too-long", message, Span(file, place), "shorten it", subject=column)
