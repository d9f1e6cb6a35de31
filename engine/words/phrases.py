"""Parts in the words of a reader: what must hold, in the texts of the questionnaire.

In: a part and its knowledge base. Out: a phrase without an initial capital or a full stop, and its pieces,
for other modules that describe parts.
"""

from __future__ import annotations

from typing import assert_never

from engine.model.classes import AND
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import parsed
from engine.model.parts import (
    COUNTS,
    All,
    Always,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Count,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
    Test,
    both_ends,
)
from engine.model.scores import in_digits
from facts.vocabulary import Choice, Choices, Kind, Number

ANY = Bound("at_least", 1)


def phrase(part: Part, kb: KnowledgeBase) -> str:
    """The part as a phrase that says what must hold."""
    match part:
        case Always():
            return "always"
        case All() if (ends := both_ends(part)) is not None:
            return _between(*ends, kb)
        case All(parts):
            return " and ".join(_inner(each, kb) for each in parts)
        case AnyOf(parts):
            return " or ".join(_inner(each, kb) for each in parts)
        case Count(word=word, number=number, parts=parts):
            return f"{COUNTS[word]} {number} of: " + "; ".join(phrase(each, kb) for each in parts)
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


def _between(part: Answered | Scored, low: Bound, high: Bound, kb: KnowledgeBase) -> str:
    if isinstance(part, Scored):
        return f"{kb.scores[part.score].text or part.score} {range_of(part, low, high, kb)}"
    return f"“{kb.questions[part.question].ask}” {range_of(part, low, high, kb)}"


def range_of(
    part: Answered | Scored, low: Bound, high: Bound, kb: KnowledgeBase, options: str = "these"
) -> str:
    """Two bounds that were written as one: `from 18 to 64 years`, `exactly 2 of these`."""
    is_score = isinstance(part, Scored)
    ends = [in_digits(int(each.threshold)) if is_score else f"{each.threshold}" for each in (low, high)]
    said = f"exactly {ends[0]}" if low.threshold == high.threshold else f"from {ends[0]} to {ends[1]}"
    if isinstance(part, Scored):
        return said
    kind = kb.questions[part.question].kind
    return f"{said} {kind.unit}" if isinstance(kind, Number) else f"{said} of {options}"


def points_kept(bound: Bound) -> str:
    """The bound on a score, in points."""
    return f"{bound.how.words} {in_digits(int(bound.threshold))}"


def _inner(part: Part, kb: KnowledgeBase) -> str:
    said = phrase(part, kb)
    is_several = isinstance(part, All | AnyOf | Count) and both_ends(part) is None
    return f"({said})" if is_several else said


def _answer(test: Test, kind: Kind) -> str:
    any_of = isinstance(test, ChosenBound) and test.bound == ANY
    return "any of: " + "; ".join(answers(test, kind)) if any_of else " or ".join(answers(test, kind))


def answers(test: Test, kind: Kind, options: str = "these") -> tuple[str, ...]:
    """The answers that pass the test (any of them). `options` is the word for all options together."""
    texts = kind.options if isinstance(kind, Choice | Choices) else {}
    match test:
        case Is(value):
            return ("yes" if value else "no",)
        case OneOf(chosen) | ChosenBound(Bound("at_least", 1), chosen):
            return tuple(texts.get(option, option) for option in chosen)
        case NoneOf():
            return (f"none of {options}",)
        case Bound() as bound:
            unit = f" {kind.unit}" if isinstance(kind, Number) else ""
            return (f"{bound.how.words} {bound.threshold}{unit}",)
        case ChosenBound(bound, _):
            return (f"{bound.how.words} {bound.threshold} of {options}",)
        case _:
            assert_never(test)


def text_of(name: str, kb: KnowledgeBase) -> str:
    """The text of a definition, or its name if it has none."""
    kind, called, support = parsed(name)
    match kind:
        case "finding":
            return kb.findings[called]
        case "class":
            return class_text(called, support, kb)
        case "condition":
            return kb.conditions[called].text
        case "triage" | "level":
            return kb.levels[called].text
        case "advice" | "give" | "hold":
            return kb.advice[called].text
        case "kind":
            return kb.advice_kinds[called]
        case _:
            return called


def class_text(of: str, name: str, kb: KnowledgeBase) -> str:
    """A class or several in words, with what has them: `the Wells score: low probability`."""
    what = subject_of(of, kb)
    texts = [each.text for each in kb.classes[of].classes if each.name in name.split(AND)]
    return f"{what}{' ' if what.endswith('?') else ': '}{' or '.join(texts)}"


def subject_of(name: str, kb: KnowledgeBase) -> str:
    """What has classes, in words: a score, or a question."""
    if kb.classes[name].is_score:
        return kb.scores[name].text or name
    return kb.questions[name].label or kb.questions[name].ask


def _named(name: str, kb: KnowledgeBase) -> str:
    kind, _, support = parsed(name)
    match kind:
        case "condition":
            firmly = "" if support == "possible" else f" (at least {support})"
            return f"suspected: {text_of(name, kb)}{firmly}"
        case "triage":
            return f"an open answer could make it: “{text_of(name, kb)}”"
        case "advice":
            return f"advice “{text_of(name, kb)}”"
        case _:
            return text_of(name, kb)
