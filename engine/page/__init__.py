"""The page of one case: what a person wants to read, most urgent first.

In: an assessment and the valuation that it was made from. Out: sections of plain lines, which
`engine.terminal` sets for a terminal. Where the level stands alone (an emergency), only the reason, where to
go and what to do on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment import Assessment
from engine.page.advice import advice, on_the_way, withheld
from engine.page.causes import articles, causes, findings, scores
from engine.page.layout import Line, Section, once
from engine.page.questions import questions
from engine.page.urgency import clashes, scope, urgency
from engine.valuation import Valuation

__all__ = ["Line", "Section", "page"]

CODES = "In brackets: which claim of which article it rests on; `ours` where no article says it."


def page(assessment: Assessment, case: Valuation, about: str = "", everything: bool = False) -> list[Section]:
    """The sections of the page; `everything` adds what an emergency leaves out."""
    kb, triage = case.prepared.kb, assessment.triage
    level = triage.level if triage else None
    alone = level is not None and kb.levels[level].alone and not everything
    head = [Section(assessment.id, (Line(about),) if about else (), "title"), *urgency(assessment, kb)]
    rest = on_the_way(assessment, kb) if alone else _rest(assessment, case)
    notes = tuple(Line(text) for text in (CODES if kb.claims else "", kb.notice) if text)
    return list(once([*head, *rest, Section("", notes, "quiet")]))


def _rest(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """Everything between the level and the notes; questions that cannot change the level come late."""
    kb = case.prepared.kb
    is_settled = assessment.triage is not None and assessment.triage.settled
    open_ = list(questions(assessment, case))
    yield from clashes(assessment, kb)
    yield from scope(assessment, kb)
    yield from () if is_settled else open_
    for section in (causes, scores, advice, withheld, findings):
        yield from section(assessment, kb)
    yield from open_ if is_settled else ()
    yield from articles(assessment, kb)
