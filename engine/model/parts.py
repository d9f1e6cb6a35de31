"""Parts: the conditions that a `when` can consist of, with every name resolved.

A `Ref` names another definition (`rule:...`, `finding:...`, `asked:...`, see `engine.meaning.definitions`).
Spans say where a part was written; they do not count in equality.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from facts.problem import Span

Comparison = Literal["at_least", "at_most", "above", "below"]
NOWHERE = Span("")


class Comparing(NamedTuple):
    """A comparison: its operator (`keeps`), which also takes Polars and z3 expressions; its opposite; whether
    it is a lower bound; whether it excludes its threshold; its words.
    """

    keeps: Callable[[Any, Any], Any]
    opposite: Comparison
    is_lower: bool
    is_strict: bool
    words: str


COMPARISONS: Mapping[Comparison, Comparing] = {
    "at_least": Comparing(operator.ge, "below", True, False, "at least"),
    "at_most": Comparing(operator.le, "above", False, False, "at most"),
    "above": Comparing(operator.gt, "at_most", True, True, "more than"),
    "below": Comparing(operator.lt, "at_least", False, True, "less than"),
}
BOUNDS: Mapping[str, tuple[Comparison, ...]] = {
    **{word: (word,) for word in COMPARISONS},
    "equals": ("at_least", "at_most"),
}
"""The words of the language for bounds, with the comparisons that each means."""


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
    """No option of the question was chosen; `options` are all of them."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A number satisfies this bound."""

    comparison: Comparison
    threshold: int | float

    @property
    def how(self) -> Comparing:
        """The entry of the comparison in `COMPARISONS`."""
        return COMPARISONS[self.comparison]


@dataclass(frozen=True, slots=True)
class ChosenBound:
    """The number of these options that were chosen satisfies the bound."""

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
    """A score satisfies the bound, whose threshold is in ticks."""

    score: str
    bound: Bound
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Part = Always | All | AnyOf | Not | AtLeast | Answered | Ref | Scored
