"""Find where every value of a YAML text begins and ends, so that one can be edited and the rest left
unchanged.

In: a text that `facts.trees.yaml_tree` reads without a problem. Out: a tree of pieces for each document, with
character offsets. Comments and spaces around a value are not part of its piece, unless they lie between its
entries.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import yaml

from facts.problem import Span
from facts.trees.text import LINE_END
from facts.trees.tree import Scalar

NOWHERE = Span("")
Place = tuple[int, int]
"""A line and a column, from 1."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a mapping, from its key on, or an item of a list, from its dash on in block style."""

    start: int
    key: str | None
    value: Piece

    @property
    def end(self) -> int:
        """Exclusive end offset."""
        return self.value.end


@dataclass(frozen=True, slots=True)
class Piece:
    """A value from offset `start` to `end` (exclusive): a scalar, or the entries of a mapping or list."""

    start: int
    end: int
    scalar: Scalar | None = None
    entries: tuple[Entry, ...] = ()
    is_mapping: bool = False
    is_flow: bool = False
    """Whether it is written in brackets."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text with the offsets of its lines."""

    text: str
    lines: tuple[int, ...]

    def begin(self, at: int) -> int:
        """Return the offset at which the line of a character begins."""
        return self.lines[bisect_right(self.lines, at) - 1]

    def after(self, at: int) -> int:
        """Return the offset of the line after that of a character, or the end of the text."""
        number = bisect_right(self.lines, at)
        return self.lines[number] if number < len(self.lines) else len(self.text)


def written(text: str) -> Written:
    """Compute the line offsets of a text."""
    return Written(text, (0, *(found.end() for found in LINE_END.finditer(text))))


def layout(source: Written) -> list[Piece]:
    """Return one piece per document. Raises `yaml.YAMLError` for invalid YAML."""
    documents: list[Piece] = []
    stack: list[tuple[yaml.CollectionStartEvent, list[Piece]]] = []
    for event in yaml.parse(source.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        match event:
            case yaml.CollectionStartEvent():
                stack.append((event, []))
            case yaml.ScalarEvent():
                (stack[-1][1] if stack else documents).append(_scalar(event, source))
            case yaml.CollectionEndEvent():
                start, pieces = stack.pop()
                (stack[-1][1] if stack else documents).append(_collection(start, event, pieces, source))
    return documents


def scalars(lines: Sequence[str]) -> list[tuple[Place, Place]]:
    """Return the places where quoted scalars and block scalars begin and end, in order, up to the first
    syntax error.
    """
    found: list[tuple[Place, Place]] = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with suppress(yaml.YAMLError):
        for event in yaml.parse("\n".join(lines), Loader=loader):
            if isinstance(event, yaml.ScalarEvent) and event.style and event.start_mark and event.end_mark:
                start, end = event.start_mark, event.end_mark
                found.append(((start.line + 1, start.column + 1), (end.line + 1, end.column + 1)))
    return found


def _scalar(event: yaml.ScalarEvent, source: Written) -> Piece:
    start, end = _extent(event)
    length = len(source.text[start:end].rstrip())
    return Piece(start, start + length, Scalar(event.value, not event.style, NOWHERE))


def _collection(
    start: yaml.CollectionStartEvent, end: yaml.CollectionEndEvent, pieces: list[Piece], source: Written
) -> Piece:
    begin, flow = _extent(start)[0], bool(start.flow_style)
    if isinstance(start, yaml.MappingStartEvent):
        pairs = zip(pieces[::2], pieces[1::2], strict=True)
        entries = [Entry(key.start, key.scalar.text if key.scalar else "", value) for key, value in pairs]
    elif flow:
        entries = [Entry(each.start, None, each) for each in pieces]
    else:
        column = begin - source.begin(begin)
        entries = [Entry(_dash(each.start, column, source), None, each) for each in pieces]
    last = entries[-1].end if entries and not flow else _extent(end)[1]
    return Piece(begin, last, None, tuple(entries), isinstance(start, yaml.MappingStartEvent), flow)


def _dash(start: int, column: int, source: Written) -> int:
    """Return the offset of the dash before an item; all dashes of a list are in the same column."""
    begin = source.begin(start)
    while begin and (begin + column > start or source.text[begin + column] != "-"):
        begin = source.begin(begin - 1)
    return begin + column


def _extent(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index
