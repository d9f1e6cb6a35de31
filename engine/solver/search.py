"""The search for changes of answers: one case and one definition as formulas, and the models that z3 has of
them.

In: the name of a definition and the valuation of a case. Out: how many answers have to change, the sets of
questions that are so few, and the ways to answer these. Source: a model of least cost by z3's `Optimize`
(N. Bjorner, A. Phan and L. Fleckenstein, nuZ: an optimizing SMT solver, 2015), then all models of that cost,
each blocked before the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic

import z3

from engine.network import network
from engine.solver.coding import Coding
from engine.solver.ways import Way, flipped, kept, run_around, unchanged, way, widened
from engine.valuation import Valuation, questions_of
from facts.vocabulary import Answer, Unknown

SECONDS = 20
"""After so long the search is given up."""


@dataclass(frozen=True, slots=True)
class Step:
    """An answer to give, instead of `before` where there is one; of a number any from `low` to `high` will
    do.
    """

    question: str
    before: Answer | None
    after: Answer
    low: int | float | None = None
    high: int | float | None = None


Alternative = tuple[Step, ...]


class Undecided(Exception):
    """The solver has given no answer in time."""


@dataclass
class Search:
    """Everything about one case and one definition as formulas."""

    case: Valuation
    name: str
    coding: Coding = field(init=False)
    hard: list[z3.BoolRef] = field(init=False)
    changed: dict[str, z3.BoolRef] = field(init=False)
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = monotonic() + SECONDS
        kb, named = self.case.prepared.kb, self.case.prepared.definitions
        clashes, follow_ups = _could_clash(self.case, self.name)
        self.coding = Coding(network(kb, named, [self.name, *clashes, *follow_ups]), kb.questions)
        self.hard = [self.coding.rails[self.name].true, *self._kept()]
        self.hard += [z3.Not(self.coding.rails[each].true) for each in clashes]
        self.hard += [z3.Not(self.coding.rails[each].false) for each in follow_ups]
        answers = self.coding.answers.items()
        self.changed = {each: z3.Not(unchanged(open_, self.given(each))) for each, open_ in answers}

    def given(self, question: str) -> Answer | None:
        """The answer of the case; "I don't know" is none."""
        answer = self.case.answers.get(question)
        return None if isinstance(answer, Unknown) else answer

    def _kept(self) -> Iterator[z3.BoolRef]:
        """What no change may break: answers stay answers, and none is given where the question does not
        apply.
        """
        for question, open_ in self.coding.answers.items():
            yield from open_.sound()
            yield from kept(open_, self.given(question))
            name = f"asked:{question}"
            clashes = self.case.is_answered(question) and self.case.value(name) is False
            if name in self.coding.rails and not clashes:
                yield z3.Not(z3.And(open_.known, self.coding.rails[name].false))

    def size(self) -> int | None:
        """How many answers have to change; None where that is impossible."""
        optimize = z3.Optimize()
        optimize.add(self.hard)
        model = self._minimal(optimize, self.changed.values())
        return None if model is None else len(self._changed_in(model))

    def _changed_in(self, model: z3.ModelRef) -> list[str]:
        return [each for each, changed in self.changed.items() if z3.is_true(model.eval(changed, True))]

    def sets(self, size: int) -> Iterator[list[str]]:
        """All sets of so many questions, the smallest number there is, whose answers can be changed so."""
        solver = z3.Solver()
        solver.add(self.hard)
        solver.add(z3.AtMost(*self.changed.values(), size))
        while (model := self._model(solver)) is not None:
            these = self._changed_in(model)
            yield these
            solver.add(z3.Or([z3.Not(self.changed[each]) for each in these]))

    def ways(self, questions: list[str]) -> Iterator[Alternative]:
        """All alternatives that change just the answers to these questions, and no option without need."""
        staying = [z3.Not(changed) for each, changed in self.changed.items() if each not in questions]
        flips = [flip for each in questions for flip in flipped(self.coding.answers[each], self.given(each))]
        solver, fewest = z3.Solver(), z3.Optimize()
        for each in (solver, fewest):
            each.add([*self.hard, *staying, *(self.changed[question] for question in questions)])
        model = self._minimal(fewest, flips) if flips else None
        if model is not None:
            needed = sum(z3.is_true(model.eval(flip, True)) for flip in flips)
            solver.add(z3.AtMost(*flips, needed))
        while (model := self._model(solver)) is not None:
            ways = {each: self._way(each, model) for each in questions}
            self._widen(ways, solver)
            yield tuple(
                Step(each, self.given(each), found.answer, found.low, found.high)
                for each, found in ways.items()
            )
            solver.add(z3.Or([z3.Not(found.chosen) for found in ways.values()]))

    def _way(self, question: str, model: z3.ModelRef) -> Way:
        open_, given = self.coding.answers[question], self.given(question)
        return way(open_, given, model, self.coding.regions.get(question))

    def _widen(self, ways: dict[str, Way], solver: z3.Solver) -> None:
        """Take to the range of a number all beside it that will do as well; of several numbers, the first."""
        question = next((each for each in ways if ways[each].low is not None), None)
        if question is None:
            return
        others = [found.chosen for each, found in ways.items() if each != question]
        open_, given = self.coding.answers[question], self.given(question)
        if question in self.coding.regions:

            def will_do(formula: z3.BoolRef) -> bool:
                return bool(solver.check(formula, *others) == z3.sat)

            ways[question] = widened(ways[question], open_, given, self.coding.regions[question], will_do)
        else:
            staying = [z3.Not(changed) for each, changed in self.changed.items() if each not in ways]
            fixed = [*open_.sound(), *others, *staying, z3.Not(z3.And(self.hard))]
            ways[question] = run_around(ways[question], open_, given, fixed)

    def _model(self, solver: z3.Solver | z3.Optimize) -> z3.ModelRef | None:
        """A model, None where there is none; raises `Undecided`."""
        solver.set("timeout", max(1, round(1000 * (self.until - monotonic()))))
        found = solver.check()
        if found == z3.unknown:
            raise Undecided
        return solver.model() if found == z3.sat else None

    def _minimal(self, optimize: z3.Optimize, costs: Iterable[z3.BoolRef]) -> z3.ModelRef | None:
        """A model in which as few of these as possible are true."""
        for cost in costs:
            optimize.add_soft(z3.Not(cost))
        return self._model(optimize)

    def in_order(self, found: Iterable[Alternative]) -> tuple[Alternative, ...]:
        """Alternatives and their steps in the order of asking, those about the same questions together."""
        order = self.case.prepared.ask_order

        def rank(step: Step) -> tuple[int, float, str]:
            return order[step.question], step.low or 0, repr(step)

        steps = (tuple(sorted(each, key=rank)) for each in found)
        return tuple(sorted(steps, key=lambda each: ([order[s.question] for s in each], [*map(rank, each)])))


def _could_clash(case: Valuation, name: str) -> tuple[list[str], list[str]]:
    """What may not begin to clash: clashes and answers that hang on questions which a change may touch, and
    those that hang on the questions which these bring in.
    """
    kb, named = case.prepared.kb, case.prepared.definitions
    clashes = [each for each in map("inconsistency:{}".format, kb.consistency) if each != name]
    follow_ups = [f"asked:{each}" for each in kb.asked_when if case.is_answered(each)]
    sound = [each for each in clashes if case.value(each) is not True]
    sound += [each for each in follow_ups if case.value(each) is not False]
    reads = {each: questions_of(each, kb, named) for each in sound}
    concerned, found = set(questions_of(name, kb, named)), dict[str, None]()
    while more := [each for each in sound if each not in found and not concerned.isdisjoint(reads[each])]:
        found |= dict.fromkeys(more)
        concerned.update(*(reads[each] for each in more))
    return [each for each in found if each in clashes], [each for each in found if each in follow_ups]
