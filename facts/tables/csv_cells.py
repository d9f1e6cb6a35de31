"""Make text safe as CSV cells for spreadsheets.

In: columns of text. Out: the same columns without control characters and formulas. A spreadsheet runs text
that begins with `=`, `+`, `-` or `@`, so a malicious id could send the other cells to a server; a leading
apostrophe makes it plain text. Numbers are unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

FORMULA = r"""^(?:[\t\r\n]|[\s"'\p{Z}\p{Cf}]*[=+\-@＝＋－＠])"""
"""What a spreadsheet may run. Some skip blanks and quotes, and some accept full-width signs."""
NUMBER = r"^[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?$"
CONTROLS = {
    chr(code): f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"
}
"""Escapes for characters that control a terminal or end a text early. Line ends are allowed in cells."""
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"


def cells(frame: pl.DataFrame, formulas: bool = False) -> pl.DataFrame:
    """Return the frame with its text made safe; `formulas` keeps text that may be a formula."""
    return frame.with_columns(_cells(column, formulas) for column in frame if _is_text(column))


def heads(names: Sequence[str], formulas: bool = False) -> list[str]:
    """Return column names as safe cells."""
    return _cells(pl.Series(names, dtype=pl.String), formulas).to_list()


def _is_text(column: pl.Series) -> bool:
    """Whether a column may need changes; the names of an `Enum` are checked once, not row by row."""
    if isinstance(column.dtype, pl.Enum):
        names = column.dtype.categories
        return not _cells(names, formulas=False).equals(names)
    return isinstance(column.dtype, pl.String | pl.Categorical)


def _cells(column: pl.Series, formulas: bool) -> pl.Series:
    text: pl.Series = column.cast(pl.String)
    if text.str.contains(CONTROL).any():
        text = text.str.replace_many(CONTROLS)
    if formulas:
        return text
    is_run = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
    is_safe: pl.Series = ~is_run.fill_null(False)
    return text if is_safe.all() else text.zip_with(is_safe, "'" + text)
