"""Small changes of what a rule concludes: another support or level, something left out.

In: a rule and its knowledge base. Out: changes, each with the conclusions after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, assert_never

from engine.model.knowledge_base import (
    SUPPORT,
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Rule,
    Suspects,
    Triages,
    Withholds,
)
from facts.problem import quote

Step = TypeVar("Step", bound=str)


@dataclass(frozen=True, slots=True)
class Concluding:
    """One change: its kind, what changed in words, and the conclusions afterwards."""

    kind: str
    said: str
    then: tuple[Conclusion, ...]


def changed_conclusions(rule: Rule, kb: KnowledgeBase) -> Iterator[Concluding]:
    """Every small change of the conclusions of a rule."""
    for at, each in enumerate(rule.then):
        for kind, said, other in _others(each, kb):
            put = () if other is None else (other,)
            yield Concluding(kind, said, (*rule.then[:at], *put, *rule.then[at + 1 :]))


def _others(conclusion: Conclusion, kb: KnowledgeBase) -> Iterator[tuple[str, str, Conclusion | None]]:
    """What could stand in the place of a conclusion; None if it is left out."""
    match conclusion:
        case Finds(finding):
            yield "conclusion", f"without the finding {quote(finding)}", None
        case CountsAgainst(condition):
            yield "conclusion", f"without counting against {quote(condition)}", None
        case Suspects(condition, support):
            for grade in _beside(support, SUPPORT):
                said = f"with {quote(grade)} in place of {quote(support)} for {quote(condition)}"
                yield "support", said, Suspects(condition, grade)
            if support == SUPPORT[0]:
                yield "support", f"without the condition {quote(condition)}", None
        case Triages(level):
            for other in _beside(level, list(kb.levels)):
                yield "level", f"with the level {quote(other)} in place of {quote(level)}", Triages(other)
            if level == next(iter(kb.levels)):
                yield "level", f"without the level {quote(level)}", None
        case Gives(items):
            for item, rest in _less(items):
                yield "advice", f"without the advice {quote(item)}", Gives(rest) if rest else None
        case Withholds(items):
            for item, rest in _less(items):
                yield "hold", f"without the hold on {quote(item)}", Withholds(rest) if rest else None
        case _:
            assert_never(conclusion)


def _beside(one: Step, all_: Sequence[Step]) -> list[Step]:
    """The value before this one and the one after it, if there are such."""
    at = all_.index(one)
    return [*all_[max(0, at - 1) : at], *all_[at + 1 : at + 2]]


def _less(items: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each item, and the others."""
    for at, each in enumerate(items):
        yield each, (*items[:at], *items[at + 1 :])
