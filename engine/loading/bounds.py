"""Bounds (`at_least`, `above`, `between`, ...) on a number, a count of options or a score.

In: a mapping of one or two bounds, and the range of what is compared. Out: the bounds with their places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from engine.loading.numbers import number, number_of, plain
from engine.loading.reader import Fields, Reader
from engine.model.parts import BOUNDS, COMPARISONS, Comparison
from facts.problem import Span, quote, quoted
from facts.trees.tree import Mapping, Node, Scalar, Sequence, describe

HABITS = {
    "exactly": "equals",
    "is": "equals",
    "more_than": "above",
    "less_than": "below",
    "from": "at_least",
    "to": "at_most",
}
"""Words of other languages for bounds, and how to write them."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One bound with its exact number and its node."""

    comparison: Comparison
    value: Decimal
    node: Node
    within: Node | None = None
    """The list in which the number stands, if it is one of two that belong together."""

    @property
    def span(self) -> Span:
        """Where the number, or the list of both, is written."""
        return (self.within or self.node).span


@dataclass(frozen=True, slots=True)
class Range:
    """What a bound applies to: its name, its range if known, its decimals, and where it is declared."""

    where: str
    decimals: int
    low: int | float | None = None
    high: int | float | None = None
    span: Span | None = None


def read_bounds(reader: Reader, node: Node, of: Range, at: Span) -> list[Threshold]:
    """The bounds on something: at most one lower and one upper bound. `at` is the place of its name."""
    fields = reader.fields(_translated(reader, node, of), f"the bound on {of.where}", (), tuple(BOUNDS), at)
    given = [word for word in BOUNDS if word in fields.values]
    for is_lower, name in ((True, "lower"), (False, "upper")):
        same = [
            word for word in given if any(COMPARISONS[each].is_lower is is_lower for each in BOUNDS[word])
        ]
        if len(same) > 1:
            message = f"{quote(same[0])} and {quote(same[1])} are both {name} bounds"
            reader.report("two-bounds", message, fields.keys[same[1]], "remove one of them")
            given = [word for word in given if word not in same[1:]]
    if isinstance(node, Mapping) and not node.entries:
        help = f"write {quoted(BOUNDS)} with a number"
        reader.report("empty-part", f"the bound on {of.where} is empty", node.span, help)
    found = [each for word in given for each in _thresholds(reader, fields, word, of)]
    found.sort(key=lambda each: not COMPARISONS[each.comparison].is_lower)
    if len(found) == 2:
        _check_both(reader, found[0], found[1], of)
    return found


def _translated(reader: Reader, node: Node, of: Range) -> Node:
    """A bound without words that other languages have, which are reported."""
    if not isinstance(node, Mapping):
        return node
    for key, value in node.entries:
        if key.text in HABITS:
            said = value.text if isinstance(value, Scalar) and value.text else "..."
            message = f"the bound on {of.where} has no {quote(key.text)}"
            reader.report("unknown-key", message, key.span, f"write {quote(f'{HABITS[key.text]}: {said}')}")
    kept = tuple((key, value) for key, value in node.entries if key.text not in HABITS)
    return replace(node, entries=kept)


def _thresholds(reader: Reader, fields: Fields, word: str, of: Range) -> list[Threshold]:
    """The bounds that a word means; none if its number is missing, wrong or out of range."""
    if word == "between":
        return _between(reader, fields, of)
    value = number(reader, fields, word)
    if value is None:
        return []
    found = [Threshold(each, value, fields.values[word]) for each in BOUNDS[word]]
    return found if _within(reader, found[0], of) else []


def _between(reader: Reader, fields: Fields, of: Range) -> list[Threshold]:
    """The lowest and the highest number of a `between`."""
    node, at, where = fields.values["between"], fields.keys["between"], f"`between` of {fields.where}"
    if not isinstance(node, Sequence) or len(node.items) != 2:
        several = isinstance(node, Sequence)
        message = f"{where} must be a list of two numbers, the lowest and the highest"
        help = "write `between: [18, 64]`; both ends count"
        if several:
            reader.report("wrong-type", message, node.span, help)
        else:
            reader.wrong(node, message, at, help)
        return []
    values = [number_of(reader, item, where, at) for item in node.items]
    found = [
        Threshold(comparison, value, item, node)
        for comparison, value, item in zip(BOUNDS["between"], values, node.items, strict=True)
        if value is not None
    ]
    wrong = [each for each in found if not _within(reader, each, of)]
    return [] if wrong else found


def _within(reader: Reader, bound: Threshold, of: Range) -> bool:
    if of.low is None or of.high is None or of.low <= plain(bound.value) <= of.high:
        return True
    message = f"{of.where} goes from {of.low} to {of.high}, so {_said(bound)} is out of range"
    reader.report("threshold-range", message, bound.node.span, earlier=of.span)
    return False


def _check_both(reader: Reader, lower: Threshold, upper: Threshold, of: Range) -> None:
    """Report two bounds that no value satisfies."""
    step = Decimal(1).scaleb(-of.decimals)
    lowest = (lower.value / step).to_integral_value(ROUND_CEILING) * step
    if lower.comparison == "above" and lowest == lower.value:
        lowest += step
    if lowest > upper.value or (lowest == upper.value and upper.comparison == "below"):
        message = f"{of.where} can never be both {_words(lower)} and {_words(upper)}"
        help = "swap or widen the bounds; if one of them is enough, write two parts in an `any`"
        reader.report("empty-range", message, upper.node.span, help)


def _words(bound: Threshold) -> str:
    return f"{bound.comparison.replace('_', ' ')} {_said(bound)}"


def _said(bound: Threshold) -> str:
    said, value = describe(bound.node), plain(bound.value)
    return said if said.strip("`+")[:1] in "-0123456789" else f"{said} ({value})"
