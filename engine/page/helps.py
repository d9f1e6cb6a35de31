"""What helps, on a patient's page: advice that is given, held back, or given only if nothing speaks against
it.

In: an assessment and its valuation. Out: short sections; longer lists are cut, and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.meaning.definitions import hosts
from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of
from engine.page.advice import by_kind, called_for
from engine.page.layout import Line, Section, shown_with
from engine.page.room import Room
from engine.page.unknown import open_signs

SHORT = 80
"""Maximum number of characters per kind of advice that is given only if nothing speaks against it."""
MOST_REASONS = 2
"""Maximum number of reasons shown for items that are named only by their kinds."""
MOST_QUOTED = 2
"""Maximum number of items of one hold that are quoted; more are named by their kinds."""
MOST_SIGNS = 3
"""Maximum number of open signs that are named; the rest are counted."""


def helps(assessment: Assessment, case: Valuation, room: Room) -> Iterator[Section]:
    """What helps now, and what is held back."""
    kb = case.prepared.kb
    given = [each.item for each in assessment.advice.given]
    kinds = list(_kinds(given, room.letters, assessment, kb))
    lines = [*_cautions(assessment, kb), *kinds[: room.kinds], *_more(kinds[room.kinds :])]
    lines += _held(assessment, kb)
    if lines:
        yield Section("What helps, and what to ask", tuple(lines))
    yield from _only_if(assessment, case, room)


def _cautions(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    """The cautions shown with what was found; cautions about advice appear beside that advice."""
    for text in kb.texts.values():
        beside = any(kind_of(ref.name) == "advice" for ref in hosts(text.shown_with))
        if text.caution and text.name in assessment.texts and not beside:
            yield Line(text.text, "-")


def _kinds(items: Sequence[str], most: int, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    """One line per kind: its first items, up to `most` characters, each with its cautions."""
    for heading, found in by_kind(items, kb):
        said: list[str] = []
        for at, item in enumerate(found):
            cautions = shown_with(name_of("advice", item), assessment, kb, cautions=True)
            texts = [kb.advice[item].text, *(line.text for line in cautions)]
            if at and len(" ".join([*said, *texts])) > most:
                said.append(f"(And {len(found) - at} more.)")
                break
            said += [text for text in texts if text not in said]
        yield Line(" ".join(said), "-", lead=heading)


def _held(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    """Advice that was called for but is held back, with the reason: first small groups by their texts, then
    all others together by their kinds.

    A rule that holds back nothing new is left out.
    """
    wanted, named = called_for(assessment, kb), set[str]()
    holding = {each.rule: [item for item in each.items if item in wanted] for each in assessment.advice.held}
    together: list[str] = []
    reasons: list[str] = []
    for rule, items in sorted(holding.items(), key=lambda each: len(each[1])):
        if named.issuperset(items):
            continue
        named.update(items)
        if len(items) > MOST_QUOTED:
            together += items
            reasons.append(kb.rules[rule].because)
        else:
            texts = " ".join(f"“{kb.advice[item].text}”" for item in items)
            yield Line(f"{texts} {kb.rules[rule].because}", "✗", lead="Not now")
    if together:
        kinds = ", ".join(f"“{heading}”" for heading, _ in by_kind(together, kb))
        said = f"advice under {kinds}. {' '.join(dict.fromkeys(reasons[:MOST_REASONS]))}"
        yield Line(said, "✗", lead="Not now")


def _only_if(assessment: Assessment, case: Valuation, room: Room) -> Iterator[Section]:
    """Advice that is given only if none of the open holds applies."""
    kb, unless = case.prepared.kb, assessment.advice.given_unless
    if not unless:
        return
    holds = dict.fromkeys(hold for each in unless for hold in each.unless)
    signs = open_signs([kb.rules[hold].when for hold in holds], case)
    more = f"; and {len(signs) - MOST_SIGNS} more" if len(signs) > MOST_SIGNS else ""
    first = Line("; ".join(signs[:MOST_SIGNS]) + f"{more}.", "✗")
    items = [each.item for each in unless]
    lines = list(_kinds(items, SHORT, assessment, kb))
    lines, left = lines[: room.kinds_unless], lines[room.kinds_unless :]
    pieces = "One piece of advice waits" if len(items) == 1 else f"{len(items)} pieces of advice wait"
    waiting = Line(f"{pieces} for these answers.", "-")
    last = [*_more(left)] if lines else [waiting]
    yield Section("Only if none of these applies", (first, *lines, *last))


def _more(left: Sequence[Line]) -> Iterator[Line]:
    """Advice that does not fit, by the headings of its kinds."""
    if left:
        yield Line("; ".join(line.lead for line in left), "-", lead="More advice")
