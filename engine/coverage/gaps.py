"""What no case shows: rules that never fire or are never blocked, and parts that never decide.

In: the coverage of rules. Out: problems, each with its place and the case that is missing. They are warnings:
nothing is wrong with the rule, but nobody has seen whether it is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.coverage.measure import RuleCoverage, Tally
from engine.coverage.missing import missing
from engine.part_text import written
from facts.problem import Problem, Span, quote

WIDE, MOST_HELPED = 200, 10
"""Of a rule with more parts than the first, the case that is missing is worked out for so many of them."""


def gaps(rules: Iterable[RuleCoverage]) -> Iterator[Problem]:
    """What no case shows, of red flags first."""
    for rule in sorted(rules, key=lambda rule: not rule.is_red_flag):
        yield from gaps_of(rule)


def gaps_of(rule: RuleCoverage) -> Iterator[Problem]:
    """What no case shows of a rule; a part that is the whole `when` is not named again."""
    yield from _of_whole(rule)
    named = [at for at, part in enumerate(rule.parts) if at and part.placed.is_innermost and not part.covered]
    helped = len(named) if len(rule.parts) <= WIDE else MOST_HELPED
    for number, at in enumerate(named):
        yield _of_part(rule, at, missing(rule, at) if number < helped else "as for the parts before it")


def _of_whole(rule: RuleCoverage) -> Iterator[Problem]:
    said, place = _named(rule), rule.rule.span
    if not rule.fired.cases:
        seen = f"blocked in {_cases(rule.blocked)}, open in {_cases(rule.open)}"
        yield _gap("never-fired", f"{said} never fires: {seen}", place, "add a case that fires it")
    if not rule.blocked.cases and not rule.is_for_everybody:
        seen = f"fired in {_cases(rule.fired)}, open in {_cases(rule.open)}"
        help = "add a near miss, a case whose answers rule it out"
        yield _gap("never-blocked", f"{said} is never blocked: {seen}", place, help)


def _named(rule: RuleCoverage) -> str:
    return f"{'red-flag rule' if rule.is_red_flag else 'rule'} {quote(rule.rule.id)}"


def _of_part(rule: RuleCoverage, at: int, help: str) -> Problem:
    part = rule.parts[at]
    said = f"{quote(written(part.placed.part))} of {_named(rule)}"
    if not part.true.decided and not part.false.decided:
        seen = f"{_seen('true', part.true)}; {_seen('false', part.false)}"
        return _gap("never-decides", f"{said} never decides ({seen})", part.placed.span, help)
    lacks, tally = ("false", part.false) if part.true.decided else ("true", part.true)
    message = f"{said} never decides as {lacks} ({_seen(lacks, tally)})"
    return _gap(f"never-{lacks}", message, part.placed.span, help)


def _seen(truth: str, tally: Tally) -> str:
    return f"{truth} in {_cases(tally)}" + (", decisive in none" if tally.cases else "")


def _gap(code: str, message: str, place: Span, help: str) -> Problem:
    return Problem(code, message, place, help, severity="warning")


def _cases(tally: Tally) -> str:
    return "no case" if not tally.cases else f"{tally.cases:,} case{'' if tally.cases == 1 else 's'}"
