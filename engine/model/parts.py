"""Parts: what a `when` can say about a case, every name resolved.

A `Ref` names another definition (`rule:...`, `finding:...`, `asked:...`, see `engine.meaning.definitions`).
Spans say where a part was written and never count in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from facts.problem import Span

Comparison = Literal["at_least", "at_most", "above", "below"]
NOWHERE = Span("")


@dataclass(frozen=True, slots=True)
class Is:
    """A `yes_no` question has this answer."""

    value: bool


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of these options was chosen."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of these, all the options of a question, was chosen."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A number keeps this bound."""

    comparison: Comparison
    threshold: int | float


@dataclass(frozen=True, slots=True)
class ChosenBound:
    """The number of chosen options, out of these, keeps the bound."""

    bound: Bound
    options: tuple[str, ...]


Test = Is | OneOf | NoneOf | Bound | ChosenBound


@dataclass(frozen=True, slots=True)
class Always:
    """Holds for everybody."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The part is false."""

    part: Part
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the parts hold."""

    count: int
    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question passes a test."""

    question: str
    test: Test
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """Another definition, by name: `finding:leg_pain`, `condition:sciatica:typical`, `rule:...`."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score keeps the bound; the threshold is in ticks of the score."""

    score: str
    bound: Bound
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Part = Always | All | AnyOf | Not | AtLeast | Answered | Ref | Scored
