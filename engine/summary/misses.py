"""Near misses in the words of the rule language: rules that lack one part, and the parts lacked.

In: a tally and its knowledge base. Out: one row per rule with one row per part, in the order of the knowledge
base or by decreasing number of near misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.knowledge_base import KnowledgeBase, Rule
from engine.model.parts import Always
from engine.tally.near_misses import Needs, with_needs
from engine.tally.tally import Tally
from engine.words.rule_text import written
from facts.problem import Span


@dataclass(frozen=True, slots=True)
class LackedPart:
    """A part, and the number of cases in which the rule lacked only it, by its truth there."""

    text: str
    span: Span
    false: int
    unknown: int

    @property
    def cases(self) -> int:
        """The number of cases that lack it."""
        return self.false + self.unknown

    @property
    def place(self) -> str:
        """The file and line of the part."""
        return f"{self.span.file}:{self.span.line}"


@dataclass(frozen=True, slots=True)
class NearRule:
    """A rule that needs `needs` of its parts, the number of cases that lack just one, and the parts lacked.

    Under an `at_least`, every part that would complete it counts as lacked.
    """

    rule: Rule
    needs: int
    cases: int
    parts: tuple[LackedPart, ...]

    @property
    def lacked(self) -> list[LackedPart]:
        """The parts that some case lacks, most frequent first."""
        return sorted((part for part in self.parts if part.cases), key=lambda part: -part.cases)


def near_rules(tally: Tally, kb: KnowledgeBase) -> list[NearRule]:
    """Every rule that can have near misses."""
    return [
        NearRule(kb.rules[id], needed.count, tally["near", id], tuple(_parts(kb.rules[id], needed, tally)))
        for id, needed in with_needs(kb)
    ]


def near_misses(tally: Tally, kb: KnowledgeBase) -> list[NearRule]:
    """The rules with near misses, most frequent first."""
    return sorted((row for row in near_rules(tally, kb) if row.cases), key=lambda row: -row.cases)


def left_out(kb: KnowledgeBase) -> int:
    """The number of rules that cannot have near misses, because they need only one part."""
    return len(kb.rules) - sum(1 for _ in with_needs(kb))


def _parts(rule: Rule, needed: Needs, tally: Tally) -> Iterator[LackedPart]:
    for at, part in enumerate(needed.parts, 1):
        span = rule.span if isinstance(part, Always) else part.span
        false, unknown = (tally["lacks", rule.id, str(at), truth] for truth in ("false", "unknown"))
        yield LackedPart(written(part), span, false, unknown)
