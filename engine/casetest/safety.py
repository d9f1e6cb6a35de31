"""The safety properties of a knowledge base held against its cases.

In: cases. Out: the properties that do not hold in some of them. What `stays` is left out, as it speaks of a
case and of the same case with more answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case


@dataclass(frozen=True, slots=True)
class Violation:
    """A property, and the ids of the cases in which it does not hold."""

    name: str
    cases: tuple[str, ...]


def violated(kb: KnowledgeBase, cases: Sequence[Case]) -> list[Violation]:
    """The properties that do not hold in some case, in the order of the knowledge base."""
    if not kb.safety or not cases:
        return []
    from engine.columns.properties import verdicts, violations
    from facts.tables.canonical import frame_of

    found = violations(verdicts(kb, frame_of(cases, kb.questions)))
    return [Violation(name, tuple(cases[at].id for at in rows)) for name, rows in found.items()]
