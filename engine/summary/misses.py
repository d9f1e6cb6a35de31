"""Near misses in the words of the rule language: the rules that lack one part, and which parts they lack.

In: a tally and its knowledge base. Out: a row a rule, those with the most near misses first, with a row
a part that some case lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model import KnowledgeBase, Rule
from engine.part_text import written
from engine.summary.shortfall import Needs, with_needs
from engine.summary.tally import Tally
from facts.problem import Span


@dataclass(frozen=True, slots=True)
class LackedPart:
    """A part, in how many cases it was the one that a rule lacks, and what it was there."""

    text: str
    span: Span
    false: int
    unknown: int

    @property
    def cases(self) -> int:
        """The cases that lack it."""
        return self.false + self.unknown

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.span.file}:{self.span.line}"


@dataclass(frozen=True, slots=True)
class NearRule:
    """A rule, how many cases lack one part of it, and which; of an `at_least`, each that would do."""

    rule: Rule
    cases: int
    parts: tuple[LackedPart, ...]


def near_misses(tally: Tally, kb: KnowledgeBase) -> list[NearRule]:
    """The rules that some case misses by one part."""
    rows = [_row(kb.rules[id], needed, tally) for id, needed in with_needs(kb)]
    return sorted((row for row in rows if row.cases), key=lambda row: -row.cases)


def left_out(kb: KnowledgeBase) -> int:
    """How many rules have no near misses, as any of them lacks one part wherever it has not fired."""
    return len(kb.rules) - sum(1 for _ in with_needs(kb))


def _row(rule: Rule, needed: Needs, tally: Tally) -> NearRule:
    parts = sorted(_parts(rule, needed, tally), key=lambda part: -part.cases)
    return NearRule(rule, tally["near", rule.id], tuple(part for part in parts if part.cases))


def _parts(rule: Rule, needed: Needs, tally: Tally) -> Iterator[LackedPart]:
    for at, part in enumerate(needed.parts, 1):
        span = getattr(part, "span", rule.span)
        counts = (tally["lacks", rule.id, str(at), truth] for truth in ("false", "unknown"))
        yield LackedPart(written(part), span, *counts)
