"""A population: how people answer, in shares that the knowledge engineer assumes.

Rules and assessments do not use it. `engine.sampling.people` draws people from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """A range of numbers with both ends included, all equally likely, and the percentage of people in it."""

    low: int | float
    high: int | float
    share: float


@dataclass(frozen=True, slots=True)
class Ticks:
    """A way of ticking: the percentage of people who tick this way and, for each option, the percentage of
    these people who tick it, independently of the other options.
    """

    share: float
    options: Mapping[str, float]


Spread = float | Mapping[str, float] | tuple[Ticks, ...] | tuple[Band, ...]
"""The answers to a question, in percent of people. `yes_no`: those who say yes. `choice`: those who choose
each option, 100 in total. `choices`: ways of ticking, 100 in total. `number`: bands, 100 in total. An option
that is not named has 0.
"""


@dataclass(frozen=True, slots=True)
class Spreads:
    """How people answer each question, and the percentage who leave it unanswered."""

    answers: Mapping[str, Spread]
    unanswered: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people and its percentage. Questions missing from `own` are answered as by everybody."""

    about: str
    share: float
    own: Spreads


@dataclass(frozen=True, slots=True)
class Population:
    """Whom the population is about, how everybody answers, and optional groups, whose shares add up to 100.

    `grounds` says, by question or group, where its numbers are published.
    """

    about: str
    everybody: Spreads
    groups: Mapping[str, Group]
    grounds: Mapping[str, str]
