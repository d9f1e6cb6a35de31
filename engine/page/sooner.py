"""When to come back sooner, whatever the level is now.

In: an assessment and its knowledge base. Out: a section for each level above that of the case, highest first.
Whoever has none of these signs today may have one tomorrow, so they are on every page but that of a level
that stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.page.layout import Line, Section


def sooner(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The signs of each level above the one that is reached."""
    level = assessment.triage.level if assessment.triage else None
    if level is not None and kb.levels[level].alone:
        return
    names = list(kb.levels)
    above = names[names.index(level) + 1 :] if level is not None else names
    for name in reversed(above):
        if kb.levels[name].signs:
            yield Section(kb.levels[name].sooner, tuple(Line(sign, "-") for sign in kb.levels[name].signs))
