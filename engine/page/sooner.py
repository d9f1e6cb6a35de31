"""When to come back sooner.

In: an assessment and its knowledge base. Out: a section for each level above that of the case, highest first.
Somebody without these signs today may have them tomorrow, so they are on every page except that of a level
that stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.page.layout import Line, Section


def sooner(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The signs of each level above the current one."""
    level = assessment.triage.level if assessment.triage else None
    if level is not None and kb.levels[level].alone:
        return
    names = list(kb.levels)
    above = names[names.index(level) + 1 :] if level is not None else names
    for name in reversed(above):
        if kb.levels[name].signs:
            yield Section(kb.levels[name].sooner, tuple(Line(sign, "-") for sign in kb.levels[name].signs))
