"""Comments that allow a finding: `# cartsign: allow ID because REASON`.

In: the lines of the files, and the places where entries are declared. Out: which check is allowed for which
entry. A comment belongs to the entry inside which it stands, or to the entry directly below it. YAML events
carry no comments, so they are read from the lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.loading.sections import SINGLE
from facts.nearest import nearest
from facts.problem import Span
from facts.trees.yaml_layout import Place, scalars

COMMENT = re.compile(r"(?:^|\s)#\s*cartsign\s*(?::(.*)|allow\b.*)$")
MEANT = re.compile(
    r"(?:^|\s)#+\s*(?:([A-Za-z-]{5,12})\s*[:;,.=-]*\s*)??(allow\w*|al+ow\w*)[\s:]+([a-z]+(?:-[a-z]+)+)"
)
"""A comment probably meant to allow something: an optional word, `allow` or similar, and a check id."""
BECAUSE = re.compile(r"(?<![\w-])because(?![\w-])[\s,:]*")
LIKENESS = 0.7
"""Minimum similarity (0 to 1) at which a word is taken for a misspelt `cartsign`."""
SINGLE_ENTRY = re.compile(rf"(?:{'|'.join(SINGLE)})\s*:")


@dataclass(frozen=True, slots=True)
class Allow:
    """One id that a comment allows; `entry` is the entry that it belongs to, or None."""

    id: str
    reason: str
    span: Span
    entry: Span | None


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a knowledge base: what they allow, unreadable ones, and the entries by file."""

    allows: tuple[Allow, ...] = ()
    unread: tuple[Span, ...] = ()
    meant: tuple[tuple[Span, str], ...] = ()
    """Comments that name a check id after a word like `allow`, but are not addressed to `cartsign`."""
    entries: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    @property
    def base(self) -> Span | None:
        """The place of the section `knowledge_base`, which represents the whole base; None if absent."""
        every = (entry for entries in self.entries.values() for entry in entries)
        return next((entry for entry in every if entry.source.startswith("knowledge_base")), None)

    def entry_at(self, span: Span) -> Span | None:
        """The entry that contains a place."""
        return entry_before(self.entries.get(span.file, ()), span)


def entry_before(entries: Sequence[Span], span: Span) -> Span | None:
    """The last entry that begins at or before a place; entries must be sorted."""
    at = bisect_right(entries, (span.line, span.column), key=lambda each: (each.line, each.column))
    return entries[at - 1] if at else None


def read_comments(files: Mapping[str, Sequence[str]], declared: Iterable[Span]) -> Comments:
    """The comments in the lines of the files."""
    entries: dict[str, list[Span]] = {}
    for span in declared:
        entries.setdefault(span.file, []).append(span)
    for file, lines in files.items():
        entries.setdefault(file, []).extend(_single(file, lines))
        entries[file].sort(key=lambda each: (each.line, each.column))
    allows: list[Allow] = []
    unread: list[Span] = []
    for file, lines in files.items():
        for span, said, below in _comments(file, lines):
            entry = _about(entries.get(file, []), span, below)
            read = list(_allowed(said, span, entry))
            allows += read
            unread += [] if read else [span]
    meant = [each for file, lines in files.items() for each in _meant(file, lines)]
    return Comments(tuple(allows), tuple(unread), tuple(meant), entries)


def _single(file: str, lines: Sequence[str]) -> Iterator[Span]:
    """The sections that are a single entry."""
    for at, line in enumerate(lines, 1):
        if found := SINGLE_ENTRY.match(line):
            yield Span(file, at, 1, found.end(), line)


def _comments(file: str, lines: Sequence[str]) -> Iterator[tuple[Span, str, int]]:
    """Each comment to `cartsign`, its text, and the first line below it that is not a comment."""
    below, texts = 0, scalars(lines) if any("cartsign" in line for line in lines) else []
    for at, line in enumerate(lines, 1):
        found = COMMENT.search(line) if "cartsign" in line else None
        if found and not _is_inside(texts, (at, line.index("#", found.start()) + 1)):
            below = max(below, at + 1)
            while below <= len(lines) and _is_comment(lines[below - 1]):
                below += 1
            begin = line.index("#", found.start()) + 1
            yield Span(file, at, begin, len(line.rstrip()) + 1, line), found.group(1) or "", below


def _meant(file: str, lines: Sequence[str]) -> Iterator[tuple[Span, str]]:
    """Comments that start with a word similar to `cartsign` or with `allow`, and the id that they name."""
    texts: Sequence[tuple[Place, Place]] | None = None
    for at, line in enumerate(lines, 1):
        found = MEANT.search(line) if "#" in line and not COMMENT.search(line) else None
        if found and (not found[1] or nearest(found[1], ["cartsign"], LIKENESS)):
            begin = line.index("#", found.start()) + 1
            texts = scalars(lines) if texts is None else texts
            if not _is_inside(texts, (at, begin)):
                yield Span(file, at, begin, len(line.rstrip()) + 1, line), found[3]


def _is_inside(texts: Sequence[tuple[Place, Place]], place: Place) -> bool:
    """Whether a place lies within one of these sorted ranges."""
    at = bisect_right(texts, place, key=lambda each: each[0])
    return at > 0 and place < texts[at - 1][1]


def _allowed(said: str, span: Span, entry: Span | None) -> Iterator[Allow]:
    """Each id that a comment names; none if the comment does not begin with `allow`."""
    named, *reason = BECAUSE.split(said, maxsplit=1)
    word, *ids = named.replace(",", " ").split() or [""]
    for id in ids if word == "allow" else ():
        yield Allow(id, " ".join("".join(reason).split()), span, entry)


def _about(entries: Sequence[Span], comment: Span, below: int) -> Span | None:
    """The entry that a comment belongs to; `below` is the first line below it that is not a comment."""
    if not _is_comment(comment.source):
        return entry_before(entries, comment)
    upto_next = entry_before(entries, Span("", below + 1))
    if upto_next and upto_next.line == below:
        return upto_next
    inside = entry_before(entries, comment)
    return inside if inside and comment.column > inside.column else None


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
