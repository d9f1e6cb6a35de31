"""The working memory: the facts about a case, and how they are identified."""

from __future__ import annotations

from typing import Any

from engine.experta_target.library import experta
from engine.meaning.network import Literal
from engine.model.names import kind_of

Identity = tuple[type, str | None, bool | None]


class Known(experta.Fact):
    """A node whose truth is known: `name`, and `holds`, a bool.

    The overrides only save time: experta would freeze both values, and look for patterns in them and for
    accessors in their keys, with each of the facts that a case declares.
    """

    def __init__(self, **values: str | bool) -> None:
        dict.__init__(self, values)

    def validate(self) -> None:
        """Nothing: there are no declared fields."""

    def has_field_constraints(self) -> bool:
        """Never."""
        return False

    def has_nested_accessor(self) -> bool:
        """Never."""
        return False


class AnswerFact(Known):
    """The result of testing an answer."""


class RuleFact(Known):
    """A rule that fired (`holds`) or is blocked."""


class ConclusionFact(Known):
    """A conclusion that is established (`holds`) or ruled out."""


class PartFact(Known):
    """An inner part, or whether a question applies."""


class ScoreFact(experta.Fact):
    """The lowest and highest sum of a score that the answers allow, in ticks."""


FACTS = {"answer": AnswerFact, "rule": RuleFact, "part": PartFact, "asked": PartFact}


def fact_of(literal: Literal) -> Known:
    """The fact that a literal is true."""
    return FACTS.get(kind_of(literal.node), ConclusionFact)(name=literal.node, holds=literal.positive)


def identity(fact: Any) -> Identity:
    """The key that identifies a fact."""
    return (type(fact), fact.get("name"), fact.get("holds"))
