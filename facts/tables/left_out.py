"""Mark rows with ignored keys, and warn about these keys.

In: a frame of JSON lines with a Boolean column per ignored key. Out: for each key that a case has, a warning
at the first file with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from facts.case_keys import key_left_out
from facts.problem import Problem, Span

LEFT_OUT = "\0left out:"


def left_out(key: str) -> str:
    """Return the name of the column that marks the rows with a key."""
    return f"{LEFT_OUT}{key}"


def keys_left_out(
    frame: pl.DataFrame,
    files: Sequence[tuple[str, int]],
    cases: pl.Series | None = None,
) -> Iterator[Problem]:
    """Yield a warning for each key found in the rows, or only in the rows marked in `cases`, if given.

    `files` gives the name and number of rows of each file.
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
