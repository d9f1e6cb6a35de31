"""The rule files as written, with every part marked by its coverage.

In: a coverage and the lines of the files. Out: files, their blocks of one rule each, and their lines, split
where parts begin and end, with notes. `engine.coverage.html` renders these values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from engine.coverage.extent import Stretch, stretches
from engine.coverage.measure import PartCoverage, RuleCoverage
from engine.coverage.missing import missing
from engine.coverage.summary import Summary, by_file, summed
from engine.words.rule_text import written

State = Literal["both", "true", "false", "never"]
"""How a part decides: both as true and as false, only as one of these, or never."""
Mark = tuple[Stretch, PartCoverage]
Lines = Mapping[str, Sequence[str]]
"""The lines of each file, by its displayed name."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line, and the part that it belongs to, or None."""

    text: str
    part: PartCoverage | None = None

    @property
    def state(self) -> State | None:
        """Whether the part decides as true, as false, both ways or never."""
        return None if self.part is None else state(self.part)


@dataclass(frozen=True, slots=True)
class Note:
    """The coverage of a part that begins in the line; `help` names the missing case."""

    words: str
    part: PartCoverage
    help: str

    @property
    def state(self) -> State:
        """How the part decides."""
        return state(self.part)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a file, split into runs."""

    number: int
    runs: tuple[Run, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one rule, of several rules that start in the same line, or those before the first rule."""

    rules: tuple[RuleCoverage, ...]
    lines: tuple[ListedLine, ...]


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of rules."""

    name: str
    counts: Summary
    blocks: tuple[Block, ...]


def state(part: PartCoverage) -> State:
    """How a part decides."""
    if part.covered:
        return "both"
    return "true" if part.true.decided else "false" if part.false.decided else "never"


def listed(rules: Iterable[RuleCoverage], lines: Lines) -> Iterator[ListedFile]:
    """Every file that contains rules, in order."""
    for name, own in by_file(rules).items():
        yield ListedFile(name, summed(own), tuple(_blocks(own, lines[name])))


def _blocks(rules: Sequence[RuleCoverage], lines: Sequence[str]) -> Iterator[Block]:
    """The lines before the first rule, then those of each rule."""
    marks, notes = _marked(rules, lines)
    begins: dict[int, list[RuleCoverage]] = {1: []}
    for rule in rules:
        begins.setdefault(rule.rule.span.line, []).append(rule)
    for start, end in pairwise([*sorted(begins), len(lines) + 1]):
        listing = (
            ListedLine(at, tuple(_runs(lines[at - 1], marks.get(at, []))), tuple(notes.get(at, ())))
            for at in range(start, end)
        )
        yield Block(tuple(begins[start]), tuple(listing))


def _marked(
    rules: Sequence[RuleCoverage], lines: Sequence[str]
) -> tuple[dict[int, list[Mark]], dict[int, list[Note]]]:
    """The marks of each line, and its notes."""
    marks: dict[int, list[Mark]] = {}
    notes: dict[int, list[Note]] = {}
    for rule in rules:
        for at, part in enumerate(rule.parts):
            own = stretches(part.placed.part, lines) if part.placed.span != rule.rule.span else []
            for stretch in own:
                marks.setdefault(stretch.line, []).append((stretch, part))
            if own and part.placed.is_innermost:
                note = Note(written(part.placed.part), part, missing(rule, at))
                notes.setdefault(own[0].line, []).append(note)
    return marks, notes


def _runs(line: str, marks: Iterable[Mark]) -> Iterator[Run]:
    """A line split where parts begin and end.

    If two parts have the same place, as with `equals`, one that is not covered is shown.
    """
    at = 0
    for stretch, part in sorted(marks, key=lambda mark: (mark[0].start, mark[1].covered)):
        if stretch.start >= at:
            yield Run(line[at : stretch.start])
            yield Run(line[stretch.start : stretch.end], part)
            at = stretch.end
    yield Run(line[at:])
