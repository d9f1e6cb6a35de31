"""Possible causes, in the words of a patient's page.

In: an assessment and its knowledge base. Out: a section: first what must be ruled out, then the other
suspicions by decreasing support. Conditions listed for everybody appear only on the whole page; conditions
that are just possible are left out if something must be ruled out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.model.assessment import Assessment, Suspicion
from engine.model.knowledge_base import SUPPORT, KnowledgeBase, Suspects
from engine.page.layout import Line, Section
from engine.page.room import Room

FIRMLY: Mapping[str, str] = {
    "known": "A doctor has found",
    "hallmark": "This fits well with",
    "typical": "This often goes with",
    "possible": "This can be",
}


def suspects(assessment: Assessment, kb: KnowledgeBase, room: Room) -> Iterator[Section]:
    """The suspected conditions, each with one reason and what counts against it.

    A diagnosis by a doctor is stated without arguments for or against it.
    """
    serious = to_be_ruled_out(assessment)
    least = "typical" if any(each.support in FIRMLY for each in serious) else "possible"
    firm = SUPPORT[SUPPORT.index(least) :]
    others = [each for each in assessment.conditions if each.support in firm and not each.serious]
    shown = max(room.suspected, sum(each.support == "known" for each in others))
    lines: list[Line] = []
    for each in (*serious, *others[:shown]):
        lines += _suspected(each, kb)
    more = "; ".join(kb.conditions[each.name].text for each in others[shown:])
    lines += [Line(f"It can also be: {more}.")] if more else []
    if lines:
        yield Section("Possible causes", tuple(lines))


def to_be_ruled_out(assessment: Assessment) -> list[Suspicion]:
    """The serious conditions that are suspected, including those only listed."""
    return [each for each in assessment.conditions if each.serious and each.support is not None]


def _suspected(condition: Suspicion, kb: KnowledgeBase) -> Iterator[Line]:
    text = kb.conditions[condition.name].text
    firmly = "Must be ruled out:" if condition.serious else FIRMLY[condition.support or ""]
    is_known = condition.support == "known" and not condition.serious
    pointing = [] if is_known else [rule for rule in condition.rules if _points(rule, condition, kb)]
    why = [kb.rules[rule].because for rule in pointing[:1]]
    against = dict.fromkeys(kb.rules[rule].because for rule in condition.against if not is_known)
    against_it = [f"Against it: {because}" for because in against]
    yield Line(" ".join([f"{firmly} {text}.", *why, *against_it]), "-")


def _points(rule: str, condition: Suspicion, kb: KnowledgeBase) -> bool:
    """Whether a rule gives the support that is shown."""
    support = condition.support
    return any(
        isinstance(each, Suspects) and (each.condition, each.support) == (condition.name, support)
        for each in kb.rules[rule].then
    )
