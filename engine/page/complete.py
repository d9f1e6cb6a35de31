"""The whole page: everything that an assessment contains, for all readers.

In: an assessment and its valuation. Out: sections. Questions that cannot change the level come late.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.page.advice import advice, withheld
from engine.page.causes import articles, causes, findings, scores
from engine.page.layout import Line, Section
from engine.page.questions import questions
from engine.page.urgency import clashes, scope, sooner, urgency

CODES = "In brackets: the claims of the articles on which a line rests, or `ours` if no article says it."


def complete(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """The sections of the whole page."""
    kb = case.prepared.kb
    is_settled = assessment.triage is not None and assessment.triage.settled
    open_ = list(questions(assessment, case))
    yield from urgency(assessment, kb)
    yield from sooner(assessment, kb)
    yield from clashes(assessment, kb)
    yield from scope(assessment, kb)
    yield from () if is_settled else open_
    yield from causes(assessment, kb)
    yield from scores(assessment, kb)
    yield from advice(assessment, case)
    yield from withheld(assessment, kb)
    yield from findings(assessment, kb)
    yield from open_ if is_settled else ()
    yield from articles(assessment, kb)
    yield Section("", (Line(CODES),) if kb.claims else (), "quiet")
