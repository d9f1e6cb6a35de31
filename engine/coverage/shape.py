"""A rule as its parts: all of them in source order, and the innermost ones.

In: the `when` of a rule, and the truths of its innermost parts. Out: its parts marked with their truth. The
truth of a rule depends only on its innermost parts, so their truths represent a case here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from engine.meaning.holds import Truth
from engine.meaning.marking import Marked, inner_parts, marked
from engine.model.parts import NOWHERE, All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored
from engine.model.scores import Score
from facts.problem import Span
from facts.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a rule, its depth, and the positions of the parts that enclose it, outermost first."""

    part: Part
    above: tuple[int, ...] = ()

    @property
    def is_innermost(self) -> bool:
        """Whether it is innermost and tests something; `always` does not."""
        return isinstance(self.part, Answered | Ref | Scored)

    @property
    def is_counted(self) -> bool:
        """Whether it must be covered: an innermost part, or an exact count.

        An exact count may be false in all cases that cover the parts in it.
        """
        is_exact = isinstance(self.part, Count) and len(self.part.gates) > 1
        return self.is_innermost or is_exact

    @property
    def span(self) -> Span:
        """The place in the source; empty for `always`."""
        return NOWHERE if isinstance(self.part, Always) else self.part.span


def placed(whole: Part) -> tuple[Placed, ...]:
    """The part and every part inside it, in source order."""
    found: list[Placed] = []

    def add(part: Part, above: tuple[int, ...]) -> None:
        at = len(found)
        found.append(Placed(part, above))
        for each in inner_parts(part):
            add(each, (*above, at))

    add(whole, ())
    return tuple(found)


def innermost(whole: Part) -> tuple[Part, ...]:
    """The innermost parts, in source order."""
    return tuple(each.part for each in placed(whole) if each.is_innermost)


def marked_by(whole: Part, truths: Sequence[Truth]) -> Marked:
    """The whole marked with the truth of every part, computed from the truths of its innermost parts."""
    names = iter(range(len(truths)))
    return marked(_numbered(whole, names), _Truths({str(at): truth for at, truth in enumerate(truths)}))


def _numbered(part: Part, names: Iterator[int]) -> Part:
    """The same part with a numbered reference in place of each innermost part."""
    match part:
        case All(parts):
            return All(tuple(_numbered(each, names) for each in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_numbered(each, names) for each in parts))
        case Count(least, most, parts):
            return Count(least, most, tuple(_numbered(each, names) for each in parts))
        case Not(inner):
            return Not(_numbered(inner, names))
        case Always():
            return part
        case Answered() | Ref() | Scored():
            return Ref(str(next(names)))
        case _:
            assert_never(part)


@dataclass(frozen=True, slots=True)
class _Truths:
    """A fact base that contains only these truths."""

    truths: Mapping[str, Truth]
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def value(self, name: str) -> Truth:
        return self.truths[name]

    def score(self, name: str) -> Score:
        raise KeyError(name)


def in_order(whole: Marked) -> Iterator[Marked]:
    """The whole and every part inside it, in the order of `placed`."""
    yield whole
    for each in whole.inner:
        yield from in_order(each)
