"""Bands of a line of a score: points by the range in which a number lies.

In: a list of bands, each with its upper end (`below`, which is excluded, or `at_most`), the last without one.
Out: a line with excluded ends; `at_most` becomes the end before the next number that the question takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from engine.loading.numbers import number, plain
from engine.loading.reader import Fields, Reader
from engine.model.scores import Bands
from facts.problem import quote
from facts.trees.tree import Mapping, Node
from facts.vocabulary import Number, Question

Band = tuple[int | float | None, int]
ENDS = ("below", "at_most")


@dataclass
class BandReader:
    """Reads bands of one question; `ticks` reads the points of a band."""

    reader: Reader
    ticks: Callable[[Fields], int]
    question: Question
    kind: Number

    def bands(self, items: tuple[Node, ...]) -> Bands:
        """The line of these bands."""
        found: list[Band] = []
        floor: Decimal | None = None
        for item in items[:-1]:
            fields = self.reader.fields(item, "a band before the last", ("points",), ENDS)
            below = self._end(fields, floor)
            floor = floor if below is None else below
            found.append((None if below is None else plain(below), self.ticks(fields)))
        last = self._last(items[-1])
        return Bands(self.question.name, (*found, last), self.kind.minimum, self.kind.maximum)

    def _end(self, fields: Fields, floor: Decimal | None) -> Decimal | None:
        """The excluded end of a band; None after reporting a problem."""
        given = [word for word in ENDS if word in fields.values]
        if len(given) == 2:
            help = "remove one of them; `below` excludes its number, `at_most` includes it"
            message = "`below` and `at_most` are both the upper end of the band"
            self.reader.report("two-bounds", message, fields.keys["at_most"], help)
        elif not given and not fields.misspelt & set(ENDS) and fields.values:
            message = "a band before the last lacks `below` or `at_most`"
            help = "add `at_most: ...`, its highest number; only the last band has `points` alone"
            self.reader.report("missing-key", message, fields.span, help)
        if len(given) != 1:
            return None
        end = number(self.reader, fields, given[0])
        if end is None:
            return None
        self._check(end, fields, given[0], floor)
        return end if given[0] == "below" else self._after(end)

    def _after(self, end: Decimal) -> Decimal:
        """The first number above an end that the question takes."""
        step = Decimal(1).scaleb(-self.kind.decimals)
        return ((end / step).to_integral_value(ROUND_FLOOR) + 1) * step

    def _last(self, node: Node) -> Band:
        end = next((word for word in ENDS if isinstance(node, Mapping) and node.get(word) is not None), "")
        if end:
            help = "add a last band `{points: ...}` for all higher numbers"
            self.reader.report("last-band", f"the last band must not have `{end}`", node.span, help)
            return (None, 0)
        return (None, self.ticks(self.reader.fields(node, "the last band", ("points",))))

    def _check(self, end: Decimal, fields: Fields, word: str, floor: Decimal | None) -> None:
        """Report an end that is out of range, or not above the one before."""
        kind, name, span = self.kind, quote(self.question.name), fields.values[word].span
        below = end if word == "below" else self._after(end)
        if floor is not None and below <= floor:
            before = plain(floor)
            message = f"each band must end above the one before, but {plain(end)} is not above {before}"
            if word == "at_most":
                message = "each band must end above the one before, but no number from"
                message += f" {before} on is at most {plain(end)}"
            self.reader.report("threshold-range", message, span, "put the bands in ascending order")
        elif not kind.minimum <= plain(end) <= kind.maximum:
            message = f"{name} goes from {kind.minimum} to {kind.maximum}, so {plain(end)} is out of range"
            self.reader.report("threshold-range", message, span, earlier=self.question.span)
