"""The files of the rules as they are written, every part marked with what the cases show of it.

In: a coverage and the lines of the files. Out: files, the block of each rule in them, and its lines, cut
where parts begin and end, with notes beside them. `engine.coverage.html` sets these values.
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
"""As what a part decides: as both, only as true, only as false, or not at all."""
Mark = tuple[Stretch, PartCoverage]
Lines = Mapping[str, Sequence[str]]
"""The lines of each file, by the name that people see."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line, and the part that it belongs to, if any."""

    text: str
    part: PartCoverage | None = None

    @property
    def state(self) -> State | None:
        """As what the part decides."""
        return None if self.part is None else state(self.part)


@dataclass(frozen=True, slots=True)
class Note:
    """What the cases show of a part that begins in the line; `help` names the case that is missing."""

    words: str
    part: PartCoverage
    help: str

    @property
    def state(self) -> State:
        """As what the part decides."""
        return state(self.part)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a file."""

    number: int
    runs: tuple[Run, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of a rule from its name on, of several that begin in one line, or those before all rules."""

    rules: tuple[RuleCoverage, ...]
    lines: tuple[ListedLine, ...]


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of rules."""

    name: str
    counts: Summary
    blocks: tuple[Block, ...]


def state(part: PartCoverage) -> State:
    """As what a part decides."""
    if part.covered:
        return "both"
    return "true" if part.true.decided else "false" if part.false.decided else "never"


def listed(rules: Iterable[RuleCoverage], lines: Lines) -> Iterator[ListedFile]:
    """Every file with rules, in order."""
    for name, own in by_file(rules).items():
        yield ListedFile(name, summed(own), tuple(_blocks(own, lines[name])))


def _blocks(rules: Sequence[RuleCoverage], lines: Sequence[str]) -> Iterator[Block]:
    """The lines before the first rule, and those of each rule."""
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
    """What is marked in each line, and the notes beside it."""
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
    """A line cut where parts begin and end. Of two parts in one place, as of `equals`, it shows one that is
    not covered.
    """
    at = 0
    for stretch, part in sorted(marks, key=lambda mark: (mark[0].start, mark[1].covered)):
        if stretch.start >= at:
            yield Run(line[at : stretch.start])
            yield Run(line[stretch.start : stretch.end], part)
            at = stretch.end
    yield Run(line[at:])
