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
from engine.explanation.ask import Ask, what_to_ask
from engine.explanation.branch import Branch
from engine.explanation.difference import Difference, differences_between
from engine.explanation.parts import Opened
from engine.explanation.proof import Proof
from engine.explanation.reason import reason
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Prepared, Valuation, questions_of
from engine.model.assessment import Assessment
from engine.model.knowledge_base import SUPPORT
from engine.model.names import kind_of, name_of
from engine.model.parts import AnyOf, Part, Ref
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
    reason: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Every part of the rules that could conclude something, and the smallest changes that would do so.

    `changes` is None if it already holds or if the solver is not installed; `fixed` are the questions it
    reads whose answers no change may touch.
    """

    name: str
    branch: Branch
    reason: str
    changes: Changes | None
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flip:
    """What would make a level exactly this one, or a condition suspected (`wanted`), or no longer suspected.

    `now` is the level that is established, if it is about a level.
    """

    name: str
    wanted: bool
    now: str | None
    reason: str
    changes: Changes | None
    fixed: tuple[str, ...] = ()

    @property
    def is_level(self) -> bool:
        """Whether it is about a level."""
        return kind_of(self.name) == "triage"


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
    flip: tuple[Flip, ...] = ()
    ask: Ask | None = None
    what_if: WhatIf | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is explained."""
        return not (self.why or self.why_not or self.flip or self.ask or self.what_if)


def explained(
    prepared: Prepared,
    case: Case,
    why: Iterable[Subject] | None = None,
    why_not: Iterable[Subject] | None = None,
    what_if: Mapping[str, Answer | None] | None = None,
    flip: Iterable[Subject] = (),
    ask: bool = False,
    brief: bool = False,
) -> Explanation:
    """The explanation of a case; if `brief`, the `why_not` part omits everything that decides nothing.

    `flip` has levels and conditions; with `ask`, the explanation says what to ask.

    `why` and `why_not` are subjects; None explains nothing, and an empty sequence explains the defaults: why
    this level, and why not the highest level still possible.
    """
    engine = Engine(prepared, prepared.definitions)
    valuation = engine.fire(case.answers)
    assessment = assemble(valuation, case.id)
    proofs: list[Why] = []
    if why is not None:
        names = [each.definition(valuation, True) for each in why] or concluded(assessment)
        proofs = [Why(name, Proof(engine, valuation).of(name), reason(name, valuation)) for name in names]
    opened: list[WhyNot] = []
    if why_not is not None:
        names = [each.definition(valuation, False) for each in why_not] or missed(assessment, prepared)
        opened = [_why_not(name, valuation, brief) for name in names]
    return Explanation(
        case=case,
        assessment=assessment,
        valuation=valuation,
        why=tuple(proofs),
        why_not=tuple(opened),
        flip=tuple(_flip(each, valuation, assessment) for each in flip),
        ask=what_to_ask(assessment, valuation) if ask else None,
        what_if=None if what_if is None else _what_if(case, what_if, engine, assessment),
    )


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
    changes = None if case.value(name) else _changes(case, {Ref(name): True})
    said = reason(name, case, None if changes is None else changes.is_open)
    return WhyNot(name, Opened(case, brief).of(name), said, changes, tuple(_fixed([name], case)))


def _flip(subject: Subject, case: Valuation, found: Assessment) -> Flip:
    """What would turn a condition, or make it exactly this level."""
    if subject.kind == "condition":
        name = name_of("condition", subject.name, subject.support or SUPPORT[0])
        wanted = not case.value(name)
        fixed = tuple(_fixed([name], case))
        return Flip(name, wanted, None, reason(name, case), _changes(case, {Ref(name): wanted}), fixed)
    name, levels = name_of("triage", subject.name), list(case.prepared.kb.levels)
    rules = AnyOf(tuple(Ref(name_of("rule", id)) for id in case.prepared.rules_for.get(name, ())))
    above = [name_of("triage", each) for each in levels[levels.index(subject.name) + 1 :][:1]]
    now = found.triage.level if found.triage else None
    is_lower = now is not None and levels.index(now) > levels.index(subject.name)
    return Flip(
        name=name,
        wanted=True,
        now=now,
        reason=reason(name_of("triage", now) if now and is_lower else name, case),
        changes=_changes(case, {rules: True, **{Ref(each): False for each in above}}),
        fixed=tuple(_fixed([name, *above], case)),
    )


def _fixed(names: Iterable[str], case: Valuation) -> Iterator[str]:
    """The questions that these names read and whose answers cannot change."""
    kb, named = case.prepared.kb, case.prepared.definitions
    concerned = {each for name in names for each in questions_of(name, kb, named)}
    for question in kb.questions.values():
        if not question.changeable and question.name in concerned and case.is_answered(question.name):
            yield question.name


def _changes(case: Valuation, parts: Mapping[Part, bool]) -> Changes | None:
    """The smallest changes that make these parts true, or not true; None if the solver is not installed."""
    if find_spec("z3") is None:
        return None
    from engine.solver import smallest_changes
    from engine.solver.world import true

    return smallest_changes(case, *(true(part) if wanted else ~true(part) for part, wanted in parts.items()))


def _what_if(case: Case, answers: Mapping[str, Answer | None], engine: Engine, before: Assessment) -> WhatIf:
    otherwise = {name: answer for name, answer in {**case.answers, **answers}.items() if answer is not None}
    after = assemble(engine.fire(otherwise), case.id)
    return WhatIf(answers, differences_between(before, after, engine.prepared.kb))
