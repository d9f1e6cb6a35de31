"""A population: how people answer, in shares, as the knowledge engineer assumes it.

It does not belong to the rules: no assessment reads it. People are drawn from it by `engine.sampling.people`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers from `low` to `high`, both included and all alike likely, and the share of people in it."""

    low: int | float
    high: int | float
    share: float


@dataclass(frozen=True, slots=True)
class Ticks:
    """How many of some people tick each option, whatever else they tick, and the share of these people."""

    share: float
    options: Mapping[str, float]


Spread = float | Mapping[str, float] | tuple[Ticks, ...] | tuple[Band, ...]
"""How people answer a question, of 100 people. `yes_no`: how many say yes. `choice`: how many choose each
option, 100 together. `choices`: how many tick in which way, 100 together. `number`: how many are in each
band, 100 together. Options that are not named have 0.
"""


@dataclass(frozen=True, slots=True)
class Spreads:
    """How people answer, by question, and how many of 100 leave a question open all the same."""

    answers: Mapping[str, Spread]
    unanswered: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Group:
    """People who are alike; what `own` does not say of them is as for everybody."""

    about: str
    share: float
    own: Spreads


@dataclass(frozen=True, slots=True)
class Population:
    """Whom it is about, how everybody answers, and the groups, if any, whose shares are 100 together.

    `grounds` says of questions and groups where their numbers are published.
    """

    about: str
    everybody: Spreads
    groups: Mapping[str, Group]
    grounds: Mapping[str, str]
