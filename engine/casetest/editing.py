"""Edits to values in a YAML text that leave every other byte unchanged.

In: a piece of a text, and changes to values in it: a new value, or removal. Out: the edits, and the plain
value that the piece then has, so that the caller can verify the result. A list or mapping that becomes empty
is removed as well. An edit that would lose a comment is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType

from engine.casetest.expectation import NAMES, Path, words
from facts.cases.text import in_quotes
from facts.plain import Plain, plain_of
from facts.trees.tree import Scalar
from facts.trees.yaml_layout import NOWHERE, Entry, Piece, Written


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the text from `start` up to `end` (exclusive)."""

    start: int
    end: int
    text: str = ""


class Unedited(Exception):
    """Raised when a text cannot be edited; the message gives the reason."""


def out_of_brackets(entries: Sequence[Entry], gone: Sequence[bool], source: Written) -> Iterator[Edit]:
    """Remove entries from `[...]` or `{...}`, each run of them with its superfluous commas."""
    for first, last in _runs(gone):
        start, end = entries[first].start, entries[last].end
        if last + 1 == len(entries):
            yield _cut(entries[first - 1].end, end, source, entries)
            continue
        follower, line = entries[last + 1].start, source.begin(start)
        if source.begin(follower) > source.begin(end) and not source.text[line:start].strip():
            start, follower = line, source.begin(follower)
        yield _cut(start, follower, source, entries)


def _runs(gone: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and last index of each run of adjacent removed entries."""
    for at, goes in enumerate(gone):
        if goes and (at == 0 or not gone[at - 1]):
            until = next((end for end in range(at, len(gone)) if not gone[end]), len(gone))
            yield at, until - 1


def out_of_lines(entries: Sequence[Entry], gone: Sequence[bool], source: Written) -> Iterator[Edit]:
    """Remove entries that have lines of their own, together with these lines."""
    begun = entries[0].start
    is_inside = bool(source.text[source.begin(begun) : begun].strip())
    kept = gone.index(False)
    if is_inside and kept:
        yield _cut(begun, entries[kept].start, source, entries)
    for at, entry in enumerate(entries):
        if gone[at] and not (is_inside and at < kept):
            yield _cut(source.begin(entry.start), source.after(entry.end), source, entries)


def _cut(start: int, end: int, source: Written, entries: Iterable[Entry]) -> Edit:
    """The removal of a range; raises `Unedited` if the range contains a comment."""
    at = start
    for piece in _scalars(entries):
        if start <= piece.start < end:
            _refuse_comment(source.text[at : piece.start])
            at = piece.end
    _refuse_comment(source.text[at:end])
    return Edit(start, end)


def _scalars(entries: Iterable[Entry]) -> Iterator[Piece]:
    for each in entries:
        if each.value.scalar is not None:
            yield each.value
        yield from _scalars(each.value.entries)


def _refuse_comment(between: str) -> None:
    if "#" in between:
        raise Unedited("a comment in these lines would be lost")


NAME = re.compile("[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Change:
    """The new value at a path of keys and member names; `...` removes it."""

    path: Path
    value: Plain | EllipsisType = ...


@dataclass(frozen=True, slots=True)
class Edited:
    """The edits to a piece, and its value after them; `...` if the piece is removed."""

    value: Plain | EllipsisType
    edits: tuple[Edit, ...] = ()


def plain(piece: Piece) -> Plain:
    """The value of a piece."""
    if piece.scalar is not None:
        return plain_of(piece.scalar)
    if piece.is_mapping:
        return {str(each.key): plain(each.value) for each in piece.entries}
    return [plain(each.value) for each in piece.entries]


def edited(piece: Piece, changes: Sequence[Change], source: Written) -> Edited:
    """The piece after all changes. Raises `Unedited`."""
    if not changes:
        return Edited(plain(piece))
    if not changes[0].path:
        return _replaced(piece, changes[0].value, source)
    if piece.scalar is not None:
        _look_up([words(plain(piece))], changes)
        return Edited(...)
    names = [_name(each) for each in piece.entries]
    _look_up(names, changes)
    inner = [
        edited(each.value, [Change(c.path[1:], c.value) for c in changes if c.path[0] == name], source)
        for each, name in zip(piece.entries, names, strict=True)
    ]
    gone = [each.value is ... for each in inner]
    if all(gone):
        return Edited(...)
    edits = [edit for each in inner if each.value is not ... for edit in each.edits]
    edits += (out_of_brackets if piece.is_flow else out_of_lines)(piece.entries, gone, source)
    return Edited(_without_gone(piece, inner), tuple(edits))


def _look_up(names: Sequence[str], changes: Iterable[Change]) -> None:
    """Raise `Unedited` for a change of something that does not exist."""
    missing = [each.path[0] for each in changes if each.path[0] not in names]
    if missing:
        raise Unedited(f"there is no `{missing[0]}` to change")


def _name(entry: Entry) -> str:
    """The name of an entry: its key, or the name of a list item."""
    value = plain(entry.value) if entry.key is None else entry.key
    if isinstance(value, dict):
        value = next((value[key] for key in NAMES if key in value), value)
    return words(value)


def _without_gone(piece: Piece, inner: Sequence[Edited]) -> Plain:
    kept = [(e.key, i.value) for e, i in zip(piece.entries, inner, strict=True) if i.value is not ...]
    if piece.is_mapping:
        return {str(key): value for key, value in kept}
    return [value for _, value in kept]


def _replaced(piece: Piece, value: Plain | EllipsisType, source: Written) -> Edited:
    """A new value in place of the old one; a quoted value stays quoted."""
    if value is ...:
        return Edited(...)
    if piece.scalar is None and "#" in source.text[piece.start : piece.end]:
        raise Unedited("a comment in these lines would be lost")
    behind_colon = piece.start == piece.end and source.text[piece.start - 1 : piece.start] == ":"
    text = _text(value, is_quoted=piece.scalar is not None and not piece.scalar.plain)
    return Edited(value, (Edit(piece.start, piece.end, f" {text}" if behind_colon else text),))


def _text(value: Plain, is_quoted: bool = False) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if not isinstance(value, str):
        return words(value)
    is_bare = NAME.fullmatch(value) and not Scalar(value, True, NOWHERE).is_twisted
    return value if is_bare and not is_quoted else in_quotes(value)


def applied(text: str, edited: Iterable[Edited]) -> str:
    """The text after the edits."""
    parts, at = [], 0
    for edit in sorted((edit for each in edited for edit in each.edits), key=lambda each: each.start):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def after_edits(piece: Piece, edits: Mapping[int, Edited]) -> Plain:
    """The value that a piece must have after the edits."""
    if piece.is_mapping and piece.start in edits:
        value = edits[piece.start].value
        assert not isinstance(value, EllipsisType)
        return value
    if piece.scalar is not None:
        return plain(piece)
    if piece.is_mapping:
        return {str(each.key): after_edits(each.value, edits) for each in piece.entries}
    return [after_edits(each.value, edits) for each in piece.entries]
