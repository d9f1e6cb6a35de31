"""Entries taken out of a list or a mapping of a YAML text, with the commas, dashes and lines that are theirs.

In: all entries of it, and which of them go, though not all. Out: the edits. Whatever holds a comment stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from facts.trees.yaml_layout import Entry, Piece, Written


@dataclass(frozen=True, slots=True)
class Edit:
    """From `start` up to `end`, this text instead."""

    start: int
    end: int
    text: str = ""


class Unedited(Exception):
    """The text stays as it is; says what stands in the way."""


def out_of_brackets(entries: Sequence[Entry], gone: Sequence[bool], source: Written) -> Iterator[Edit]:
    """Take entries out of `[...]` or `{...}`, each run of them with the commas that it leaves over."""
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
    """The first and the last of those that go and stand together."""
    for at, goes in enumerate(gone):
        if goes and (at == 0 or not gone[at - 1]):
            until = next((end for end in range(at, len(gone)) if not gone[end]), len(gone))
            yield at, until - 1


def out_of_lines(entries: Sequence[Entry], gone: Sequence[bool], source: Written) -> Iterator[Edit]:
    """Take entries that stand on lines of their own out with these lines."""
    begun = entries[0].start
    is_inside = bool(source.text[source.begin(begun) : begun].strip())
    kept = gone.index(False)
    if is_inside and kept:
        yield _cut(begun, entries[kept].start, source, entries)
    for at, entry in enumerate(entries):
        if gone[at] and not (is_inside and at < kept):
            yield _cut(source.begin(entry.start), source.after(entry.end), source, entries)


def _cut(start: int, end: int, source: Written, entries: Iterable[Entry]) -> Edit:
    """Take a stretch out that holds no comment."""
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
        raise Unedited("a comment stands there that would be lost")
