"""Scores: sums of points over parts and answers, counted in whole ticks so that they add up exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import gcd

from engine.model.parts import NOWHERE, Part
from facts.problem import Span

TICKS = 10**12
"""Ticks in one point: six decimals of a weight times six of a number."""


@dataclass(frozen=True, slots=True)
class Points:
    """So many ticks where the part holds."""

    ticks: int
    when: Part


@dataclass(frozen=True, slots=True)
class PointsByOption:
    """The ticks of the chosen option; an option not listed counts 0. `options` are all of them."""

    question: str
    ticks: Mapping[str, int]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """The number times a weight: `ticks` for each step of 10 to the power of minus `decimals`."""

    question: str
    ticks: int
    decimals: int
    minimum: int | float
    maximum: int | float


@dataclass(frozen=True, slots=True)
class Bands:
    """The ticks of the first band whose upper end (excluded, None for the last) is above the number."""

    question: str
    bands: tuple[tuple[int | float | None, int], ...]
    minimum: int | float
    maximum: int | float


Line = Points | PointsByOption | Times | Bands


@dataclass(frozen=True, slots=True)
class Score:
    """A sum of lines, counted in whole ticks."""

    name: str
    text: str
    lines: tuple[Line, ...]
    claims: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


def steps_of(line: Line) -> Iterable[int]:
    """The ticks that whatever a line counts is a multiple of, or one of."""
    match line:
        case PointsByOption(_, ticks):
            return ticks.values()
        case Bands(_, bands):
            return [ticks for _, ticks in bands]
        case _:
            return [line.ticks]


def unit_of(score: Score) -> int:
    """The most ticks that all that a score counts is a multiple of."""
    return gcd(*(ticks for line in score.lines for ticks in steps_of(line))) or 1


def decimals_of(score: Score) -> int:
    """How many decimals the sums of a score can have."""
    unit = unit_of(score)
    return next(decimals for decimals in range(len(str(TICKS))) if unit * 10**decimals % TICKS == 0)


def points(ticks: int) -> int | float:
    """Ticks as points, whole where they are whole."""
    return ticks // TICKS if ticks % TICKS == 0 else ticks / TICKS


def in_digits(ticks: int) -> str:
    """Ticks as points in plain digits, all of them and no more: 2, 0.5, 1000.125."""
    return f"{Decimal(ticks) / TICKS:f}"
