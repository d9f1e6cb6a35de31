"""Classes of a score or a number: named ranges that cover everything and do not overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from engine.model.names import name_of
from engine.model.parts import NOWHERE, All, Always, Answered, Bound, Part, Scored
from facts.problem import Span

AND = "|"
"""What stands between the names of classes that are named together."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class, up to and including its `end`, or without it if `excludes`; the last one has no end.

    `value` is what is published about the people in it, `source` the article that says so.
    """

    name: str
    text: str
    end: int | float | None
    excludes: bool = False
    value: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a score (`is_score`) or of a number question, lowest first. The ends of a score are in
    ticks.
    """

    of: str
    is_score: bool
    classes: tuple[Class, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    rows: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    """The rows of neighbours that some part names together: the places of the first and the last class."""

    def named(self) -> Iterator[tuple[str, Part]]:
        """The definition of each class, and what it means."""
        for at, each in enumerate(self.classes):
            yield self.name(at, at), self.between(at, at, each.span)

    def definitions(self) -> Iterator[tuple[str, Part]]:
        """The definitions of the classes, and of the rows of classes that parts name together."""
        yield from self.named()
        for first, last in self.rows:
            yield self.name(first, last), self.between(first, last, self.classes[first].span)

    def name(self, first: int, last: int) -> str:
        """The name of a row of classes, or of one."""
        return name_of("class", self.of, AND.join(each.name for each in self.classes[first : last + 1]))

    def unreachable(self, low: Decimal, high: Decimal, step: Decimal) -> Iterator[Class]:
        """The classes that no multiple of `step` from `low` to `high` is in."""
        first = low
        for each in self.classes:
            end = high if each.end is None else min(high, Decimal(str(each.end)))
            if first > end or (first == each.end and each.excludes):
                yield each
            if each.end is not None:
                above = (end / step).to_integral_value(ROUND_CEILING) * step
                is_in = above == end and not (each.excludes and end == each.end)
                first = max(first, above + step if is_in else above)

    def between(self, first: int, last: int, span: Span) -> Part:
        """The part that holds in these classes and those between them."""
        before, end = self.classes[first - 1] if first else None, self.classes[last]
        bounds = []
        if before is not None and before.end is not None:
            bounds.append(Bound("at_least" if before.excludes else "above", before.end))
        if end.end is not None:
            bounds.append(Bound("below" if end.excludes else "at_most", end.end))
        parts: Sequence[Part] = [
            Scored(self.of, bound, span) if self.is_score else Answered(self.of, bound, span)
            for bound in bounds
        ]
        return parts[0] if len(parts) == 1 else All(tuple(parts), span) if parts else Always()


ClassesOf = Mapping[str, Classes]
