"""Safety properties in plain words: of which cases one speaks, what must hold there, and why.

In: a property and its knowledge base. Out: a value that a terminal or a page sets as it likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.knowledge_base import KnowledgeBase, Property, Verb
from engine.model.parts import Always
from engine.words.outline import Outline, outline

HOLDS: Mapping[Verb, str] = {
    "must": "must hold",
    "never": "must never hold",
    "not_ruled_out": "must not be ruled out",
    "stays": "must stay so, whatever else is answered",
}


@dataclass(frozen=True, slots=True)
class PropertySaid:
    """A property in words; it speaks of all cases where `when` is None and nothing has to be unanswered."""

    name: str
    when: Outline | None
    unanswered: tuple[str, ...]
    holds: str
    part: Outline
    because: str
    claims: tuple[str, ...]
    ours: bool


def property_said(each: Property, kb: KnowledgeBase) -> PropertySaid:
    """A property in words."""
    when = None if isinstance(each.when, Always) else outline(each.when, kb)
    unanswered = tuple(f"“{kb.questions[question].ask}”" for question in each.unanswered)
    part = outline(each.part, kb)
    return PropertySaid(
        each.name, when, unanswered, HOLDS[each.verb], part, each.because, each.claims, each.ours
    )
