"""Scores: sums of points over parts and answers, in integer ticks so that sums are exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import gcd

from engine.model.parts import NOWHERE, Part
from facts.problem import Span

TICKS = 10**12
"""Ticks per point: six decimals of a weight times six decimals of a number."""


@dataclass(frozen=True, slots=True)
class Points:
    """These ticks if the part holds, else 0."""

    ticks: int
    when: Part


@dataclass(frozen=True, slots=True)
class PointsByOption:
    """The ticks of the chosen option, 0 for one that is not in `ticks`. `options` are all options of the
    question.
    """

    question: str
    ticks: Mapping[str, int]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """A number times a weight: `ticks` for each step of 10 to the power of minus `decimals`."""

    question: str
    ticks: int
    decimals: int
    minimum: int | float
    maximum: int | float


@dataclass(frozen=True, slots=True)
class Bands:
    """The ticks of the first band whose upper end is above the number. Upper ends are excluded; the last is
    None.
    """

    question: str
    bands: tuple[tuple[int | float | None, int], ...]
    minimum: int | float
    maximum: int | float


Line = Points | PointsByOption | Times | Bands


@dataclass(frozen=True, slots=True)
class Score:
    """A score. Its value is the sum of its lines, in ticks."""

    name: str
    text: str
    lines: tuple[Line, ...]
    claims: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    written: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """For each line, the line in the file that it comes from, counted from 1; several may come from one."""

    def place(self, at: int) -> int:
        """The number in the file, from 1, of the line at a position."""
        return self.written[at] if self.written else at + 1


def steps_of(line: Line) -> Iterable[int]:
    """The ticks that determine the unit: whatever the line counts is one of these, or a multiple of one."""
    match line:
        case PointsByOption(_, ticks):
            return ticks.values()
        case Bands(_, bands):
            return [ticks for _, ticks in bands]
        case _:
            return [line.ticks]


def unit_of(score: Score) -> int:
    """The greatest common divisor, in ticks, of everything that the score counts; 1 if it counts only 0."""
    return gcd(*(ticks for line in score.lines for ticks in steps_of(line))) or 1


def decimals_of(score: Score) -> int:
    """Number of decimals that sums of the score can have, in points."""
    unit = unit_of(score)
    return next(decimals for decimals in range(len(str(TICKS))) if unit * 10**decimals % TICKS == 0)


def points(ticks: int) -> int | float:
    """Ticks as points: an int if whole, else a float."""
    return ticks // TICKS if ticks % TICKS == 0 else ticks / TICKS


def in_digits(ticks: int) -> str:
    """Ticks as points in plain, exact digits: 2, 0.5, 1000.125."""
    return f"{Decimal(ticks) / TICKS:f}"
