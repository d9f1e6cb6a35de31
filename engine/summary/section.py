"""A table with its words: what a terminal and a page show alike.

In: rows with numbers. Out: values that `engine.summary.terminal` and `engine.summary.html` set in type.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is about: a name, a text or both; its numbers; and rows that belong to it."""

    name: str
    numbers: tuple[int | str, ...]
    text: str = ""
    inner: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A table. The first heading is that of the rows, `many` is what they are, `notes` are what it means."""

    id: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    many: str
    notes: tuple[str, ...] = ()
    is_whole: bool = False
    """Whether no row can be left out."""
