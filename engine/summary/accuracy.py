"""Agreement between given and expected levels: rates with confidence intervals.

In: a tally with expectations. Out: the confusion matrix, sensitivity and specificity for each red-flag level,
and the rates of levels that are too low or too high. There are two readings of the same cases: by the
established level, and by the ceiling, which a cautious reader acts on while answers are open.

A case is under-triaged if its level is below the expected one, and over-triaged if it is above; both rates
are shares of all cases with an expectation. "No level" ranks below every level. Source: J. S. Hinson and
others, Accuracy of emergency department triage using the Emergency Severity Index and independent predictors
of under-triage and over-triage in Brazil, International Journal of Emergency Medicine 11:3, 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from engine.model.knowledge_base import KnowledgeBase
from engine.tally.tally import NONE, Tally

Z = 1.959963984540054
"""Number of standard deviations on either side of the mean that contain 95 % of a normal distribution."""

Reading = Literal["level", "ceiling"]
READINGS: tuple[Reading, ...] = ("level", "ceiling")
Matrix = Mapping[tuple[str, str], int]
"""Number of cases by expected and given level."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A count out of a total."""

    some: int
    of: int

    @property
    def share(self) -> float | None:
        """The rate from 0 to 1; None if the total is 0."""
        return self.some / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % score interval, or None; it stays within 0 and 1 and holds for small totals too.

        Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
        the American Statistical Association 22, 1927, 209-212.
        """
        if not self.of:
            return None
        middle = self.some + Z * Z / 2
        spread = Z * sqrt(self.some * (self.of - self.some) / self.of + Z * Z / 4)
        low, high = ((middle + each) / (self.of + Z * Z) for each in (-spread, spread))
        return (low if self.some else 0.0), (high if self.some < self.of else 1.0)


@dataclass(frozen=True, slots=True)
class Detection:
    """How well a level, or a higher one, is detected: sensitivity and specificity."""

    level: str
    sensitivity: Rate
    specificity: Rate


@dataclass(frozen=True, slots=True)
class Accuracy:
    """One reading of all cases with an expectation."""

    reading: Reading
    matrix: Matrix
    agreement: Rate
    under: Rate
    over: Rate
    detections: tuple[Detection, ...]


def accuracies(tally: Tally, kb: KnowledgeBase) -> list[Accuracy]:
    """Both readings; empty if no case has an expectation."""
    found = tally.below("expected")
    if not found:
        return []
    by_level = {(expected, level): 0 for expected, level, _ in found}
    by_ceiling = {(expected, ceiling): 0 for expected, _, ceiling in found}
    for (expected, level, ceiling), count in found.items():
        by_level[expected, level] += count
        by_ceiling[expected, ceiling] += count
    return [_accuracy("level", by_level, kb), _accuracy("ceiling", by_ceiling, kb)]


def _accuracy(reading: Reading, matrix: Matrix, kb: KnowledgeBase) -> Accuracy:
    place = {name: at for at, name in enumerate([NONE, *kb.levels])}
    detections = [_detection(name, matrix, place) for name, level in kb.levels.items() if level.red_flag]
    return Accuracy(
        reading,
        matrix,
        _rate(matrix, lambda expected, given: expected == given),
        _rate(matrix, lambda expected, given: place[given] < place[expected]),
        _rate(matrix, lambda expected, given: place[given] > place[expected]),
        tuple(reversed(detections)),
    )


def _detection(level: str, matrix: Matrix, place: Mapping[str, int]) -> Detection:
    """The detection of a level; a higher level counts as detected too."""
    calling = {key: count for key, count in matrix.items() if place[key[0]] >= place[level]}
    others = {key: count for key, count in matrix.items() if place[key[0]] < place[level]}
    return Detection(
        level,
        _rate(calling, lambda _, given: place[given] >= place[level]),
        _rate(others, lambda _, given: place[given] < place[level]),
    )


def _rate(matrix: Matrix, holds: Callable[[str, str], bool]) -> Rate:
    return Rate(sum(count for key, count in matrix.items() if holds(*key)), sum(matrix.values()))
