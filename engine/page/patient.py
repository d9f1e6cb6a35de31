"""A patient's page: what to do and by when, when to come back sooner, possible causes, what helps.

In: an assessment and its valuation. Out: sections that fill one or two screens. For a level that is shown
alone (an emergency): what to do, what to tell the emergency services, and what to do on the way. There are no
variable names and no citations except the list of articles at the end; if something is unknown, no text reads
like an all-clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.page.advice import on_the_way
from engine.page.causes import findings, scores
from engine.page.helps import helps
from engine.page.layout import Line, Section
from engine.page.questions import few_questions
from engine.page.room import MOST_LINES, ROOMS, Room, height
from engine.page.said import behind, facts
from engine.page.suspects import suspects, to_be_ruled_out
from engine.page.told import told
from engine.page.urgency import could_be, is_named, scope, sooner, unnamed
from engine.page.wording import in_words

BESIDE = 5
"""Number of lines that are added to the page elsewhere: the person and the notice."""
MOST_REASONS = 3
"""Maximum number of reasons for a level that is not shown alone."""


def patient(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """The sections of a patient's page."""
    kb, triage = case.prepared.kb, assessment.triage
    level = triage.level if triage else None
    if level is not None and kb.levels[level].alone:
        yield from _alone(level, assessment, case)
        return
    made: list[Section] = []
    for room in ROOMS:
        made = list(_with_room(assessment, case, room))
        if height(made) <= MOST_LINES - BESIDE:
            break
    yield from made


def _with_room(assessment: Assessment, case: Valuation, room: Room) -> Iterator[Section]:
    """The sections, each cut to fit the room."""
    kb, triage = case.prepared.kb, assessment.triage
    yield from _urgency(assessment, case)
    yield from scope(assessment, kb)
    yield from sooner(assessment, kb)
    found = [*scores(assessment, kb), *(_plain(findings(assessment, kb)) if triage is None else ())]
    yield from found if triage is None else ()
    yield from told(assessment, case, room)
    yield from suspects(assessment, kb, room)
    yield from () if triage is None else found
    yield from helps(assessment, case, room)
    yield from few_questions(assessment, case, room)
    yield from _sources(assessment, kb)


def _alone(level: str, assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """What to do, why, what to tell the emergency services, and what to do on the way; nothing else."""
    kb = case.prepared.kb
    flags = [id for id in assessment.fired if kb.is_warning(kb.rules[id])]
    because = dict.fromkeys(kb.rules[id].because for id in flags)
    why = [Line(each, "-") for each in because]
    do = [Line(kb.levels[level].do)] if kb.levels[level].do else []
    yield Section(kb.levels[level].text, (*do, *why), "alarm")
    led_to_it = behind((name_of("rule", id) for id in flags), case)
    said = in_words(dict.fromkeys((*led_to_it, *facts(case))), case)
    serious = [kb.conditions[each.name].text for each in to_be_ruled_out(assessment)]
    rule_out = [Line(f"what must be ruled out: {'; '.join(serious)}", "-")] if serious else []
    yield Section("Tell them", (*(Line(each, "-") for each in said), *rule_out))
    yield from _plain(on_the_way(assessment, kb))


def _urgency(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    kb, triage = case.prepared.kb, assessment.triage
    if triage is None or triage.level is None or not is_named(triage, kb):
        yield from unnamed(assessment, kb)
        return
    level = kb.levels[triage.level]
    do = [Line(level.do)] if level.do else []
    why = [Line(kb.rules[rule].because, "-") for rule in _telling(triage.rules, case)]
    yield Section(level.text, (*do, *could_be(assessment, kb), *why))


def _telling(rules: Iterable[str], case: Valuation) -> list[str]:
    """The first rules that each rest on an answer on which no earlier rule rests."""
    said: set[object] = set()
    told: list[str] = []
    for rule in rules:
        answers = set(behind([name_of("rule", rule)], case))
        if not told or answers - said:
            told.append(rule)
        said |= answers
    return told[:MOST_REASONS]


def _plain(sections: Iterable[Section]) -> Iterator[Section]:
    """Sections without notes."""
    for each in sections:
        lines = (Line(line.text, line.mark, line.depth, "", line.comes_once) for line in each.lines)
        yield Section(each.heading, tuple(lines), each.tone)


def _sources(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The articles that the conclusions of this page cite."""
    rules = [*(assessment.triage.rules if assessment.triage else ())]
    rules += [rule for each in assessment.conditions if each.support is not None for rule in each.rules]
    claims = [*(claim for rule in rules for claim in kb.rules[rule].claims)]
    claims += [claim for each in assessment.advice.given for claim in kb.advice[each.item].claims]
    cited = {kb.source_of(claim) for claim in claims}
    titles = [source["title"] for name, source in kb.sources.items() if name in cited]
    if titles:
        yield Section("", (Line("; ".join(titles), lead="Sources"),), "quiet")
