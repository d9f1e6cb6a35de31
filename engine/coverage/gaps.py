"""What no case shows: rules that never fire or are never blocked, and parts that never decide.

In: the coverage of rules. Out: problems, each with its place and the case that is missing. They are warnings:
nothing is wrong with the rule, but nobody has seen whether it is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.coverage.measure import PartCoverage, RuleCoverage, Tally
from engine.coverage.missing import closest_case, missing_case
from engine.part_text import written
from facts.problem import Problem, Span, quote


def gaps(rules: Iterable[RuleCoverage]) -> Iterator[Problem]:
    """What no case shows, in the order of the rules; a part that is the whole `when` is not named again."""
    for rule in rules:
        yield from _of_rule(rule)
        for at, part in enumerate(rule.parts):
            if at and part.placed.is_innermost and not part.covered:
                yield _of_part(rule, at, part)


def _of_rule(rule: RuleCoverage) -> Iterator[Problem]:
    said, place = f"rule {quote(rule.rule.id)}", rule.rule.span
    if not rule.fired.cases:
        seen = f"blocked in {_cases(rule.blocked)}, open in {_cases(rule.open)}"
        yield _gap("never-fired", f"{said} never fires: {seen}", place, "add a case that fires it")
    if not rule.blocked.cases and not rule.is_for_everybody:
        seen = f"fired in {_cases(rule.fired)}, open in {_cases(rule.open)}"
        help = "add a near miss, a case whose answers rule it out"
        yield _gap("never-blocked", f"{said} is never blocked: {seen}", place, help)


def _of_part(rule: RuleCoverage, at: int, part: PartCoverage) -> Problem:
    """The gap of a part; where it lacks both truths, the case for the first is named."""
    truth = not part.true.decided
    lacks = "true" if part.false.decided else "false" if part.true.decided else "true nor as false"
    code = f"never-{lacks}" if " " not in lacks else "never-decides"
    never = f"never decides as {lacks}" if " " not in lacks else f"decides neither as {lacks}"
    said = f"{quote(written(part.placed.part))} of rule {quote(rule.rule.id)}"
    tally = part.true if truth else part.false
    seen = f"it is {'true' if truth else 'false'} in {_cases(tally)}"
    alone = ", and decisive in none" if tally.cases else ""
    help = "; ".join(filter(None, (missing_case(rule, at, truth), closest_case(rule, at, truth))))
    return _gap(code, f"{said} {never}: {seen}{alone}", part.placed.span, help)


def _gap(code: str, message: str, place: Span, help: str) -> Problem:
    return Problem(code, message, place, help, severity="warning")


def _cases(tally: Tally) -> str:
    return "no case" if not tally.cases else f"{tally.cases:,} case{'' if tally.cases == 1 else 's'}"
