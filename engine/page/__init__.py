"""The page of one case: what a person wants to read, most urgent first.

In: an assessment and its knowledge base. Out: sections of plain lines, which `engine.terminal` sets for a
terminal. Where the level stands alone (an emergency), only the reason, where to go and what to do on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment import Assessment
from engine.model import KnowledgeBase
from engine.page.advice import advice, on_the_way, withheld
from engine.page.causes import articles, causes, findings, scores
from engine.page.layout import Line, Section, once
from engine.page.urgency import clashes, questions, scope, urgency

__all__ = ["Line", "Section", "page"]

CODES = "In brackets: which claim of which article it rests on; `ours` where no article says it."


def page(
    assessment: Assessment, kb: KnowledgeBase, about: str = "", everything: bool = False
) -> list[Section]:
    """The sections of the page; `everything` adds what an emergency leaves out."""
    level = assessment.triage.level if assessment.triage else None
    alone = level is not None and kb.levels[level].alone and not everything
    head = [Section(assessment.id, (Line(about),) if about else (), "title"), *urgency(assessment, kb)]
    clashing = [] if alone else clashes(assessment, kb)
    rest = on_the_way(assessment, kb) if alone else _rest(assessment, kb)
    foot = [
        Section("", tuple(Line(text) for text in (CODES if kb.claims else "", kb.notice) if text), "quiet")
    ]
    return list(once([*head, *clashing, *rest, *foot]))


def _rest(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """What stands between the level and the foot; questions that change nothing any more come late."""
    settled = assessment.triage is not None and assessment.triage.settled
    first, late = ((), (questions,)) if settled else ((questions,), ())
    for section in (scope, *first, causes, scores, advice, withheld, findings, *late, articles):
        yield from section(assessment, kb)
