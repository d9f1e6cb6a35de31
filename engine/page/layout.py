"""Lines and sections, and the lines that several sections share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from textwrap import wrap

from engine.meaning.definitions import hosts
from engine.model.assessment import Assessment
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import is_about, kind_of, name_of
from facts.problem import printable


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: `mark` precedes it (`-`, `1.`), `depth` is its indent, `notes` are claims and the
    like.

    A line with `comes_once` is dropped if an earlier section has it. `lead` is a run-in heading.
    """

    text: str
    mark: str = ""
    depth: int = 0
    notes: str = ""
    comes_once: bool = False
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; `tone` is `title`, `alarm`, `calm` or `quiet`."""

    heading: str
    lines: tuple[Line, ...]
    tone: str = "calm"


def wrapped(line: Line, width: int) -> list[str]:
    """A line as the lines of a terminal, at most `width` columns wide; its notes come last, in brackets."""
    before = " " * (2 + 2 * line.depth) + (f"{line.mark} " if line.mark else "")
    lead, notes = f"{line.lead}: " if line.lead else "", f"[{line.notes}]" if line.notes else ""
    said, indent = printable(f"{lead}{line.text} {notes}".rstrip()), " " * len(before)
    return wrap(said, width, initial_indent=before, subsequent_indent=indent, break_on_hyphens=False) or [""]


def reason(rule: str, kb: KnowledgeBase, depth: int = 0, before: str = "") -> Line:
    """The reason that a rule gives, with its claims."""
    return Line(before + kb.rules[rule].because, "-", depth, footing([rule], kb))


def footing(rules: Iterable[str], kb: KnowledgeBase) -> str:
    """The claims that rules cite, each once; `ours` for a rule without claims."""
    return cited(dict.fromkeys(claim for rule in rules for claim in kb.rules[rule].claims or ("ours",)))


def shown_with(
    host: str, assessment: Assessment, kb: KnowledgeBase, cautions: bool = False
) -> Iterator[Line]:
    """The texts shown with a host; with `cautions`, only cautions.

    A text about an advice item that is on the page is shown even if that item is only given unless something
    applies.
    """
    for text in kb.texts.values():
        if cautions and not text.caution:
            continue
        is_shown = text.name in assessment.texts or kind_of(host) == "advice"
        if is_shown and any(is_about(ref.name, host) for ref in hosts(text.shown_with)):
            yield Line(text.text, "", 1, cited(text.claims), comes_once=True)


def once(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections, with every repetition of a line marked `comes_once` removed."""
    said: set[Line] = set()
    for section in sections:
        fresh: list[Line] = []
        for line in section.lines:
            if not (line.comes_once and line in said):
                fresh.append(line)
            said.add(line)
        yield replace(section, lines=tuple(fresh))


def concluded(assessment: Assessment, kb: KnowledgeBase) -> Iterator[str]:
    """The names of established findings, conditions and levels, with weaker supports and lower levels."""
    yield from (name_of("finding", name) for name in assessment.findings)
    for each in assessment.conditions:
        if each.support is not None:
            grades = SUPPORT[: SUPPORT.index(each.support) + 1]
            yield from (name_of("condition", each.name, grade) for grade in grades)
    if assessment.triage and assessment.triage.level is not None:
        levels = list(kb.levels)
        yield from (name_of("triage", name) for name in levels[: levels.index(assessment.triage.level) + 1])


def cited(claims: Iterable[str]) -> str:
    """Claims as the notes of a line."""
    return ", ".join(claims)
