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
    """The percentage of people who tick in this way, and the percentage of them who tick each option,
    independently of the others.
    """

    share: float
    options: Mapping[str, float]


Spread = float | Mapping[str, float] | tuple[Ticks, ...] | tuple[Band, ...]
"""How people answer a question, in percent. `yes_no`: who say yes. `choice`: who choose each option, adding
up to 100. `choices`: the ways of ticking, adding up to 100. `number`: the bands, adding up to 100. An option
that is not named has 0.
"""


@dataclass(frozen=True, slots=True)
class Spreads:
    """How people answer each question, and the percentage who leave it unanswered."""

    answers: Mapping[str, Spread]
    unanswered: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people, with its percentage. What `own` does not say is as for everybody."""

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
