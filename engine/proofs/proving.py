"""What all proofs share: a knowledge base with all its possible cases, and how a property is settled.

In: an examined knowledge base and a time limit. Out: results. Each witness is replayed on experta before
anybody sees it, so that a mistake in the formulas cannot mislead anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.checks.check import Examined
from engine.experta_target import Engine
from engine.meaning.holds import Truth, holds
from engine.meaning.valuation import Prepared, Valuation, prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of, parsed, without_kind
from engine.model.parts import Part, Ref
from engine.proofs.result import Answers, Result, Witness
from engine.solver import Undecided
from engine.solver.pair import Pair
from engine.solver.world import Claim, World
from facts.problem import Problem, Span
from facts.vocabulary import Answer

MOST_SMALLEST = 20
"""Maximum number of violations of one kind for which a smallest witness is looked for, if one was drawn."""


class Unconfirmed(Exception):
    """Raised if a witness does not hold on experta, which is a bug in cartsign."""


@dataclass(frozen=True)
class Proof:
    """A function that yields a result for everything that should have a property. `kinds` are the ids of what
    it can find; `pages/ID.md` says why each matters, with a bad and a good example.
    """

    kinds: tuple[str, ...]
    function: Callable[[Proving], Iterable[Result]]


@dataclass(eq=False)
class Proving:
    """A knowledge base to prove, and the deadline on the monotonic clock."""

    examined: Examined
    until: float = float("inf")
    witnesses: Counter[str] = field(default_factory=Counter)
    """The number of witnesses found so far, by kind."""
    living: set[str] = field(default_factory=set)
    """The rules that can fire, known after `rule-never-fires`."""

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base."""
        return self.examined.kb

    @cached_property
    def world(self) -> World:
        """All its possible cases."""
        return World(self.kb, until=self.until)

    @cached_property
    def pair(self) -> Pair:
        """All its possible cases, two at a time."""
        return Pair(self.kb, self.until)

    @cached_property
    def prepared(self) -> Prepared:
        """The knowledge base with its properties, prepared for evaluation."""
        return replace(prepare(self.kb), definitions=self.world.named)

    @cached_property
    def engine(self) -> Engine:
        """The engine on which witnesses are replayed."""
        return Engine(self.prepared)

    def possible(
        self, name: str, kind: str, claims: Sequence[Claim], problem: Problem, clashing: bool = False
    ) -> Result:
        """Prove that the claims are true in some case."""
        try:
            is_possible = self.world.is_possible(claims, clashing)
        except Undecided:
            return Result(name, kind, "undecided")
        return Result(name, kind, "proved") if is_possible else Result(name, kind, "violated", (), problem)

    def impossible(
        self,
        name: str,
        kind: str,
        claims: Sequence[Claim],
        problem: Problem,
        rules: Callable[[Valuation], Sequence[str]] = lambda case: (),
        clashing: bool = False,
    ) -> Result:
        """Prove that the claims are true in no case. `rules` returns the rules responsible for a witness."""
        try:
            answers = self.world.find(claims, clashing, self.wants_smallest(kind))
        except Undecided:
            return Result(name, kind, "undecided")
        if answers is None:
            return Result(name, kind, "proved")
        case = self.replayed(answers, claims)
        self.witnesses[kind] += 1
        return Result(name, kind, "violated", tuple(rules(case)), problem, Witness(answers))

    def wants_smallest(self, kind: str) -> bool:
        """Whether another witness of this kind should be a smallest one, which takes its time."""
        return self.witnesses[kind] < MOST_SMALLEST

    def replayed(self, answers: Answers, claims: Iterable[Claim]) -> Valuation:
        """The truth of everything in a case, by experta. Raises `Unconfirmed` if a claim is not true."""
        case = self.fired(answers)
        for claim in claims:
            if (truth_of(claim.part, case) is claim.truth) is not claim.holds:
                raise Unconfirmed(f"{claim} does not hold for {dict(answers)}")
        return case

    def fired(self, answers: Mapping[str, Answer]) -> Valuation:
        """The truth of everything in a case, by the rules that fire on experta."""
        return self.engine.fire(answers)

    def place(self, name: str) -> Span:
        """Where something is declared; the first line of the knowledge base if nowhere."""
        sections = {"rule": "rules", "property": "safety", "triage": "triage", "inconsistency": "consistency"}
        sections |= {"finding": "findings", "condition": "conditions", "advice": "advice", "text": "texts"}
        sections |= {"disagreement": "disagreements", "number": "numbers", "score": "scores"}
        kind, called, own = parsed(name)
        if kind == "class":
            return next(each.span for each in self.kb.classes[called].classes if each.name == own)
        return self.kb.places.get(sections.get(kind, "questions"), {}).get(called, Span(self.examined.path))


def truth_of(part: Part, case: Valuation) -> Truth:
    """The truth of a part of a claim in a case."""
    if isinstance(part, Ref) and kind_of(part.name) == "unanswered":
        return not case.is_answered(without_kind(part.name))
    return holds(part, case)


def rules_true(case: Valuation, ids: Iterable[str]) -> Iterator[str]:
    """Those of these rules that fired, by id."""
    return (id for id in ids if case.value(name_of("rule", id)))
