"""Results to files, piece by piece: Parquet, CSV and JSON lines.

In: frames with the same columns, one a piece. Out: the bytes of a whole file: an opening, the pieces one
behind the other, and a closing. Where pieces were written is enough to go on after the last of them.
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
"""How Parquet is written: the least and the greatest of each of hundreds of Booleans help nobody."""


OWN = (
    *(pl.String, pl.Boolean, pl.Float32, pl.Float64, pl.Decimal, pl.Date, pl.Time),
    *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
)
"""Types that Parquet has by itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a piece, part by part, and what a Parquet file needs to know of it at its end."""

    data: Iterable[bytes]
    footer: bytes = b""


@dataclass(frozen=True, slots=True)
class Sink:
    """A form of results. The opening is that of these columns, the closing that of these pieces."""

    name: str
    opening: Callable[[Sequence[str]], bytes]
    piece: Callable[[pl.DataFrame], Written]
    closing: Callable[[Sequence[Piece]], bytes]
    lacks: Callable[[DataType], str]
    """What a column of this type holds, if the form does not; empty where all is well."""


def sink(suffix: str, formulas: bool = False) -> Sink:
    """The form that files with this suffix have; `formulas` leaves text in CSV as it is."""
    found = SINKS[suffix]
    return CSV_WITH_FORMULAS if found is CSV and formulas else found


def nested_sink(suffix: str, kept: Iterable[DataType] = ()) -> Sink:
    """The form for results in structs and lists, beside columns of these types.

    Names inside are text in Parquet, as pyarrow reads no categories from there where a file has several row
    groups; but where what is kept has types that only Arrow's schema tells of.
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
    """Rows as text: at once, or where that is long, part by part as it is taken."""
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
