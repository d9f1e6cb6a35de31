"""A table with its headings and notes, and the format of its numbers, for terminal and page alike.

In: rows with numbers. Out: values that `engine.summary.terminal` and `engine.summary.html` render.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.summary.accuracy import Rate

EXACT = 100_000
"""Smaller counts are written in full even where space is short."""
THOUSAND, MILLION = 10**3, 10**6


def counted(number: int) -> str:
    """A count in full: 1,234,567."""
    return f"{number:,}"


def short(number: int) -> str:
    """A count in at most six characters up to a billion: 99,999, 123k, 1.23M, 123M."""
    if number < EXACT:
        return f"{number:,}"
    if number < MILLION:
        return f"{number // THOUSAND}k"
    millions = number / MILLION
    digits = 2 if millions < 10 else 1 if millions < 100 else 0
    return f"{int(millions * 10**digits) / 10**digits:,.{digits}f}M"


def share(some: int, of: int) -> str:
    """A percentage; only a count of zero gives 0, and only the total gives 100."""
    if not of:
        return "-"
    if 0 < some * 1000 < of:
        return "<0.1 %"
    if of > some > of * 0.999:
        return ">99.9 %"
    return f"{100 * some / of:.1f} %"


def in_words(found: Rate) -> str:
    """A rate with its interval: 93.1 % (91.0 to 94.7)."""
    if found.share is None or found.interval is None:
        return "no case"
    low, high = found.interval
    return f"{100 * found.share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a name, a text or both; its numbers; and nested rows."""

    name: str
    numbers: tuple[int | str, ...]
    text: str = ""
    inner: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A table; its first heading is that of the row names, and `many` names the rows in the plural."""

    id: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    many: str
    notes: tuple[str, ...] = ()
    is_whole: bool = False
    """Whether every row must be shown."""
