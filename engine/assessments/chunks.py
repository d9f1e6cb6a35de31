"""Many cases at hand to lines, chunk by chunk, and what a run can be asked for.

In: cases. Out: assessments, in order. Memory is bounded by some segments, or by one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Literal

from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case
from facts.problem import Problem

CHUNK = 20_000

AUDITED = 20
"""How many rows of a run are assessed once more on experta."""

Target = Literal["experta", "columns"]
Shape = Literal["wide", "full"]


def on_columns(cases: Iterable[Case], kb: KnowledgeBase) -> Iterator[str]:
    """The assessment of each case as a line of JSON, the rules evaluated a chunk of cases at a time."""
    from engine.assessments.complete import compile_plan, lines, written
    from facts.tables.canonical import frame_of

    plan, remaining = compile_plan(prepare(kb), written), iter(cases)
    while chunk := list(islice(remaining, CHUNK)):
        for part in lines(plan, frame_of(chunk, kb.questions)):
            yield from part["line"]


def accepted(read: Iterable[Case | list[Problem]], reject: Callable[[list[Problem]], None]) -> Iterator[Case]:
    """The cases; the problems of those that are none go to `reject`."""
    for each in read:
        if isinstance(each, Case):
            yield each
        else:
            reject(each)
