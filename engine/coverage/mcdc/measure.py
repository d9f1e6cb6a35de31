"""Which goals of modified condition/decision coverage the cases reach, and a smallest case for each of the
rest.

In: a knowledge base and its cases. Out: a verdict on each goal. A goal is not counted if it is proved that no
case without contradictory answers can reach it. Every case that is found runs on experta before anybody sees
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from engine.collector import paused
from engine.columns import truth_of
from engine.coverage.mcdc.goals import Goal, goals
from engine.coverage.missing_case import MissingCase
from engine.experta_target import Engine
from engine.meaning.definitions import with_properties
from engine.meaning.holds import holds
from engine.meaning.valuation import Prepared, Valuation, prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Part
from engine.proofs.proving import Unconfirmed
from engine.solver import Undecided
from engine.solver.world import World
from facts.case import Case
from facts.plain import Plain
from facts.tables.canonical import frame_of

Verdict = Literal["shown", "missing", "impossible", "undecided"]


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal with its verdict; `case` is the id of the first case that reaches it, empty if none does."""

    goal: Goal
    verdict: Verdict
    case: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """The verdicts on all goals, or on some."""

    reached: Sequence[Reached]

    def number(self, verdict: Verdict) -> int:
        """Number of goals with this verdict."""
        return sum(each.verdict == verdict for each in self.reached)

    @property
    def counted(self) -> int:
        """Number of goals that are not impossible."""
        return len(self.reached) - self.number("impossible")

    @property
    def shown(self) -> int:
        """Number of goals that some case reaches."""
        return self.number("shown")

    @property
    def gaps(self) -> list[Reached]:
        """The goals that no case reaches, although a possible case may."""
        return [each for each in self.reached if each.verdict in ("missing", "undecided")]

    def of_kind(self, kind: str) -> Extent:
        """The extent of one kind of goals."""
        return Extent([each for each in self.reached if each.goal.kind == kind])

    def of_rules(self, ids: Iterable[str]) -> Extent:
        """The extent of the goals of these rules."""
        chosen = set(ids)
        return Extent([each for each in self.reached if each.goal.rule in chosen])


@dataclass(eq=False)
class Conditions:
    """A knowledge base with its cases, whose goals are measured."""

    kb: KnowledgeBase
    cases: Sequence[Case]

    @cached_property
    def prepared(self) -> Prepared:
        """The knowledge base prepared for evaluation."""
        return replace(prepare(self.kb), definitions=with_properties(self.kb))

    @cached_property
    def world(self) -> World:
        """All possible cases."""
        return World(self.kb)

    @cached_property
    def engine(self) -> Engine:
        """The engine on which cases are replayed."""
        return Engine(self.prepared)

    def extent(self) -> Extent:
        """The verdict on each goal."""
        with paused():
            all_ = list(goals(self.kb))
            return Extent([self._judged(*each) for each in zip(all_, self._first(all_), strict=True)])

    def _first(self, all_: Sequence[Goal]) -> Iterator[str]:
        """The id of the first case that reaches each goal, "" if none does."""
        names: dict[Part, str] = {}
        for goal in all_:
            for claim in goal.claims:
                names.setdefault(claim.part, name_of("goal", str(len(names))))
        named = {**self.prepared.definitions, **{name: part for part, name in names.items()}}
        frame = frame_of(self.cases, self.kb.questions)
        seen = truth_of(replace(self.prepared, definitions=named), frame, list(names.values()))
        columns = {name: seen[name] for name in names.values()}
        for goal in all_:
            claims = [(columns[names[claim.part]], claim) for claim in goal.claims]
            yield next(
                (
                    case.id
                    for row, case in enumerate(self.cases)
                    if all((column[row] is claim.truth) is claim.holds for column, claim in claims)
                ),
                "",
            )

    def _judged(self, goal: Goal, case: str) -> Reached:
        if case:
            return Reached(goal, "shown", case)
        try:
            is_possible = self.world.is_possible(goal.claims)
        except Undecided:
            return Reached(goal, "undecided")
        return Reached(goal, "missing" if is_possible else "impossible")

    def missing(self, goal: Goal) -> MissingCase | None:
        """The smallest case that reaches a goal, None if none was found in time. Raises `Unconfirmed`."""
        try:
            answers = self.world.find(goal.claims)
        except Undecided:
            return None
        assert answers is not None, "a gap can be closed by some case"
        case = self.engine.fire(answers)
        if any((holds(claim.part, case) is claim.truth) is not claim.holds for claim in goal.claims):
            raise Unconfirmed(f"{goal.said}: {dict(answers)}")
        return MissingCase(f"{goal.kind}-{goal.rule}".strip("-"), goal.said, answers, *_today(goal, case))


def _today(goal: Goal, case: Valuation) -> tuple[dict[str, Plain], dict[str, Plain]]:
    """What a case gives today: its level, and whether the rule of the goal fires."""
    kb = case.prepared.kb
    expect: dict[str, Plain] = {}
    levels = [level for level in kb.levels if case.value(name_of("triage", level))]
    if kb.levels:
        expect["triage"] = {"level": levels[-1] if levels else None}
    if not goal.rule:
        return expect, {}
    if case.value(name_of("rule", goal.rule)):
        return {**expect, "fired": [goal.rule]}, {}
    return expect, {"fired": [goal.rule]}
