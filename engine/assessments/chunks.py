"""From cases in memory to lines of JSON, chunk by chunk.

In: cases. Out: assessments, in order. At most one chunk is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case

CHUNK = 20_000


def on_columns(cases: Iterable[Case], kb: KnowledgeBase) -> Iterator[str]:
    """The assessment of each case as a line of JSON, evaluated in columns, a chunk of cases at a time."""
    from engine.assessments.complete import complete
    from facts.tables.frame import frame_of

    made, remaining = complete(prepare(kb), as_lines=True), iter(cases)
    while chunk := list(islice(remaining, CHUNK)):
        yield from made.lines(frame_of(chunk, kb.questions))
