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
    "between": ("at_least", "at_most"),
}
"""The words of the language for bounds, with the comparisons that each means."""
COUNTS: Mapping[str, str] = {"at_least": "at least", "at_most": "at most", "exactly": "exactly"}
"""The words of the language for counts of parts, and how people read them."""


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
class Count:
    """From `least` to `most` of the parts hold; without an upper limit if `most` is None."""

    least: int
    most: int | None
    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def word(self) -> str:
        """The word of the language for this count, a key of `COUNTS`."""
        return "at_least" if self.most is None else "at_most" if self.least == 0 else "exactly"

    @property
    def number(self) -> int:
        """The number that is written with `word`."""
        return self.least if self.most is None else self.most

    @property
    def gates(self) -> tuple[tuple[int, bool], ...]:
        """The count as gates that must all be so: a number of parts, and whether as many must hold or must
        not.
        """
        enough = ((self.least, True),) if self.least else ()
        has_limit = self.most is not None and self.most < len(self.parts)
        return (*enough, (self.most + 1, False)) if self.most is not None and has_limit else enough

    @property
    def turns(self) -> tuple[int, ...]:
        """Numbers of parts that hold beside one that decides: with it, a gate has just enough."""
        return tuple(needed - 1 for needed, _ in self.gates)


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


def both_ends(part: Part) -> tuple[Answered | Scored, Bound, Bound] | None:
    """The two bounds of a part that was written in one place, as `between` or `equals`."""
    if not (isinstance(part, All) and len(part.parts) == 2):
        return None
    first, second = part.parts
    low, high = _bound(first), _bound(second)
    if low is None or high is None or isinstance(first, Always) or isinstance(second, Always):
        return None
    is_one = first.span == second.span and first.span.line > 0
    return (first, low, high) if is_one and isinstance(first, Answered | Scored) else None


def _bound(part: Part) -> Bound | None:
    match part:
        case Answered(_, Bound() as bound) | Answered(_, ChosenBound(bound)) | Scored(_, bound):
            return bound
        case _:
            return None


Part = Always | All | AnyOf | Not | Count | Answered | Ref | Scored
