"""What no case shows: rules that never fire or are never blocked, and parts that never decide.

In: the coverage of rules. Out: problems, each with its place and the case that is missing. They are warnings:
nothing is wrong with the rule, but nobody has seen whether it is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.coverage.measure import PartCoverage, RuleCoverage, Tally
from engine.coverage.missing import missing
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
    said = f"{quote(written(part.placed.part))} of rule {quote(rule.rule.id)}"
    if not part.true.decided and not part.false.decided:
        never = f"decides neither as true ({_seen('true', part.true)}) nor as false ({_seen('false', part.false)})"
        return _gap("never-decides", f"{said} {never}", part.placed.span, missing(rule, at))
    lacks, tally = ("false", part.false) if part.true.decided else ("true", part.true)
    message = f"{said} never decides as {lacks} ({_seen(lacks, tally)})"
    return _gap(f"never-{lacks}", message, part.placed.span, missing(rule, at))


def _seen(truth: str, tally: Tally) -> str:
    return f"{truth} in {_cases(tally)}" + (", never alone" if tally.cases else "")


def _gap(code: str, message: str, place: Span, help: str) -> Problem:
    return Problem(code, message, place, help, severity="warning")


def _cases(tally: Tally) -> str:
    return "no case" if not tally.cases else f"{tally.cases:,} case{'' if tally.cases == 1 else 's'}"
