"""The search for changes of answers: one case and one definition as formulas, and their models.

In: the name of a definition and the valuation of a case. Out: how many answers must change, the sets of
questions of that size, and the ways to answer them. Source: a model of least cost by z3's `Optimize` (N.
Bjorner, A. Phan and L. Fleckenstein, nuZ: an optimizing SMT solver, 2015), then all models of that cost, each
excluded before the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

import z3

from engine.meaning.network import network
from engine.meaning.valuation import Valuation, questions_of
from engine.model.names import name_of
from engine.solver.coding import FALSE, TRUE, Coding
from engine.solver.ways import Way, flipped, kept, unchanged, way, widened
from facts.vocabulary import Answer

SECONDS = 20
"""Maximum duration of a search, in seconds."""


@dataclass(frozen=True, slots=True)
class Step:
    """An answer to give, in place of `before` if that is not None; `after` is None to withdraw it.

    For a number, every value from `low` to `high` has the same effect.
    """

    question: str
    before: Answer | None
    after: Answer | None
    low: int | float | None = None
    high: int | float | None = None


Alternative = tuple[Step, ...]


class Undecided(Exception):
    """Raised when the solver runs out of time."""


@dataclass
class Search:
    """One case and one definition as formulas.

    `sound` holds for all possible answers, `wanted` for those that a change may lead to; `changed` says, for
    each question, that its answer differs from the given one.
    """

    case: Valuation
    name: str
    coding: Coding = field(init=False)
    sound: list[z3.BoolRef] = field(init=False)
    wanted: list[z3.BoolRef] = field(init=False)
    changed: dict[str, z3.BoolRef] = field(init=False)
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = monotonic() + SECONDS
        kb, named = self.case.prepared.kb, self.case.prepared.definitions
        clashes, follow_ups = _could_clash(self.case, self.name)
        roots = [self.name, *clashes, *(name_of("asked", each) for each in follow_ups)]
        self.coding = Coding(network(kb, named, roots), kb.questions)
        answers = {each: self.coding.answer(each) for each in (*self.coding.answers, *follow_ups)}
        self.sound = [formula for open_ in answers.values() for formula in open_.sound()]
        self.changed = {each: z3.Not(unchanged(open_, self.given(each))) for each, open_ in answers.items()}
        self.wanted = [self.coding.rails[self.name].true, *self._kept()]
        self.wanted += [z3.Not(self.coding.rails[each].true) for each in clashes]

    def given(self, question: str) -> Answer | None:
        """The answer in the case, None for "I don't know"."""
        return self.case.answers[question] if self.case.is_answered(question) else None

    def _kept(self) -> Iterator[z3.BoolRef]:
        """What no change may break: a new answer needs a question that then applies, and the question of a
        kept answer must not stop applying.
        """
        for question, open_ in self.coding.answers.items():
            given, asked = self.given(question), self.coding.rails.get(name_of("asked", question))
            yield from kept(open_, given, FALSE if asked is None else asked.false)
            if asked is not None:
                changed = self.changed[question]
                yield z3.Implies(z3.And(changed, open_.known), asked.true)
                if given is not None and self.case.value(name_of("asked", question)) is not False:
                    yield z3.Implies(z3.Not(changed), z3.Not(asked.false))

    def size(self) -> int | None:
        """The number of answers that must change; None if no change is enough."""
        optimize = z3.Optimize()
        optimize.add([*self.sound, *self.wanted])
        for changed in self.changed.values():
            optimize.add_soft(z3.Not(changed))
        model = self._model(optimize)
        return None if model is None else len(self._true_in(model, self.changed))

    def is_open(self) -> bool:
        """Whether the definition can become true while every given answer stays."""
        solver = self._solver()
        solver.add([z3.Not(self.changed[each]) for each in self._answered()])
        return self._model(solver) is not None

    def sets(self, size: int) -> Iterator[list[str]]:
        """All sets of `size` questions (which must be the smallest possible size) that can be changed with
        success; those that change the fewest given answers come first.
        """
        solver, given = self._solver(), [self.changed[each] for each in self._answered()]
        solver.add(z3.AtMost(*self.changed.values(), size))
        for most in range(min(size, len(given)) + 1):
            solver.push()
            solver.add(z3.AtMost(*given, most) if given else TRUE)
            found = []
            while (model := self._model(solver)) is not None:
                these = self._true_in(model, self.changed)
                yield these
                found.append(z3.Or([z3.Not(self.changed[each]) for each in these]))
                solver.add(found[-1])
            solver.pop()
            solver.add(found)

    def ways(self, questions: Sequence[str]) -> Iterator[Alternative]:
        """All alternatives that change the answers to exactly these questions, with as few withdrawn answers
        and changed options as possible.
        """
        open_ = {each: self.coding.answers[each] for each in questions}
        back = [z3.Not(open_[each].known) for each in questions if self.given(each) is not None]
        flips = [flip for each in questions for flip in flipped(open_[each], self.given(each))]
        changing = [self.changed[each] for each in questions]
        staying = [z3.Not(changed) for each, changed in self.changed.items() if each not in open_]
        solver, fails = self._solver(), z3.Solver()
        solver.add([*changing, *staying])
        for costs in (back, flips):
            if costs:
                solver.add(z3.AtMost(*costs, self._fewest(solver, costs)))
        fails.add([*self.sound, *staying, z3.Not(z3.And(*self.wanted, *changing))])
        while (model := self._model(solver)) is not None:
            ways = {each: way(open_[each], model) for each in questions}
            self._widen(ways, fails)
            yield tuple(
                Step(each, self.given(each), found.answer, found.low, found.high)
                for each, found in ways.items()
            )
            solver.add(z3.Or([z3.Not(found.chosen) for found in ways.values()]))

    def _widen(self, ways: dict[str, Way], fails: z3.Solver) -> None:
        """Widen each number to the range that has the same effect, whatever the earlier numbers in their
        ranges are.
        """
        for question in [each for each, found in ways.items() if found.low is not None]:
            fails.push()
            fails.add([found.chosen for each, found in ways.items() if each != question])

            def is_out(formula: z3.BoolRef) -> bool:
                fails.push()
                fails.add(formula)
                found = self._model(fails) is not None
                fails.pop()
                return found

            open_ = self.coding.answers[question]
            ways[question] = widened(ways[question], open_, self.given(question), is_out)
            fails.pop()

    def _answered(self) -> list[str]:
        return [each for each in self.changed if self.given(each) is not None]

    def _true_in(self, model: z3.ModelRef, formulas: dict[str, z3.BoolRef]) -> list[str]:
        return [each for each, formula in formulas.items() if z3.is_true(model.eval(formula, True))]

    def _fewest(self, solver: z3.Solver, costs: Sequence[z3.BoolRef]) -> int:
        """The minimum number of these formulas that must be true, starting from that of a first model."""
        solver.push()
        fewest = len(costs)
        while fewest and (model := self._model(solver)) is not None:
            fewest = sum(z3.is_true(model.eval(cost, True)) for cost in costs)
            solver.add(z3.AtMost(*costs, fewest - 1) if fewest else FALSE)
        solver.pop()
        return fewest

    def _solver(self) -> z3.Solver:
        solver = z3.Solver()
        solver.add([*self.sound, *self.wanted])
        return solver

    def _model(self, solver: z3.Solver | z3.Optimize) -> z3.ModelRef | None:
        """A model, or None if unsatisfiable; raises `Undecided`."""
        solver.set("timeout", max(1, round(1000 * (self.until - monotonic()))))
        found = solver.check()
        if found == z3.unknown:
            raise Undecided
        return solver.model() if found == z3.sat else None

    def in_order(self, found: Iterable[Alternative]) -> tuple[Alternative, ...]:
        """Alternatives, and the steps in each, in the order of asking; those that change the fewest given
        answers first.
        """
        order = self.case.prepared.ask_order

        def rank(step: Step) -> tuple[bool, float, str]:
            return step.after is None, step.low or 0, repr(step)

        def ranked(steps: Alternative) -> tuple[int, list[int], list[tuple[bool, float, str]]]:
            given = sum(step.before is not None for step in steps)
            return given, [order[step.question] for step in steps], [*map(rank, steps)]

        ordered = (tuple(sorted(each, key=lambda step: order[step.question])) for each in found)
        return tuple(sorted(ordered, key=ranked))


def _could_clash(case: Valuation, name: str) -> tuple[list[str], list[str]]:
    """The clashes and the answered follow-up questions that a change could affect.

    Follow-up questions have an `asked_when`. Included are those that depend on questions that a change may
    touch, and in turn those that depend on the questions so added.
    """
    kb, named = case.prepared.kb, case.prepared.definitions
    clashes = [each for each in (name_of("inconsistency", clash) for clash in kb.consistency) if each != name]
    sound = {each: questions_of(each, kb, named) for each in clashes if case.value(each) is not True}
    for each in kb.asked_when:
        if case.is_answered(each) and case.value(name_of("asked", each)) is not False:
            sound[each] = questions_of(name_of("asked", each), kb, named)
    concerned, found = set(questions_of(name, kb, named)), dict[str, None]()
    while more := [each for each in sound if each not in found and not concerned.isdisjoint(sound[each])]:
        found |= dict.fromkeys(more)
        concerned.update(*(sound[each] for each in more))
    return [each for each in found if each in clashes], [each for each in found if each in kb.asked_when]
