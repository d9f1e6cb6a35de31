"""Many cases to many assessments: chunk by chunk on columns, or case by case on experta.

In: an iterator of cases. Out: an assessment a case, in order, as a line of JSON with its level beside it.
Memory is bounded by one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from engine.assembly import assemble
from engine.model import KnowledgeBase
from engine.valuation import prepare
from facts.case import Case
from facts.problem import Problem

CHUNK = 20_000

Target = Literal["experta", "columns"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment as a line of JSON; `settled` is None where the knowledge base has no triage."""

    line: str
    level: str | None
    settled: bool | None


def assessed(cases: Iterable[Case], kb: KnowledgeBase, target: Target) -> Iterator[Assessed]:
    """The assessment of each case, in order."""
    return on_experta(cases, kb) if target == "experta" else on_columns(cases, kb)


def on_experta(cases: Iterable[Case], kb: KnowledgeBase) -> Iterator[Assessed]:
    """Fire the rules for each case by itself."""
    from engine.experta_target import Engine

    engine = Engine(prepare(kb))
    for case in cases:
        found = assemble(engine.fire(case.answers), case.id)
        level, settled = (found.triage.level, found.triage.settled) if found.triage else (None, None)
        yield Assessed(found.to_json(), level, settled)


def on_columns(cases: Iterable[Case], kb: KnowledgeBase) -> Iterator[Assessed]:
    """Evaluate the rules in columns, a chunk of cases at a time."""
    from engine.plan import compile_plan, lines, written
    from facts.table import frame_of

    plan = compile_plan(prepare(kb), written)
    remaining = iter(cases)
    while chunk := list(islice(remaining, CHUNK)):
        for part in lines(plan, frame_of(chunk, kb.questions)):
            yield from (Assessed(*row) for row in part.iter_rows())


def accepted(read: Iterable[Case | list[Problem]], reject: Callable[[list[Problem]], None]) -> Iterator[Case]:
    """The cases; the problems of those that are none go to `reject`."""
    for each in read:
        if isinstance(each, Case):
            yield each
        else:
            reject(each)
