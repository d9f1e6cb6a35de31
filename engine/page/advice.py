"""Advice on a page: what to do now, what to do only under conditions, and what not to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.meaning.definitions import hosts
from engine.meaning.valuation import Valuation, questions_of
from engine.model.assessment import Assessment
from engine.model.knowledge_base import Gives, KnowledgeBase
from engine.model.names import name_of
from engine.page.layout import Line, Section, cited, concluded, reason, shown_with
from engine.words.phrases import phrase

MOST_NAMED = 3


def on_the_way(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """Advice for the way to emergency care."""
    lines = tuple(Line(kb.advice[each.item].text, "-") for each in assessment.advice.given)
    if lines:
        yield Section("On the way", lines)


def advice(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """Advice that is given, then advice that is given only if nothing speaks against it."""
    kb = case.prepared.kb
    given = [each.item for each in assessment.advice.given]
    for heading, items in by_kind(given, kb):
        yield Section(heading, tuple(line for item in items for line in _item(item, assessment, kb)))
    unless = {each.item: each.unless for each in assessment.advice.given_unless}
    said: set[str] = set()
    for holds in sorted(dict.fromkeys(unless.values()), key=len):
        maybe = [item for item in unless if unless[item] == holds]
        fresh = [hold for hold in holds if hold not in said]
        adds = bool(said and fresh) and said <= {*holds}
        said |= {*holds}
        heading = "Only if none of these applies either" if adds else "Only if none of these applies"
        yield Section(heading, tuple(_conditional(maybe, fresh if adds else holds, assessment, case)))


def by_kind(items: Sequence[str], kb: KnowledgeBase) -> Iterator[tuple[str, list[str]]]:
    """Pairs of a heading and the items of its kind, in the order of the kinds."""
    for kind, heading in kb.advice_kinds.items():
        found = [item for item in items if kb.advice[item].kind == kind]
        if found:
            yield heading, found


def _conditional(
    items: Sequence[str], holds: Sequence[str], assessment: Assessment, case: Valuation
) -> Iterator[Line]:
    kb = case.prepared.kb
    for hold in holds:
        yield Line(phrase(kb.rules[hold].when, kb), "✗", 0, _waiting_for(hold, assessment, case))
    for heading, found in by_kind(items, kb):
        yield Line(f"{heading}:")
        for item in found:
            yield from _item(item, assessment, kb)


def _waiting_for(hold: str, assessment: Assessment, case: Valuation) -> str:
    """The open questions that a hold waits for, at most `MOST_NAMED` by name."""
    behind = questions_of(name_of("rule", hold), case.prepared.kb, case.prepared.definitions)
    waiting = [name for name in (*assessment.ask_next, *assessment.kept_open_by) if name in behind]
    more = len(waiting) - MOST_NAMED
    return ", ".join(waiting[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _item(item: str, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    entry = kb.advice[item]
    yield Line(entry.text, "-", 0, cited(entry.claims))
    yield from shown_with(name_of("advice", item), assessment, kb)


def withheld(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """Advice that was called for but is held back, with the reason."""
    wanted = called_for(assessment, kb)
    lines: list[Line] = []
    for held in assessment.advice.held:
        items = [item for item in held.items if item in wanted]
        lines += [reason(held.rule, kb)] if items else []
        lines += [Line(kb.advice[item].text, "✗", 1) for item in items]
    if lines:
        yield Section("Not now", tuple(lines))


def called_for(assessment: Assessment, kb: KnowledgeBase) -> set[str]:
    """The items given by a fired rule, and the items shown with something established or called for."""
    gives = [each for rule in assessment.fired for each in kb.rules[rule].then if isinstance(each, Gives)]
    wanted = {item for each in gives for item in each.items}
    there = {*concluded(assessment, kb), *(name_of("advice", item) for item in wanted)}
    hosted = {name: hosts(item.shown_with) for name, item in kb.advice.items()}
    return wanted | {name for name, refs in hosted.items() if any(ref.name in there for ref in refs)}
