"""What a rule needs in order to fire, as parts of which a case may lack one.

In: a rule. Out: its parts at the top, `unless` among them, and how many of them have to be true. A rule that
lacks one of several is a near miss; one that needs a single part, or any of several, always lacks just one
where it has not fired, which says no more than that, so it has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import All, Always, AtLeast, Part


@dataclass(frozen=True, slots=True)
class Needs:
    """So many of these parts have to be true, at least two."""

    count: int
    parts: tuple[Part, ...]


def needs(when: Part) -> Needs | None:
    """The parts of a rule's `when`; None where there are no near misses.

    In an `at_least` at the top, one more is lacking where one less than enough are true; each that is not
    would do. An `any` or an `at_least` inside an `all` is one part.
    """
    match when:
        case All(parts):
            found = tuple(each for each in parts if not isinstance(each, Always))
            return Needs(len(found), found) if len(found) > 1 else None
        case AtLeast(count, parts) if count > 1:
            return Needs(count, parts)
        case _:
            return None


def with_needs(kb: KnowledgeBase) -> Iterator[tuple[str, Needs]]:
    """The rules that can have near misses, by id."""
    for id, rule in kb.rules.items():
        found = needs(rule.when)
        if found is not None:
            yield id, found
