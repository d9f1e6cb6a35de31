"""Convert cells to JSON column by column.

In: columns of any type. Out: for each cell the same bytes as `facts.plain.json_text` of its Python value, or
null if the cell is null. Converting row by row takes twenty times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR
from json import JSONEncoder

import polars as pl

from facts.plain import json_text

ODD = r'["\\\x00-\x1f]'
"""Characters that JSON must escape."""
IN_QUOTES = JSONEncoder(ensure_ascii=False).encode
COMMA, COLON = ", ", ": "
AS_IN_PYTHON = 1e-4, 9e15
"""Between these limits, and at 0, Polars formats a float as Python does."""
NULL = pl.Series([None], dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Cells:
    """A column whose cells are valid JSON, after adding quotes if `quoted`."""

    column: pl.Series
    quoted: bool = False

    def after(self, before: str = "") -> pl.Expr:
        """Return each cell as JSON with a prefix, or null."""
        quote = '"' if self.quoted else ""
        return pl.concat_str(pl.lit(before + quote), pl.lit(self.column), pl.lit(quote))


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of indices into a list of JSON texts, for values that are often repeated."""

    column: pl.Series
    said: Sequence[str]

    def after(self, before: str = "") -> pl.Expr:
        """Return each cell as JSON with a prefix, or null."""
        said = pl.Series([before + each for each in self.said], dtype=pl.String)
        return pl.lit(said).gather(pl.lit(self.column.cast(pl.UInt32)))


def json_cells(column: pl.Series) -> pl.Series:
    """Return the cells of a column as JSON, null where the cell is null."""
    return pl.select(cells(column).after()).to_series()


def json_objects(columns: Sequence[pl.Series]) -> pl.Expr:
    """Return rows as JSON objects without null values; needs at least one column."""
    entries = [
        cells(column).after(IN_QUOTES(column.name) + COLON)
        for column in columns
        if column.null_count() < column.len()
    ]
    return pl.concat_str(pl.lit("{"), joined(entries), pl.lit("}"))


def joined(texts: Sequence[pl.Expr]) -> pl.Expr:
    """Join the texts of each row with commas, without nulls."""
    return pl.concat_str(texts, separator=COMMA, ignore_nulls=True) if texts else pl.lit("")


def cells(column: pl.Series) -> Cells | Codes:
    """Return how the cells of a column become JSON."""
    column = column.alias("cell")  # Polars would treat a name like `^x$` as a pattern.
    match column.dtype:
        case pl.String():
            return _texts(column)
        case pl.Boolean():
            return Codes(column, ("false", "true"))
        case pl.Enum(categories=categories) if len(categories) < column.len():
            return Codes(column.to_physical(), list(map(IN_QUOTES, categories)))
        case pl.Enum() | pl.Categorical():
            return _texts(column.cast(pl.String))
        case pl.Float32() | pl.Float64():
            return _numbers(column)
        case pl.Date() if _is_within_years(column):
            return Cells(column, quoted=True)
        case pl.List():
            return Cells(_lists(column))
        case pl.Struct():
            return Cells(_structs(column))
        case dtype if dtype.is_integer():
            return Cells(column)
        case _:
            said = [None if each is None else json_text(each, str) for each in column.to_list()]
            return Cells(pl.Series(said, dtype=pl.String))


def _texts(column: pl.Series) -> Cells:
    odd = column.str.contains(ODD)
    if not odd.any():
        return Cells(column, quoted=True)
    inside = [IN_QUOTES(each)[1:-1] for each in column.filter(odd)]
    return Cells(column.clone().scatter(odd.arg_true(), inside), quoted=True)


def _numbers(column: pl.Series) -> Cells:
    """Format numbers as Python does; infinity and NaN become strings."""
    column = column.cast(pl.Float64)
    usual = (column.abs().is_between(*AS_IN_PYTHON) | (column == 0)).fill_null(True)
    if usual.all():
        return Cells(column)
    said = [json_text(each, str) for each in column.filter(~usual)]
    return Cells(column.cast(pl.String).scatter((~usual).arg_true(), said))


def _is_within_years(column: pl.Series) -> bool:
    return bool(column.dt.year().is_between(1, MAXYEAR).all())


def _lists(column: pl.Series) -> pl.Series:
    filled = (column.list.len() > 0).fill_null(False)
    items = column.filter(filled).explode()
    said = cells(items)
    if isinstance(said, Cells) and said.quoted and said.column is items and not items.null_count():
        inside = pl.lit(column).list.join('", "')
        text = pl.concat_str(pl.lit('["'), inside, pl.lit('"]'))
    else:
        row = pl.int_range(column.len(), eager=True).filter(filled)
        rows = pl.DataFrame({"row": row, "items": column.filter(filled)}).explode("items")["row"]
        both = pl.DataFrame({"row": rows, "item": pl.select(said.after()).to_series().fill_null("null")})
        joined = both.group_by("row", maintain_order=True).agg(pl.col("item").str.join(COMMA))
        text = pl.lit(NULL.new_from_index(0, column.len()).scatter(row, "[" + joined["item"] + "]"))
    empty = pl.when(column.is_not_null()).then(pl.lit("[]"))
    return pl.select(pl.when(filled).then(text).otherwise(empty)).to_series()


def _structs(column: pl.Series) -> pl.Series:
    fields = [column.struct.field(name) for name in column.struct.fields]
    entries = [
        pl.coalesce(cells(each).after(IN_QUOTES(each.name) + COLON), pl.lit(f"{IN_QUOTES(each.name)}: null"))
        for each in fields
    ]
    said = pl.concat_str(pl.lit("{"), joined(entries), pl.lit("}"))
    return pl.select(pl.when(column.is_not_null()).then(said)).to_series()
