"""Why a case came out as it did, why not otherwise, and what would change if an answer were different.

In: a prepared knowledge base, a case, and the subjects to explain. Out: an explanation as a value, to be
shown in a terminal, as a page or as JSON. Proofs come from experta's trace; the smallest changes of answers
come from the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.experta_target import Engine
from engine.explanation.branch import Branch
from engine.explanation.difference import Difference, differences_between
from engine.explanation.parts import Opened
from engine.explanation.proof import Proof
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Prepared, Valuation, questions_of
from engine.model.assessment import Assessment
from engine.model.names import name_of
from engine.words.subjects import Subject
from facts.case import Case
from facts.vocabulary import Answer

if TYPE_CHECKING:
    from engine.solver import Changes


@dataclass(frozen=True, slots=True)
class Why:
    """The proof of a definition, true or false; an open definition has no proof."""

    name: str
    branch: Branch


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Every part of the rules that could conclude something, and the smallest changes that would do so.

    `changes` is None if it already holds or if the solver is not installed; `fixed` are the questions it
    reads whose answers no change may touch.
    """

    name: str
    branch: Branch
    changes: Changes | None
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Answers given differently (None: withdrawn), and the differences in the assessment."""

    answers: Mapping[str, Answer | None]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked about a case, and the results."""

    case: Case
    assessment: Assessment
    valuation: Valuation = field(compare=False, repr=False)
    why: tuple[Why, ...] = ()
    why_not: tuple[WhyNot, ...] = ()
    what_if: WhatIf | None = None


def explained(
    prepared: Prepared,
    case: Case,
    why: Iterable[Subject] | None = None,
    why_not: Iterable[Subject] | None = None,
    what_if: Mapping[str, Answer | None] | None = None,
    brief: bool = False,
) -> Explanation:
    """The explanation of a case; if `brief`, that of `why_not` omits whatever decides nothing.

    `why` and `why_not` are subjects; None explains nothing, and an empty sequence explains the defaults: why
    this level, and why not the highest level still possible.
    """
    engine = Engine(prepared, prepared.definitions)
    valuation = engine.fire(case.answers)
    assessment = assemble(valuation, case.id)
    proofs: list[Why] = []
    if why is not None:
        names = [each.definition(valuation, True) for each in why] or concluded(assessment)
        proofs = [Why(name, Proof(engine, valuation).of(name)) for name in names]
    opened: list[WhyNot] = []
    if why_not is not None:
        names = [each.definition(valuation, False) for each in why_not] or missed(assessment, prepared)
        opened = [_why_not(name, valuation, brief) for name in names]
    changed = None if what_if is None else _what_if(case, what_if, engine, assessment)
    return Explanation(case, assessment, valuation, tuple(proofs), tuple(opened), changed)


def concluded(found: Assessment) -> list[str]:
    """The default subjects of `why`: the level; in a base without levels, all that the page would show."""
    if found.triage is not None:
        return [name_of("triage", found.triage.level)] if found.triage.level else []
    suspected = [name_of("condition", each.name, each.support) for each in found.conditions if each.support]
    given = [name_of("advice", each.item) for each in found.advice.given]
    return [*suspected, *(name_of("finding", name) for name in found.findings), *given]


def missed(found: Assessment, prepared: Prepared) -> list[str]:
    """The default subjects of `why_not`: the highest level still possible, or else the next one up."""
    kb = prepared.kb
    if found.triage is None:
        return [name_of("finding", name) for name in kb.findings if name not in found.findings]
    levels, triage = list(kb.levels), found.triage
    if not triage.settled and triage.ceiling:
        return [name_of("triage", triage.ceiling)]
    higher = levels[levels.index(triage.level) + 1 :] if triage.level else levels
    return [name_of("triage", each) for each in higher[:1]]


def _why_not(name: str, case: Valuation, brief: bool) -> WhyNot:
    changes = None if case.value(name) else _changes(name, case)
    return WhyNot(name, Opened(case, brief).of(name), changes, tuple(_fixed(name, case)))


def _fixed(name: str, case: Valuation) -> Iterator[str]:
    """The questions that something reads and whose answers cannot change."""
    kb = case.prepared.kb
    concerned = questions_of(name, kb, case.prepared.definitions)
    for question in kb.questions.values():
        if not question.changeable and question.name in concerned and case.is_answered(question.name):
            yield question.name


def _changes(name: str, case: Valuation) -> Changes | None:
    """The smallest changes, or None if the solver is not installed."""
    if find_spec("z3") is None:
        return None
    from engine.solver import smallest_changes

    return smallest_changes(case, name)


def _what_if(case: Case, answers: Mapping[str, Answer | None], engine: Engine, before: Assessment) -> WhatIf:
    otherwise = {name: answer for name, answer in {**case.answers, **answers}.items() if answer is not None}
    after = assemble(engine.fire(otherwise), case.id)
    return WhatIf(answers, differences_between(before, after, engine.prepared.kb))
