"""The mutation score: which mutants the cases notice, which change no assessment, and what would notice the
rest.

In: a knowledge base and its cases. Out: a verdict on each mutant, and a smallest case that would notice each
mutant that none of the cases does. Every such case is run on experta with both knowledge bases before anybody
sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from engine.casetest.expectation import differences
from engine.collector import paused
from engine.coverage.missing_case import MissingCase
from engine.coverage.mutation.killing import Killed, Suite, changed_definitions, mutated
from engine.coverage.mutation.mutant import Mutant
from engine.coverage.mutation.mutants import mutants
from engine.coverage.mutation.telling import telling
from engine.experta_target import Engine
from engine.meaning.assembly import assemble
from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.proofs.proving import Unconfirmed
from engine.solver import Undecided
from engine.solver.variant import Apart, View, apart, variant
from engine.solver.world import World
from facts.case import Case
from facts.plain import Plain

Verdict = Literal["killed", "survived", "equivalent", "undecided"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant with its verdict; `killed` says which case notices it, None if none does."""

    mutant: Mutant
    verdict: Verdict
    killed: Killed | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The verdicts on all mutants, or on those of a kind."""

    judged: Sequence[Judged]

    def number(self, verdict: Verdict) -> int:
        """Number of mutants with this verdict."""
        return sum(each.verdict == verdict for each in self.judged)

    @property
    def counted(self) -> int:
        """Number of mutants that are not equivalent."""
        return len(self.judged) - self.number("equivalent")

    @property
    def killed(self) -> int:
        """Number of mutants that the cases notice."""
        return self.number("killed")

    def of_kind(self, kind: str) -> Score:
        """The score of one kind of mutants."""
        return Score([each for each in self.judged if each.mutant.kind == kind])

    @property
    def survivors(self) -> list[Judged]:
        """The mutants that no case notices."""
        return [each for each in self.judged if each.verdict in ("survived", "undecided")]


def unmet(found: Assessment, expect: Mapping[str, Plain], expect_not: Mapping[str, Plain]) -> bool:
    """Whether an assessment fails any of these expectations."""
    return bool(differences(found.to_dict(), expect, expect_not))


@dataclass(eq=False)
class Mutation:
    """A knowledge base with its cases, whose mutants are judged."""

    kb: KnowledgeBase
    cases: Sequence[Case]
    suite: Suite = field(init=False)

    def __post_init__(self) -> None:
        self.suite = Suite(self.kb, self.cases)

    @cached_property
    def world(self) -> World:
        """All possible cases."""
        return World(self.kb)

    @cached_property
    def engine(self) -> Engine:
        """The engine on which cases are replayed."""
        return Engine(self.suite.prepared)

    def score(self, chosen: Collection[str] | None = None) -> Score:
        """The verdict on each mutant, or on those of the chosen rules if these are not all."""
        wanted = (
            None if chosen is None or len(chosen) == len(self.kb.rules) else {f"rule {id}" for id in chosen}
        )
        with paused():
            all_ = [each for each in mutants(self.kb) if wanted is None or each.where in wanted]
            return Score([self._judged(*each) for each in zip(all_, self.suite.killing(all_), strict=True)])

    def _judged(self, mutant: Mutant, killed: Killed | None) -> Judged:
        if killed is not None:
            return Judged(mutant, "killed", killed)
        try:
            return Judged(mutant, "survived" if self._apart(mutant).is_possible() else "equivalent")
        except Undecided:
            return Judged(mutant, "undecided")

    def _apart(self, mutant: Mutant) -> Apart:
        """What can differ between the knowledge base and a mutant."""
        changed = changed_definitions(self.suite.prepared, self.kb, mutant.kb)
        named = mutated(self.suite.prepared, mutant.kb, changed).definitions
        above = self.suite.above(changed)
        return apart(View(self.world, self.kb), variant(self.world, mutant.kb, named, above), above)

    def missing(self, judged: Judged) -> MissingCase | None:
        """The smallest case that notices a mutant, None if none was found in time. Raises `Unconfirmed`."""
        mutant = judged.mutant
        try:
            answers = self._apart(mutant).find()
        except Undecided:
            return None
        assert answers is not None, "a survivor differs in some case"
        changed = changed_definitions(self.suite.prepared, self.kb, mutant.kb)
        other = Engine(mutated(self.suite.prepared, mutant.kb, changed))
        before, after = (assemble(each.fire(answers), "case") for each in (self.engine, other))
        expect, expect_not = telling(before, after)
        if unmet(before, expect, expect_not) or not unmet(after, expect, expect_not):
            raise Unconfirmed(f"{mutant.where} {mutant.said}: {dict(answers)}")
        about = f"{mutant.where} {mutant.said} would give something else"
        return MissingCase(f"{mutant.kind}-{mutant.where}", about, answers, expect, expect_not)
