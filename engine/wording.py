"""Parts in the words of a reader: what has to be so, said with the texts of the questionnaire.

In: a part and its knowledge base. Out: a phrase, without a capital or a full stop.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.exhaustive import assert_never
from engine.model import KnowledgeBase
from engine.parts import (
    All,
    Always,
    Answered,
    AnyOf,
    AtLeast,
    Bound,
    ChosenBound,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
    Test,
)
from engine.scores import in_digits
from facts.vocabulary import Choice, Choices, Kind, Number

BOUNDS: Mapping[str, str] = {
    "at_least": "at least",
    "at_most": "at most",
    "above": "more than",
    "below": "less than",
}


def phrase(part: Part, kb: KnowledgeBase) -> str:
    """What has to be so for the part to hold."""
    match part:
        case Always():
            return "always"
        case All(parts):
            return " and ".join(_inner(each, kb) for each in parts)
        case AnyOf(parts):
            return " or ".join(_inner(each, kb) for each in parts)
        case AtLeast(count, parts):
            return f"at least {count} of: " + "; ".join(phrase(each, kb) for each in parts)
        case Not(inner):
            return f"not: {phrase(inner, kb)}"
        case Answered(question, test):
            asked = kb.questions[question]
            return f"“{asked.ask}” {_answer(test, asked.kind)}"
        case Ref(name):
            return _named(name, kb)
        case Scored(score, bound):
            return f"{kb.scores[score].text or score} {points_kept(bound)}"
        case _:
            assert_never(part)


def points_kept(bound: Bound) -> str:
    """The bound that a score keeps, in points."""
    return f"{BOUNDS[bound.comparison]} {in_digits(int(bound.threshold))}"


def _inner(part: Part, kb: KnowledgeBase) -> str:
    said = phrase(part, kb)
    return f"({said})" if isinstance(part, All | AnyOf | AtLeast) else said


def _answer(test: Test, kind: Kind) -> str:
    texts = kind.options if isinstance(kind, Choice | Choices) else {}
    match test:
        case Is(value):
            return "yes" if value else "no"
        case OneOf(options):
            return " or ".join(texts.get(option, option) for option in options)
        case NoneOf():
            return "none of these"
        case Bound(comparison, threshold):
            unit = f" {kind.unit}" if isinstance(kind, Number) else ""
            return f"{BOUNDS[comparison]} {threshold}{unit}"
        case ChosenBound(Bound("at_least", 1), options):
            return "any of: " + "; ".join(texts.get(option, option) for option in options)
        case ChosenBound(bound, _):
            return f"{BOUNDS[bound.comparison]} {bound.threshold} of these"
        case _:
            assert_never(test)


def _named(name: str, kb: KnowledgeBase) -> str:
    kind, _, rest = name.partition(":")
    match kind:
        case "finding":
            return kb.findings[rest]
        case "condition":
            condition, _, support = rest.partition(":")
            firmly = "" if support == "possible" else f" (at least {support})"
            return f"suspected: {kb.conditions[condition].text}{firmly}"
        case "triage":
            return f"an answer that is still open says: “{kb.levels[rest].text}”"
        case "advice":
            return f"advice “{kb.advice[rest].text}”"
        case _:
            return rest
