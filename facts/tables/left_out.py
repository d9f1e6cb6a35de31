"""Which rows of a frame have keys that are left out, and the warnings of it.

In: a frame of lines of JSON, with a Boolean column for each key that is left out. Out: for each key that a
case has a warning, at the file that has it first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from facts.case_keys import key_left_out
from facts.problem import Problem, Span

LEFT_OUT = "\0left out:"


def left_out(key: str) -> str:
    """The name of the column that says which rows have a key."""
    return f"{LEFT_OUT}{key}"


def keys_left_out(
    frame: pl.DataFrame,
    files: Sequence[tuple[str, int]],
    cases: pl.Series | None = None,
) -> Iterator[Problem]:
    """A warning for each key in rows of these files, each with the number of its rows; if only some rows are
    `cases`, for each key in those.
    """
    for name in frame.columns:
        if not name.startswith(LEFT_OUT):
            continue
        there = frame[name] if cases is None else frame[name] & cases
        if there.any():
            note = key_left_out(name.removeprefix(LEFT_OUT))
            yield replace(note, span=Span(_file_of(there.arg_max() or 0, files)))


def _file_of(row: int, files: Sequence[tuple[str, int]]) -> str:
    end = 0
    for file, rows in files:
        end += rows
        if row < end:
            return file
    raise IndexError(row)
