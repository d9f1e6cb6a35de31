"""The questionnaire: what can be asked, and what an answer can be.

A question has one of four kinds. An answer is a value of its kind, or `UNKNOWN` where a person said
"I don't know"; a question without an answer is simply not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from facts.problem import Span


class Unknown(Enum):
    """The answer "I don't know"."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

Answer = bool | str | Mapping[str, bool] | int | float | Unknown
"""`yes_no`: bool. `choice`: the option. `choices`: what is known of each option. `number`: the number."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one option; the texts are shown to people."""

    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Any number of options, each with its text."""

    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in `unit` from `minimum` to `maximum`, both included, with so many `decimals`."""

    unit: str
    minimum: int | float
    maximum: int | float
    decimals: int = 0


Kind = YesNo | Choice | Choices | Number


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the questionnaire. What it asks for is `changeable` if a person could do otherwise, or
    if it could become otherwise: not an age, nor what lies in the past. `formerly` has the names of questions
    that were asked in its place, with the option that each of theirs is today; None where a question only got
    another name, nothing where it is no longer asked (`facts.other_names.formerly`). A page shows an answer
    after the `label`, or after the question where there is none.
    """

    name: str
    ask: str
    kind: Kind
    span: Span = field(compare=False, repr=False)
    changeable: bool = True
    formerly: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    label: str = ""


Questionnaire = Mapping[str, Question]
"""Questions by name, in the order in which they are asked."""


def kind_name(kind: Kind) -> str:
    """The word of the language for a kind."""
    match kind:
        case YesNo():
            return "yes_no"
        case Choice():
            return "choice"
        case Choices():
            return "choices"
        case Number():
            return "number"
