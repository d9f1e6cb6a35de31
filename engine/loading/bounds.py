"""Bounds (`at_least`, `at_most`, `above`, `below`) on a number, a count of options or a score.

In: the mapping of a bound or two, and the range of what is compared. Out: the bounds with their places.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from engine.loading.numbers import number, plain
from engine.loading.reader import Fields, Reader
from engine.model.parts import Comparison
from facts.problem import Span, quote
from facts.trees.tree import Mapping, Node, describe

LOWER: tuple[Comparison, ...] = ("at_least", "above")
UPPER: tuple[Comparison, ...] = ("at_most", "below")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One bound, exactly, and where its number stands."""

    comparison: Comparison
    value: Decimal
    node: Node

    @property
    def span(self) -> Span:
        """Where the number stands."""
        return self.node.span


@dataclass(frozen=True, slots=True)
class Range:
    """What a bound is about: its name, its ends where they are known, its decimals, where it is declared."""

    where: str
    decimals: int
    low: int | float | None = None
    high: int | float | None = None
    span: Span | None = None


def read_bounds(reader: Reader, node: Node, of: Range, at: Span) -> list[Threshold]:
    """The bounds on something, one from below and one from above at most; `at` is its name."""
    fields = reader.fields(node, f"the bound on {of.where}", (), (*LOWER, *UPPER), at)
    found: list[Threshold] = []
    for side, name in ((LOWER, "lower"), (UPPER, "upper")):
        given = [word for word in side if word in fields.values]
        if len(given) > 1:
            message = f"{quote(given[0])} and {quote(given[1])} are both {name} bounds"
            reader.report("two-bounds", message, fields.keys[given[1]], "keep one of them")
        for word in given[:1]:
            found += _threshold(reader, fields, word)
    if isinstance(node, Mapping) and not node.entries:
        help = "write `at_least`, `at_most`, `above` or `below` with a number"
        reader.report("empty-part", f"the bound on {of.where} is empty", node.span, help)
    kept = [each for each in found if _within(reader, each, of)]
    if len(kept) == 2:
        _check_both(reader, kept[0], kept[1], of)
    return found


def _threshold(reader: Reader, fields: Fields, word: Comparison) -> list[Threshold]:
    value = number(reader, fields, word)
    return [] if value is None else [Threshold(word, value, fields.values[word])]


def _within(reader: Reader, bound: Threshold, of: Range) -> bool:
    if of.low is None or of.high is None or of.low <= plain(bound.value) <= of.high:
        return True
    message = f"{of.where} is from {of.low} to {of.high}, so {_said(bound)} is out of its range"
    reader.report("threshold-range", message, bound.span, earlier=of.span)
    return False


def _check_both(reader: Reader, lower: Threshold, upper: Threshold, of: Range) -> None:
    """Whether any value keeps both bounds."""
    step = Decimal(1).scaleb(-of.decimals)
    lowest = (lower.value / step).to_integral_value(ROUND_CEILING) * step
    if lower.comparison == "above" and lowest == lower.value:
        lowest += step
    if lowest > upper.value or (lowest == upper.value and upper.comparison == "below"):
        message = (
            f"nothing is both {_words(lower)} and {_words(upper)}, so {of.where} never keeps these bounds"
        )
        help = "swap or widen them; for one or the other, write two parts in an `any`"
        reader.report("empty-range", message, upper.span, help)


def _words(bound: Threshold) -> str:
    return f"{bound.comparison.replace('_', ' ')} {_said(bound)}"


def _said(bound: Threshold) -> str:
    said, value = describe(bound.node), plain(bound.value)
    return said if said.strip("`+")[:1] in "-0123456789" else f"{said} ({value})"
