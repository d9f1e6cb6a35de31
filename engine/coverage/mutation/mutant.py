"""A mutant: a knowledge base with one small change, as somebody could make it by mistake."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.knowledge_base import KnowledgeBase
from facts.problem import Span

KINDS = {
    "drop": "a part or an option left out",
    "negate": "a part negated",
    "any-all": "any in place of all, or all in place of any",
    "count": "one part more or less required",
    "threshold": "a threshold one step off",
    "option": "another option",
    "points": "other points",
    "support": "a support one weaker or stronger",
    "level": "a level one lower or higher",
    "conclusion": "a finding or a point against left out",
    "hold": "a hold left out",
    "advice": "an item of advice left out",
}
"""The kinds of mutants, with what changes."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed knowledge base. `where` is the entry that changed (`rule weak-leg`), `said` what changed in
    it, and `span` where that is written.
    """

    kind: str
    where: str
    said: str
    span: Span
    kb: KnowledgeBase
