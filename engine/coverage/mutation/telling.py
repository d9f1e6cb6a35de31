"""What tells two assessments of one case apart: the expectations that only the first meets.

In: two assessments. Out: `expect` and `expect_not` as in a case, without anything in which the two agree.
Questions, reasons, and which of several rules gives a result are left out, because they change nobody's
result.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.casetest.expectation import NONE
from engine.model.assessment import Assessment, Suspicion
from facts.plain import Plain

Expectation = dict[str, Plain]


def telling(before: Assessment, after: Assessment) -> tuple[Expectation, Expectation]:
    """The `expect` that only `before` meets, and the `expect_not` that only `after` fails."""
    expect: Expectation = {}
    expect_not: Expectation = {}
    if before.in_scope != after.in_scope:
        expect["in_scope"] = before.in_scope
    expect |= _triage(before, after)
    _conditions(before, after, expect, expect_not)
    _members("findings", before.findings, after.findings, expect, expect_not)
    scores: Expectation = {
        name: dict(ends) for name, ends in before.scores.items() if ends != after.scores[name]
    }
    expect |= {"scores": scores} if scores else {}
    classes: Expectation = {
        name: each for name, each in before.classes.items() if each != after.classes[name]
    }
    expect |= {"classes": classes} if classes else {}
    given, not_given = _advice(before, after)
    expect |= {"advice": given} if given else {}
    expect_not |= {"advice": not_given} if not_given else {}
    _members("texts", before.texts, after.texts, expect, expect_not)
    was, now = ([each.name for each in found.inconsistencies] for found in (before, after))
    _members("inconsistencies", was, now, expect, expect_not)
    _members("disagreements", before.disagreements, after.disagreements, expect, expect_not)
    _members("fired", before.fired, after.fired, expect, expect_not)
    _members("open", before.open, after.open, expect, expect_not)
    return expect, expect_not


def _members(
    field: str, before: Sequence[str], after: Sequence[str], expect: Expectation, expect_not: Expectation
) -> None:
    """What a list of names has in only one of the two."""
    if lost := [each for each in before if each not in after]:
        expect[field] = [*lost]
    if gained := [each for each in after if each not in before]:
        expect_not[field] = [*gained]


def _triage(before: Assessment, after: Assessment) -> Expectation:
    was, now = before.triage, after.triage
    if was is None or now is None:
        return {}
    said: Expectation = {"level": was.level} if was.level != now.level else {}
    said |= {"ceiling": was.ceiling} if was.ceiling != now.ceiling else {}
    by_source: Expectation = {}
    for source, reach in was.by_source.items():
        other = now.by_source[source]
        own: Expectation = {"level": reach.level} if reach.level != other.level else {}
        own |= {"ceiling": reach.ceiling} if reach.ceiling != other.ceiling else {}
        by_source |= {source: own} if own else {}
    said |= {"by_source": by_source} if by_source else {}
    return {"triage": said} if said else {}


def _conditions(before: Assessment, after: Assessment, expect: Expectation, expect_not: Expectation) -> None:
    now = {each.name: each for each in after.conditions}
    both = [(each, now.get(each.name)) for each in before.conditions]
    said = {was.name: _stated(was, other) for was, other in both if other is None or _differ(was, other)}
    if said:
        expect["conditions"] = said
    was = {each.name for each in before.conditions}
    if gained := [name for name in now if name not in was]:
        expect_not["conditions"] = [*gained]


def _differ(was: Suspicion, now: Suspicion) -> bool:
    """Whether two suspicions differ in anything but the rules behind them, which are compared elsewhere."""
    first, second = ((each.support, each.could_reach, each.against) for each in (was, now))
    return first != second


def _stated(was: Suspicion, now: Suspicion | None) -> Plain:
    """What to expect of a condition."""
    if now is None or was.support != now.support:
        return was.support
    if was.against != now.against:
        return {"support": was.support, "against": [*was.against] or NONE}
    return {"support": was.support, "could_reach": was.could_reach}


def _advice(before: Assessment, after: Assessment) -> tuple[Expectation, Expectation]:
    was, now = before.advice, after.advice
    expect: Expectation = {}
    expect_not: Expectation = {}
    for state in ("given", "given_unless", "pending"):
        first, second = ([each.item for each in getattr(found, state)] for found in (was, now))
        _members(state, first, second, expect, expect_not)
    held = [dict.fromkeys(item for each in found.held for item in each.items) for found in (was, now)]
    _members("held", list(held[0]), list(held[1]), expect, expect_not)
    return expect, expect_not
