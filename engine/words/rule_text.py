"""Parts in the words of the rule language, short enough for a line of a tree: `eased_by: [resting, sitting]`.

In: a part. Out: a text. `engine.words.phrases` does the same in the words of the questionnaire, for patients.
"""

from __future__ import annotations

from typing import assert_never

from engine.model.classes import AND
from engine.model.names import parsed
from engine.model.parts import (
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

WORDS = {"level": "triage", "kind": "advice_kind", "hold": "held"}
"""The word of the language for each kind of name, where the two differ."""


def written(part: Part) -> str:
    """A part as in a rule, with inner parts in brackets."""
    match part:
        case Always():
            return "always"
        case All() if both_ends(part):
            return headed(part)
        case All(parts):
            return f"all: [{', '.join(map(written, parts))}]"
        case AnyOf(parts):
            return f"any: [{', '.join(map(written, parts))}]"
        case Count(word=word, number=number, parts=parts):
            return f"{word} {number} of: [{', '.join(map(written, parts))}]"
        case Not(inner):
            return f"not: {written(inner)}"
        case _:
            return headed(part)


def headed(part: Part) -> str:
    """A part without its inner parts, for trees that show these below it."""
    match part:
        case Always():
            return "always"
        case All() if (ends := both_ends(part)) is not None:
            return _between(*ends)
        case All():
            return "all"
        case AnyOf():
            return "any"
        case Count(word=word, number=number, parts=parts):
            return f"{word} {number} of {len(parts)}"
        case Not():
            return "not"
        case Answered(question, test):
            return f"{question}: {comparison_text(test)}"
        case Ref(name):
            return name_text(name)
        case Scored(score, Bound(comparison, threshold)):
            return f"score {score}: {comparison} {in_digits(int(threshold))}"
        case _:
            assert_never(part)


def _between(part: Answered | Scored, low: Bound, high: Bound) -> str:
    """Two bounds that were written as one: `age: between [18, 64]`, `score risk: equals 2`."""
    is_score = isinstance(part, Scored)
    ends = [in_digits(int(each.threshold)) if is_score else f"{each.threshold}" for each in (low, high)]
    said = f"equals {ends[0]}" if low.threshold == high.threshold else f"between [{', '.join(ends)}]"
    if isinstance(part, Scored):
        return f"score {part.score}: {said}"
    return f"{part.question}: {said}{' chosen' if isinstance(part.test, ChosenBound) else ''}"


def comparison_text(test: Test) -> str:
    """What an answer is compared with."""
    match test:
        case Is(value):
            return "yes" if value else "no"
        case OneOf(options):
            return options[0] if len(options) == 1 else f"[{', '.join(options)}]"
        case NoneOf():
            return "none"
        case Bound(comparison, threshold):
            return f"{comparison} {threshold}"
        case ChosenBound(Bound(comparison, threshold), _):
            return f"{comparison} {threshold} chosen"
        case _:
            assert_never(test)


def name_text(name: str) -> str:
    """A definition as a part refers to it: `finding: leg_pain`, `condition: sciatica (typical)`."""
    kind, called, support = parsed(name)
    match kind:
        case "condition":
            return f"condition: {called}" + ("" if support == "possible" else f" ({support})")
        case "class":
            several = support.replace(AND, ", ")
            return f"class: {{{called}: {several if several == support else f'[{several}]'}}}"
        case "triage":
            return f"triage_at_least: {called}"
        case "asked":
            return f"{called} applies"
        case "scope":
            return "in scope"
        case _:
            return f"{WORDS.get(kind, kind)}: {called}"
