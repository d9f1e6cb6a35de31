"""The questionnaire: questions, their kinds, and the values of answers.

A question has one of four kinds. An answer is a value of that kind, or `UNKNOWN` if the person said "I don't
know"; an unanswered question is absent.
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
"""`yes_no`: bool. `choice`: the option. `choices`: whether each known option is chosen. `number`: the number.
"""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A question that is answered with yes or no."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one option. Maps each option to the text shown to people."""

    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Any number of options. Maps each option to the text shown to people."""

    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in `unit`, from `minimum` to `maximum` inclusive, with at most `decimals` decimal places."""

    unit: str
    minimum: int | float
    maximum: int | float
    decimals: int = 0


Kind = YesNo | Choice | Choices | Number


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the questionnaire.

    `changeable` is false for facts that a person cannot change, such as age or the past. `formerly` maps each
    old name that this question replaces to {old option: current option}: None if only the question was
    renamed, empty if the old question is no longer asked. Under the question's own name it has renamed
    options. (See `facts.other_names.formerly`.) Pages show an answer after `label`, or after `ask` if `label`
    is empty.
    """

    name: str
    ask: str
    kind: Kind
    span: Span = field(compare=False, repr=False)
    changeable: bool = True
    formerly: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    label: str = ""


Questionnaire = Mapping[str, Question]
"""Questions by name, in the order of asking."""


def kind_name(kind: Kind) -> str:
    """Return the name of a kind in the rule language."""
    match kind:
        case YesNo():
            return "yes_no"
        case Choice():
            return "choice"
        case Choices():
            return "choices"
        case Number():
            return "number"
