"""Whether enough is covered: of all parts, and of those of the red flags.

In: the coverage of rules, and the least share of each in per cent. Out: a problem for each not reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.coverage.measure import Coverage
from engine.coverage.summary import Summary, red_flags, summed
from facts.problem import Problem, Span


def missed(
    coverage: Coverage, least: Decimal | None, least_of_red_flags: Decimal | None, place: Span
) -> Iterator[Problem]:
    """The shares that are not reached; None asks for nothing."""
    if least is not None:
        yield from _below(summed(coverage.rules, coverage.lines), least, "parts", place)
    if least_of_red_flags is not None:
        flagged = summed(red_flags(coverage.rules))
        yield from _below(flagged, least_of_red_flags, "parts of the red flags", place)


def _below(found: Summary, least: Decimal, of: str, place: Span) -> Iterator[Problem]:
    if not found.reaches(least):
        message = f"{found.percent} % of the {of} are covered, fewer than {least} %"
        yield Problem("too-little-covered", message, place, "add the cases that are missing")
