"""The advice of a page: what to do now, what only under conditions, and what not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.assessment import Assessment
from engine.model import KnowledgeBase
from engine.page.layout import Line, Section, cited, reason, shown_with
from engine.wording import phrase


def on_the_way(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """What to do on the way to where one must go at once."""
    lines = tuple(Line(kb.advice[each.item].text, "-") for each in assessment.advice.given)
    if lines:
        yield Section("On the way", lines)


def advice(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """What is given, and what is given only if nothing speaks against it."""
    advice = assessment.advice
    unless = {each.item: each.unless for each in advice.given_unless}
    for kind, heading in kb.advice_kinds.items():
        given = [each.item for each in advice.given if kb.advice[each.item].kind == kind]
        maybe = [item for item in unless if kb.advice[item].kind == kind]
        if given:
            yield Section(heading, tuple(line for item in given for line in _item(item, assessment, kb)))
        for holds in dict.fromkeys(unless[item] for item in maybe):
            items = [item for item in maybe if unless[item] == holds]
            yield Section(
                f"{heading}, only if none of these applies", tuple(_conditional(items, holds, assessment, kb))
            )


def _conditional(
    items: Sequence[str], holds: Sequence[str], assessment: Assessment, kb: KnowledgeBase
) -> Iterator[Line]:
    for hold in holds:
        yield Line(phrase(kb.rules[hold].when, kb), "✗")
    for item in items:
        yield from _item(item, assessment, kb)


def _item(item: str, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    entry = kb.advice[item]
    yield Line(entry.text, "-", 0, cited(entry.claims))
    yield from shown_with(f"advice:{item}", assessment, kb)


def withheld(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """What is held back, and why."""
    lines: list[Line] = []
    for held in assessment.advice.held:
        lines.append(reason(held.rule, kb))
        lines += [Line(kb.advice[item].text, "✗", 1) for item in held.items]
    if lines:
        yield Section("Not now", tuple(lines))
