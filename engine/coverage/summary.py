"""Coverage totals: for all rules, per file, for the red flags; and whether they are sufficient.

In: the coverage of rules. Out: the numbers of rules that fired and were blocked, the number and percentage of
covered parts, and a problem for each percentage below its minimum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

from engine.coverage.measure import Coverage, LineCoverage, RuleCoverage
from engine.loading.files import shown
from facts.problem import Problem, Span

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Summary:
    """Totals of rules and of everything counted as a part; nothing can block the `for_everybody` rules."""

    rules: int
    for_everybody: int
    fired: int
    blocked: int
    parts: int
    covered: int

    @property
    def percent(self) -> Decimal:
        """The percentage of covered parts, rounded down so that 100 means all; 100 if there are no parts."""
        return share(self.covered, self.parts).quantize(TENTH, ROUND_FLOOR)

    def reaches(self, percent: Decimal) -> bool:
        """Whether the exact percentage of covered parts is at least `percent`."""
        return self.covered * 100 >= percent * self.parts


def share(some: int, of: int) -> Decimal:
    """`some` as a percentage of `of`, or 100 if there is nothing to cover."""
    return Decimal(100 * some) / of if of else Decimal(100)


def summed(rules: Iterable[RuleCoverage], lines: Iterable[LineCoverage] = ()) -> Summary:
    """The totals of some rules and some lines of scores; each line counts as one part."""
    listed = list(rules)
    parts = [*(each for rule in listed for each in rule.counted), *lines]
    return Summary(
        rules=len(listed),
        for_everybody=sum(rule.is_for_everybody for rule in listed),
        fired=sum(rule.fired.cases > 0 for rule in listed),
        blocked=sum(rule.blocked.cases > 0 for rule in listed),
        parts=len(parts),
        covered=sum(part.covered for part in parts),
    )


def red_flags(rules: Iterable[RuleCoverage]) -> list[RuleCoverage]:
    """The rules that give a level for red flags."""
    return [rule for rule in rules if rule.is_red_flag]


def below(file: str, base: str) -> str:
    """The name of a file relative to the folder of the knowledge base."""
    return file.removeprefix(f"{shown(Path(base))}/")


def by_file(rules: Iterable[RuleCoverage]) -> dict[str, list[RuleCoverage]]:
    """The rules of each file, by file name, in order."""
    found: dict[str, list[RuleCoverage]] = {}
    for rule in rules:
        found.setdefault(rule.rule.span.file, []).append(rule)
    return found


def missed(
    coverage: Coverage, least: Decimal | None, least_of_red_flags: Decimal | None, place: Span
) -> Iterator[Problem]:
    """A problem for each percentage below its minimum; None means no minimum."""
    if least is not None:
        yield from _below(summed(coverage.rules, coverage.lines), least, "parts", place)
    if least_of_red_flags is not None:
        flagged = summed(red_flags(coverage.rules))
        yield from _below(flagged, least_of_red_flags, "parts of the red flags", place)


def _below(found: Summary, least: Decimal, of: str, place: Span) -> Iterator[Problem]:
    if not found.reaches(least):
        message = f"only {found.percent} % of the {of} are covered; the minimum is {least} %"
        yield Problem("too-little-covered", message, place, "add the missing cases")
