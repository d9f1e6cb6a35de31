"""Running cases: each is assessed, compared with its expectations, and explained if any is not met.

In: cases and a knowledge base. Out: one outcome per case, in order. Only unmet expectations are explained,
because explaining costs more than assessing. Safety properties are checked on the same cases, except `stays`
properties, which compare a case with the same case plus more answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter
from typing import Literal

from engine.assessments.chunks import CHUNK, on_columns
from engine.casetest.expectation import Difference, differences
from engine.casetest.explaining import explained
from engine.casetest.grounds import Ground, Grounds
from engine.casetest.spelling import Misspelt, Shape, misspelt, shape_of
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from engine.model.assessment import Target
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case


@dataclass(frozen=True, slots=True)
class Violation:
    """A property, and the ids of the cases in which it does not hold."""

    name: str
    cases: tuple[str, ...]


def violated(kb: KnowledgeBase, cases: Sequence[Case]) -> list[Violation]:
    """The properties that fail in some case, in the order of the knowledge base."""
    if not kb.safety or not cases:
        return []
    from engine.columns.properties import verdicts, violations
    from facts.tables.canonical import frame_of

    found = violations(verdicts(kb, frame_of(cases, kb.questions)))
    return [Violation(name, tuple(cases[at].id for at in rows)) for name, rows in found.items()]


Verdict = Literal["passed", "failed", "todo", "done", "untested"]
"""`todo`: marked `todo` and fails; `done`: marked `todo` but passes; `untested`: expects nothing."""


Told = tuple[Difference, Grounds]
ONLY_IN_COLUMNS = Ground("only the columns give this result; for a pending item they leave out the questions")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for a case: unmet expectations with their grounds, and expectations that are misspelt."""

    case: Case
    verdict: Verdict
    differences: tuple[Told, ...] = ()
    misspelt: tuple[Misspelt, ...] = ()
    seconds: float = 0.0


def outcomes(cases: Iterable[Case], kb: KnowledgeBase, target: Target) -> Iterator[Outcome]:
    """The outcome of each case; its rules are fired on experta or evaluated in columns."""
    return map(runner(kb), cases) if target == "experta" else _on_columns(cases, kb)


def runner(kb: KnowledgeBase) -> Callable[[Case], Outcome]:
    """A function that fires the rules for a case and returns its outcome."""
    from engine.experta_target import Engine

    engine, shape = Engine(prepare(kb)), shape_of(kb)

    def outcome(case: Case) -> Outcome:
        begun = perf_counter()
        valuation = engine.fire(case.answers)
        found = judged(case, assemble(valuation, case.id).to_dict(), valuation, shape)
        return replace(found, seconds=perf_counter() - begun)

    return outcome


def _on_columns(cases: Iterable[Case], kb: KnowledgeBase) -> Iterator[Outcome]:
    """The outcomes from columns, in chunks whose time is divided equally among their cases."""
    prepared, shape, remaining = prepare(kb), shape_of(kb), iter(cases)
    while chunk := list(islice(remaining, CHUNK)):
        begun = perf_counter()
        lines = list(on_columns(chunk, kb))
        seconds = (perf_counter() - begun) / len(chunk)
        for case, line in zip(chunk, lines, strict=True):
            valuation = Valuation(prepared, case.answers)
            found = judged(case, json.loads(line), valuation, shape)
            yield replace(found, differences=_told_apart(found, valuation), seconds=seconds)


def _told_apart(outcome: Outcome, case: Valuation) -> tuple[Told, ...]:
    """The differences; a difference that occurs only in columns has a note instead of an explanation."""
    if not outcome.differences:
        return ()
    meant = assemble(case, outcome.case.id).to_dict()
    also = {(e.side, e.path) for e in differences(meant, outcome.case.expect, outcome.case.expect_not)}
    return tuple(
        (each, why if (each.side, each.path) in also else (ONLY_IN_COLUMNS,))
        for each, why in outcome.differences
    )


def judged(case: Case, assessment: Mapping[str, object], valuation: Valuation, shape: Shape) -> Outcome:
    """The outcome of a case, given its assessment."""
    wrong = (
        *misspelt(case.expect, shape, "expect"),
        *misspelt(case.expect_not, shape, "expect_not"),
    )
    places = {(each.side, each.path) for each in wrong}
    found = [
        each
        for each in differences(assessment, case.expect, case.expect_not)
        if not any((each.side, each.path[:at]) in places for at in range(1, len(each.path) + 1))
    ]
    told = tuple((each, explained(each, valuation)) for each in found)
    return Outcome(case, _verdict(case, bool(found or wrong)), told, wrong)


def _verdict(case: Case, fails: bool) -> Verdict:
    if case.todo:
        expects = case.expect or case.expect_not
        return "todo" if fails or not expects else "done"
    if not (case.expect or case.expect_not):
        return "untested"
    return "failed" if fails else "passed"
