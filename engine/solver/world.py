"""All possible cases of a knowledge base: is there a case in which these claims are true?

In: a knowledge base, and claims about the truth of parts. Out: the answers of a smallest case, or None if
no case makes them true. If time runs out, `Undecided` is raised, so that this is never taken for "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import monotonic
from typing import assert_never

import z3

from engine.meaning.definitions import Definitions, with_properties
from engine.meaning.network import network, within
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of, without_kind
from engine.model.parts import Answered, Part, Ref, Scored
from engine.solver.answers import Open, Rails
from engine.solver.coding import FALSE, TRUE, Coding, composed, keeps
from engine.solver.guided import guided
from engine.solver.shown import Shown
from engine.solver.witness import Taste
from facts.vocabulary import Answer

LONGEST = 60
"""Maximum duration of one query, in seconds."""

ATTEMPTS = 2
"""Maximum number of cases drawn towards one goal."""


class Undecided(Exception):
    """Raised when the solver runs out of time."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about a case: a part is true (`truth`) or false or, if `holds` is False, it is not."""

    part: Part
    truth: bool = True
    holds: bool = True

    def __invert__(self) -> Claim:
        return replace(self, holds=not self.holds)


def true(part: Part | str) -> Claim:
    """The claim that a part, or the definition of this name, is true."""
    return Claim(Ref(part) if isinstance(part, str) else part)


def false(part: Part | str) -> Claim:
    """The claim that a part, or the definition of this name, is false."""
    return Claim(Ref(part) if isinstance(part, str) else part, truth=False)


def unanswered(question: str) -> Claim:
    """The claim that a question is not answered, or only with "I don't know"."""
    return Claim(Ref(name_of("unanswered", question)))


Answers = Mapping[str, Answer]


@dataclass(eq=False)
class World:
    """One case with unknown answers. `prefix` tells the worlds of one solver apart.

    What cases drawn before show to be possible (`shown`) is not asked of the solver.

    `until` is the moment, by the monotonic clock, after which queries raise `Undecided`. The answers are
    variables of its own, unless they are read off `shared` ones, for which the solver already knows what is
    possible.
    """

    kb: KnowledgeBase
    prefix: str = ""
    until: float = float("inf")
    solver: z3.Solver = field(default_factory=z3.SimpleSolver)
    shared: Mapping[str, Open] = field(default_factory=dict)
    named: Definitions = field(init=False)
    coding: Coding = field(init=False)
    clash_free: z3.BoolRef = field(init=False)
    shown: list[Shown] = field(init=False, default_factory=list)
    queries: int = field(init=False, default=0)
    _cones: dict[tuple[str, ...], set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.named = with_properties(self.kb)
        net = network(self.kb, self.named, self.named, self.kb.scores.values())
        questions = {
            name: replace(question, name=self.prefix + name) for name, question in self.kb.questions.items()
        }
        self.coding = Coding(net, questions, dict(self.shared))
        for question in self.kb.questions:
            self.coding.answer(question)
        self.solver.add(list(self.sound()))
        self.clash_free = z3.Bool(f"{self.prefix}clash-free")
        self.solver.add(z3.Implies(self.clash_free, z3.Not(z3.Or([FALSE, *self.clashes()]))))

    def sound(self) -> Iterator[z3.BoolRef]:
        """The formulas that are true for every possible case."""
        for name, each in self.coding.answers.items():
            if name not in self.shared:
                yield from each.sound()

    def clashes(self) -> Iterator[z3.BoolRef]:
        """For each inconsistency, the formula that it occurs; an answer to a question that does not apply is
        one, too.
        """
        for name in self.kb.consistency:
            yield self.coding.rails[name_of("inconsistency", name)].true
        for question in self.kb.asked_when:
            not_asked = self.coding.rails[name_of("asked", question)].false
            yield z3.And(self.coding.answers[question].known, not_asked)

    @cached_property
    def honest(self) -> list[z3.BoolRef]:
        """The formulas that follow-up questions are only answered if they were asked."""
        return [
            z3.Implies(self.coding.answers[each].known, self.coding.rails[name_of("asked", each)].true)
            for each in self.kb.asked_when
        ]

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is asked inside is forgotten by the solver, which would become slower with everything."""
        self.solver.push()
        try:
            yield
        finally:
            self.solver.pop()

    @cached_property
    def taste(self) -> Taste:
        """The preferences among its cases."""
        return Taste(self.coding.answers, self.check)

    def cone(self, names: tuple[str, ...]) -> set[str]:
        """The nodes that these names read, directly or through others, and the names themselves."""
        if names not in self._cones:
            self._cones[names] = set(within(self.coding.network, names).nodes)
        return self._cones[names]

    def formula(self, claim: Claim) -> z3.BoolRef:
        """A claim as a formula."""
        rails = self.rails(claim.part)
        side = rails.true if claim.truth else rails.false
        return side if claim.holds else z3.Not(side)

    def rails(self, part: Part) -> Rails:
        """Two formulas: that a part is true, and that it is false."""
        return composed(part, self._leaf)

    def _leaf(self, part: Answered | Ref | Scored) -> Rails:
        match part:
            case Ref(name) if kind_of(name) == "unanswered":
                known = self.coding.answers[without_kind(name)].known
                return Rails(z3.Not(known), known)
            case Ref(name):
                return self.coding.rails.get(name, Rails(TRUE, FALSE))
            case Answered(question, test):
                asked = name_of("asked", question) if question in self.kb.asked_when else None
                return self.coding.compared(question, test, asked)
            case Scored(score, bound):
                return keeps(bound, self.coding.ends[name_of("score", score)])
            case _:
                assert_never(part)

    def draw(self, goals: Sequence[Sequence[Claim]]) -> None:
        """Draw cases towards each of the goals, more of them where none showed it."""
        for seed in range(ATTEMPTS):
            goals = [goal for goal in goals if self._example(goal, False) is None]
            wishes = [[(each.part, each.truth) for each in goal if each.holds] for goal in goals]
            if goals and monotonic() < self.until:
                drawn = guided(self.kb, self.named, wishes, seed)
                self.shown.append(Shown(self.coding.network, [{}, *drawn]))

    def is_possible(self, claims: Iterable[Claim], clashing: bool = False) -> bool:
        """Whether some case has these truths; a case with contradictory answers counts if `clashing`.

        Raises `Undecided`.
        """
        wanted = list(claims)
        self._left()
        if self._example(wanted, clashing) is not None:
            return True
        return self.check(self.formulas(wanted, clashing)) is not None

    def _example(self, claims: Sequence[Claim], clashing: bool) -> Answers | None:
        """A drawn case with these truths."""
        for shown in self.shown:
            found = _having(shown, claims, clashing)
            if found:
                return shown.cases[found.bit_length() - 1]
        return None

    def _small_example(self, claims: Sequence[Claim], clashing: bool) -> Answers | None:
        """The drawn case with these truths and with the fewest answers, all of them asked for."""
        found = [
            case
            for shown in self.shown
            for case in shown.having(_having(shown, claims, clashing) & shown.honest)
        ]
        return min(found, key=len, default=None)

    def find(
        self, claims: Iterable[Claim], clashing: bool = False, is_smallest: bool = True
    ) -> Answers | None:
        """A smallest case with these truths, or None if there is none: fewest answers, then readable ones.
        Unless `is_smallest`, a small one that was drawn will do.

        Raises `Undecided`.
        """
        wanted = list(claims)
        self._left()
        example = self._small_example(wanted, clashing)
        if example is not None and not is_smallest:
            return example
        formulas = self.formulas(wanted, clashing)
        with self.apart():
            return self.taste.case(formulas, self.honest, example)

    def core(self, claims: Sequence[Claim], around: Sequence[Claim], clashing: bool = False) -> list[Claim]:
        """The core of impossible claims: a subset that is impossible, but only as a whole."""
        kept = needed = list(claims)
        for each in claims:
            without = [other for other in kept if other is not each]
            if each not in needed:
                kept = without
            elif not self.is_possible([*around, *without], clashing):
                kept, needed = without, self._needed(without)
        return kept

    def _needed(self, claims: Iterable[Claim]) -> list[Claim]:
        """Those of the claims, just found impossible together with others, that the solver made use of."""
        used = {each.get_id() for each in self.solver.unsat_core()}
        return [each for each in claims if self.formula(each).get_id() in used]

    def formulas(self, claims: Iterable[Claim], clashing: bool) -> list[z3.BoolRef]:
        """Claims as formulas, about cases without a contradiction of answers unless `clashing`."""
        return [*([] if clashing else [self.clash_free]), *(self.formula(each) for each in claims)]

    def check(self, formulas: Sequence[z3.BoolRef]) -> z3.ModelRef | None:
        """A model of the formulas, or None if there is none. Raises `Undecided`."""
        self.queries += 1
        left = self._left()
        self.solver.set("timeout", max(1, round(1000 * min(left, LONGEST))))
        found = self.solver.check(*formulas)
        if found == z3.unknown:
            raise Undecided
        return self.solver.model() if found == z3.sat else None

    def _left(self) -> float:
        """How many seconds are left. Raises `Undecided` if none are."""
        left = self.until - monotonic()
        if left <= 0:
            raise Undecided
        return left


def _having(shown: Shown, claims: Iterable[Claim], clashing: bool) -> int:
    """The drawn cases of which the claims are true."""
    found = shown.everybody if clashing else shown.everybody & ~shown.clashing
    for claim in claims:
        if not found:
            break
        cases = shown.of(claim.part)
        side = cases.true if claim.truth else cases.false
        found &= side if claim.holds else ~side
    return found
