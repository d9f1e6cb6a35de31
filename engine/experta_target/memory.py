"""The working memory: what is declared about a case, and how one fact is told from another."""

from __future__ import annotations

from typing import Any

from engine.experta_target.library import experta
from engine.meaning.network import Literal
from engine.model.names import kind_of

Identity = tuple[type, str | None, bool | None]


class Known(experta.Fact):
    """A node whose truth is known: `name`, and `holds` true or false."""


class AnswerFact(Known):
    """The test of an answer."""


class RuleFact(Known):
    """A rule that fired (holds) or is blocked."""


class ConclusionFact(Known):
    """A conclusion that is established (holds) or ruled out."""


class PartFact(Known):
    """An inner part, or whether a question applies."""


class ScoreFact(experta.Fact):
    """A score with its two ends, in ticks."""


FACTS = {"answer": AnswerFact, "rule": RuleFact, "part": PartFact, "asked": PartFact}


def fact_of(literal: Literal) -> Known:
    """The fact that a node holds, or that it does not."""
    return FACTS.get(kind_of(literal.node), ConclusionFact)(name=literal.node, holds=literal.positive)


def identity(fact: Any) -> Identity:
    """What tells a fact from all others."""
    return (type(fact), fact.get("name"), fact.get("holds"))
