"""Write results piece by piece: Parquet, CSV and JSON lines.

In: frames with the same columns, one per piece. Out: the bytes of a whole file: an opening, the pieces one
after another, and a closing. Writing resumes after the last piece, given the positions of the pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any, Final

import polars as pl

from facts.parquet.footer import MAGIC, Piece, joined, split
from facts.tables.bounds import in_slices
from facts.tables.csv_cells import cells, heads
from facts.tables.frame import DataType

WRITING: Final[dict[str, Any]] = {"compression": "zstd", "compression_level": 1, "statistics": False}
"""Options for writing Parquet. Statistics are off, because minima and maxima of hundreds of Booleans are
useless.
"""


OWN = (
    *(pl.String, pl.Boolean, pl.Float32, pl.Float64, pl.Decimal, pl.Date, pl.Time),
    *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
)
"""Types that Parquet supports without the Arrow schema."""


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a piece in parts, and its Parquet footer."""

    data: Iterable[bytes]
    footer: bytes = b""


@dataclass(frozen=True, slots=True)
class Sink:
    """An output format. The opening depends on the column names, the closing on the pieces."""

    name: str
    opening: Callable[[Sequence[str]], bytes]
    piece: Callable[[pl.DataFrame], Written]
    closing: Callable[[Sequence[Piece]], bytes]
    lacks: Callable[[DataType], str]
    """Names what the format cannot represent in a column of this type; "" if it can."""


def sink(suffix: str, formulas: bool = False) -> Sink:
    """Return the format for a suffix; `formulas` keeps text in CSV that may be a formula."""
    found = SINKS[suffix]
    return CSV_WITH_FORMULAS if found is CSV and formulas else found


def nested_sink(suffix: str, kept: Iterable[DataType] = ()) -> Sink:
    """Return the format for results in structs and lists, with kept columns of these types.

    In Parquet, names inside structs and lists are written as text, because pyarrow cannot read nested
    categories from a file with several row groups. They stay categories if a kept column has a type that only
    the Arrow schema describes.
    """
    found = sink(suffix)
    return NESTED if found is PARQUET and all(map(_is_parquets_own, kept)) else found


def _is_parquets_own(dtype: DataType) -> bool:
    return dtype in OWN or dtype in (pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("ns"))


def _parquet(frame: pl.DataFrame) -> Written:
    buffer = BytesIO()
    rows = max(frame.height, 1)
    frame.write_parquet(buffer, row_group_size=rows, **WRITING)
    data, footer = split(buffer.getvalue())
    return Written((data,), footer)


def _csv(frame: pl.DataFrame, formulas: bool = False) -> Written:
    return _in_parts(frame, lambda rows: cells(rows, formulas).write_csv(include_header=False))


def _lines(frame: pl.DataFrame) -> Written:
    return _in_parts(frame, pl.DataFrame.write_ndjson)


def _in_parts(frame: pl.DataFrame, text: Callable[[pl.DataFrame], str]) -> Written:
    """Return rows as text, in parts made on demand if the text is long."""
    slices = list(in_slices(frame))
    parts = (text(rows).encode() for rows in slices)
    return Written(parts if slices[1:] else tuple(parts))


def _header(names: Sequence[str], formulas: bool = False) -> bytes:
    return pl.DataFrame([heads(names, formulas)], orient="row").write_csv(include_header=False).encode()


def _nothing(_: object) -> bytes:
    return b""


def _lacked_by_csv(dtype: DataType) -> str:
    return "lists" if dtype.is_nested() else "durations" if dtype == pl.Duration else _lacked_by_lines(dtype)


def _lacked_by_lines(dtype: DataType) -> str:
    return "bytes" if "Binary" in str(dtype) else ""


PARQUET = Sink("Parquet", lambda names: MAGIC, _parquet, joined, lambda dtype: "")
NESTED = replace(PARQUET, closing=partial(joined, with_arrow=False))
CSV = Sink("CSV", _header, _csv, _nothing, _lacked_by_csv)
CSV_WITH_FORMULAS = replace(CSV, opening=partial(_header, formulas=True), piece=partial(_csv, formulas=True))
LINES = Sink("JSON lines", _nothing, _lines, _nothing, _lacked_by_lines)
SINKS = {".parquet": PARQUET, ".csv": CSV, ".jsonl": LINES, ".ndjson": LINES}
