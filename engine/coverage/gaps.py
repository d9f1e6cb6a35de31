"""What no case shows: rules that never fire or are never blocked, and parts that never decide.

In: the coverage of rules. Out: problems, each with its place and the missing case. They are warnings: the
rule may be right, but no case shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.coverage.measure import EdgeCoverage, LineCoverage, RuleCoverage, Tally
from engine.coverage.missing import beside, missing
from engine.words.rule_text import written
from facts.problem import Problem, Span, quote

WIDE, MOST_HELPED = 200, 10
"""A rule with more parts than `WIDE` gets the missing case for at most `MOST_HELPED` of its parts."""


def gaps(rules: Iterable[RuleCoverage], lines: Iterable[LineCoverage] = ()) -> Iterator[Problem]:
    """What no case shows: red flags first, scores last."""
    for rule in sorted(rules, key=lambda rule: not rule.is_red_flag):
        yield from gaps_of(rule)
    for line in lines:
        if not line.covered:
            yield _of_line(line)


def gaps_of(rule: RuleCoverage) -> Iterator[Problem]:
    """What no case shows of a rule; a part that is the whole `when` is not named again."""
    yield from _of_whole(rule)
    named = [at for at, part in enumerate(rule.parts) if at and part.counts and not part.covered]
    helped = len(named) if len(rule.parts) <= WIDE else MOST_HELPED
    for number, at in enumerate(named):
        yield _of_part(rule, at, missing(rule, at) if number < helped else "see the parts before this one")
    for at, part in enumerate(rule.parts):
        truths = {True: part.true.decided, False: part.false.decided}
        for each in part.edges if part.counts else ():
            if not each.covered and truths[each.edge.truth]:
                yield _of_edge(rule, at, each)


def _of_edge(rule: RuleCoverage, at: int, each: EdgeCoverage) -> Problem:
    """An edge of a threshold without a case, although the part decides on that side of it."""
    part, truth = rule.parts[at], "true" if each.edge.truth else "false"
    where = f"{quote(written(part.placed.part))} is only just {truth} in {_named(rule)}"
    which = " in which it decides" if each.tally.cases else ""
    message = f"no case{which} has {quote(each.edge.value)}, where {where}"
    help = f"add a case with {quote(each.edge.value)}{beside(rule, at)}"
    return _gap("edge-untested", message, part.placed.span, help)


def _of_line(each: LineCoverage) -> Problem:
    """A line of a score on which no bound depends in any case, or in one direction only."""
    line = each.line
    lacks = "counting" if not each.counts.cases else "not counting"
    said = f"line {line.at} of score {quote(line.score.name)}, {quote(line.said)},"
    both = "" if each.counts.cases or line.misses is None or each.misses.cases else " or not counting"
    message = f"{said} never decides by {lacks}{both}: in no case does a bound on the score depend on it"
    help = "add a case in which this line alone makes the score cross a bound"
    return _gap("line-never-decides", message, line.span, help)


def _of_whole(rule: RuleCoverage) -> Iterator[Problem]:
    said, place = _named(rule), rule.rule.span
    if rule.lacks(True):
        seen = f"blocked in {_cases(rule.blocked)}, open in {_cases(rule.open)}"
        yield _gap("never-fired", f"{said} never fires: {seen}", place, "add a case that fires it")
    if rule.lacks(False):
        seen = f"fired in {_cases(rule.fired)}, open in {_cases(rule.open)}"
        help = "add a near miss, a case whose answers rule it out"
        yield _gap("never-blocked", f"{said} is never blocked: {seen}", place, help)


def _named(rule: RuleCoverage) -> str:
    return f"{'red-flag rule' if rule.is_red_flag else 'rule'} {quote(rule.rule.id)}"


def _of_part(rule: RuleCoverage, at: int, help: str) -> Problem:
    part = rule.parts[at]
    said = f"{quote(written(part.placed.part))} of {_named(rule)}"
    if not part.true.decided and not part.false.decided and not part.impossible:
        seen = f"{_seen('true', part.true)}; {_seen('false', part.false)}"
        return _gap("never-decides", f"{said} never decides ({seen})", part.placed.span, help)
    lacks_false = part.true.decided or True in part.impossible
    lacks, tally = ("false", part.false) if lacks_false else ("true", part.true)
    message = f"{said} never decides as {lacks} ({_seen(lacks, tally)})"
    return _gap(f"never-{lacks}", message, part.placed.span, help)


def _seen(truth: str, tally: Tally) -> str:
    return f"{truth} in {_cases(tally)}" + (", decisive in none" if tally.cases else "")


def _gap(code: str, message: str, place: Span, help: str) -> Problem:
    return Problem(code, message, place, help, severity="warning")


def _cases(tally: Tally) -> str:
    return "no case" if not tally.cases else f"{tally.cases:,} case{'' if tally.cases == 1 else 's'}"
