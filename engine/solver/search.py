"""The search for changes of answers: one case and some claims as formulas, and their models.

In: the valuation of a case, and claims that are to become true. Out: how many answers must change, the sets
of questions of that size, and the ways to answer them. Source: a model of least cost by z3's `Optimize` (N.
Bjorner, A. Phan and L. Fleckenstein, nuZ: an optimizing SMT solver, 2015), then all models of that cost, each
excluded before the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Literal

import z3

from engine.meaning.valuation import Valuation
from engine.model.names import name_of
from engine.model.parts import Ref
from engine.solver.coding import FALSE
from engine.solver.ways import Way, flipped, kept, unchanged, way, widened
from engine.solver.world import Claim, Undecided, World
from facts.vocabulary import Answer

SECONDS = 20
"""Maximum duration of a search, in seconds."""

How = Literal["answer", "change", "withdraw", "falls_away"]


@dataclass(frozen=True, slots=True)
class Step:
    """An answer to give, in place of `before` if that is not None; `after` is None to withdraw it.

    For a number, every value from `low` to `high` has the same effect. `falls_away` says that the question is
    not asked any more after the other steps.
    """

    question: str
    before: Answer | None
    after: Answer | None
    low: int | float | None = None
    high: int | float | None = None
    falls_away: bool = False

    @property
    def how(self) -> How:
        """What is done: an open question answered, an answer changed or withdrawn, or one that falls away."""
        if self.after is None:
            return "falls_away" if self.falls_away else "withdraw"
        return "answer" if self.before is None else "change"


Alternative = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What no change may break: an answer that `stays`, a question that is `asked` only sometimes, a `clash`
    of answers; with the name of the question or the clash.
    """

    kind: Literal["stays", "asked", "clash"]
    name: str


@dataclass
class Search:
    """One case and some claims as formulas.

    `sound` holds for all possible answers, `limits` for those that a change may lead to, `goal` for those
    that it has to lead to; `changed` says, for each question, that its answer differs from the given one, and
    `withdrawn` that a given answer is taken back though its question is still asked.
    """

    case: Valuation
    claims: Sequence[Claim]
    world: World
    goal: list[z3.BoolRef] = field(init=False)
    sound: list[z3.BoolRef] = field(init=False)
    limits: dict[Limit, z3.BoolRef] = field(init=False)
    changed: dict[str, z3.BoolRef] = field(init=False)
    withdrawn: dict[str, z3.BoolRef] = field(init=False)
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = monotonic() + SECONDS
        answers = self.world.coding.answers
        self.goal = [self.world.formula(each) for each in self.claims]
        self.changed = {each: z3.Not(unchanged(open_, self.given(each))) for each, open_ in answers.items()}
        self.withdrawn = {
            each: z3.And(z3.Not(answers[each].known), z3.Not(self._falls_away(each)))
            for each in self._answered()
        }
        self.sound, self.limits = list(self.world.sound()), {}
        for name, open_ in answers.items():
            for formula in kept(open_, self.given(name), self._falls_away(name)):
                if open_.question.changeable:
                    self.sound.append(formula)
                else:
                    self.limits[Limit("stays", name)] = formula
        self.limits |= {
            Limit("asked", each): z3.And(*self._asked(each)) for each in self.case.prepared.kb.asked_when
        }
        self.limits |= {Limit("clash", each): formula for each, formula in self._no_clash()}

    def given(self, question: str) -> Answer | None:
        """The answer in the case, None for "I don't know"."""
        return self.case.answers[question] if self.case.is_answered(question) else None

    def _falls_away(self, question: str) -> z3.BoolRef:
        """That the question is not asked."""
        rails = self.world.coding.rails.get(name_of("asked", question))
        return FALSE if rails is None else rails.false

    def _asked(self, question: str) -> Iterator[z3.BoolRef]:
        """A new answer needs a question that then applies, and the question of a kept answer must not stop
        applying.
        """
        name = name_of("asked", question)
        asked, changed = self.world.coding.rails[name], self.changed[question]
        yield z3.Implies(z3.And(changed, self.world.coding.answers[question].known), asked.true)
        if self.given(question) is not None and self.case.value(name) is not False:
            yield z3.Implies(z3.Not(changed), z3.Not(asked.false))

    def _no_clash(self) -> Iterator[tuple[str, z3.BoolRef]]:
        """That no new clash arises, except one that is claimed."""
        claimed = {each.part.name for each in self.claims if isinstance(each.part, Ref)}
        for clash in self.case.prepared.kb.consistency:
            name = name_of("inconsistency", clash)
            if name not in claimed and self.case.value(name) is not True:
                yield clash, z3.Not(self.world.coding.rails[name].true)

    @property
    def wanted(self) -> list[z3.BoolRef]:
        """The formulas that must be true after a change."""
        return [*self.goal, *self.limits.values()]

    def size(self) -> int | None:
        """The number of answers that must change; None if no change is enough."""
        optimize = z3.Optimize()
        optimize.add([*self.sound, *self.wanted])
        for changed in self.changed.values():
            optimize.add_soft(z3.Not(changed))
        model = self.model(optimize)
        return None if model is None else len(self._true_in(model, self.changed))

    def is_open(self) -> bool:
        """Whether the claims can become true while every given answer stays."""
        solver = self._solver()
        solver.add([z3.Not(self.changed[each]) for each in self._answered()])
        return self.model(solver) is not None

    def sets(self, size: int) -> Iterator[list[str]]:
        """All sets of `size` questions (the smallest possible size) whose answers can be changed so that the
        claims become true; those that withdraw the fewest answers come first, then those that change the
        fewest.
        """
        solver, given = self._solver(), [self.changed[each] for each in self._answered()]
        solver.add(z3.AtMost(*self.changed.values(), size))
        while self.model(solver) is not None:
            solver.push()
            for costs in (list(self.withdrawn.values()), given):
                self._least(solver, costs)
            found = []
            while (model := self.model(solver)) is not None:
                these = self._true_in(model, self.changed)
                yield these
                found.append(z3.Or([z3.Not(self.changed[each]) for each in these]))
                solver.add(found[-1])
            solver.pop()
            solver.add(found)

    def ways(self, questions: Sequence[str]) -> Iterator[Alternative]:
        """All alternatives that change the answers to exactly these questions. They withdraw as few answers
        as possible; among these, as few answers as possible fall away, and then as few options as possible
        change.
        """
        open_ = {each: self.world.coding.answers[each] for each in questions}
        given = [each for each in questions if self.given(each) is not None]
        back = [self.withdrawn[each] for each in given]
        gone = [z3.Not(open_[each].known) for each in given]
        flips = [flip for each in questions for flip in flipped(open_[each], self.given(each))]
        changing = [self.changed[each] for each in questions]
        staying = [z3.Not(changed) for each, changed in self.changed.items() if each not in open_]
        solver, fails = self._solver(), z3.Solver()
        solver.add([*changing, *staying])
        for costs in (back, gone, flips):
            self._least(solver, costs)
        fails.add([*self.sound, *staying, z3.Not(z3.And(*self.wanted, *changing))])
        while (model := self.model(solver)) is not None:
            ways = {each: way(open_[each], model) for each in questions}
            self._widen(ways, fails)
            yield tuple(self._steps(ways, solver))
            solver.add(z3.Or([z3.Not(found.chosen) for found in ways.values()]))

    def _steps(self, ways: dict[str, Way], solver: z3.Solver) -> Iterator[Step]:
        for question, found in ways.items():
            step = Step(question, self.given(question), found.answer, found.low, found.high)
            if found.answer is None:
                solver.push()
                solver.add([*(each.chosen for each in ways.values()), self.withdrawn[question]])
                step = replace(step, falls_away=self.model(solver) is None)
                solver.pop()
            yield step

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
                found = self.model(fails) is not None
                fails.pop()
                return found

            open_ = self.world.coding.answers[question]
            ways[question] = widened(ways[question], open_, self.given(question), is_out)
            fails.pop()

    def _answered(self) -> list[str]:
        return [each for each in self.changed if self.given(each) is not None]

    def _true_in(self, model: z3.ModelRef, formulas: dict[str, z3.BoolRef]) -> list[str]:
        return [each for each, formula in formulas.items() if z3.is_true(model.eval(formula, True))]

    def _least(self, solver: z3.Solver, costs: Sequence[z3.BoolRef]) -> None:
        """Let only the minimum number of these formulas be true, found by going down from a first model."""
        solver.push()
        fewest = len(costs)
        while fewest and (model := self.model(solver)) is not None:
            fewest = sum(z3.is_true(model.eval(cost, True)) for cost in costs)
            solver.add(z3.AtMost(*costs, fewest - 1) if fewest else FALSE)
        solver.pop()
        if costs:
            solver.add(z3.AtMost(*costs, fewest))

    def _solver(self) -> z3.Solver:
        solver = z3.Solver()
        solver.add([*self.sound, *self.wanted])
        return solver

    def model(self, solver: z3.Solver | z3.Optimize, *assumed: z3.BoolRef) -> z3.ModelRef | None:
        """A model, or None if unsatisfiable; raises `Undecided`."""
        solver.set("timeout", max(1, round(1000 * (self.until - monotonic()))))
        found = solver.check(*assumed)
        if found == z3.unknown:
            raise Undecided
        return solver.model() if found == z3.sat else None

    def in_order(self, found: Iterable[Alternative]) -> tuple[Alternative, ...]:
        """Alternatives, and the steps in each, in the order of asking. Alternatives that withdraw the fewest
        answers come first, then those that change the fewest.
        """
        order = self.case.prepared.ask_order

        def rank(step: Step) -> tuple[bool, float, str]:
            return step.after is None, step.low or 0, repr(step)

        def ranked(steps: Alternative) -> tuple[int, int, list[int], list[tuple[bool, float, str]]]:
            withdrawn = sum(step.how == "withdraw" for step in steps)
            given = sum(step.before is not None for step in steps)
            return withdrawn, given, [order[step.question] for step in steps], [*map(rank, steps)]

        ordered = (tuple(sorted(each, key=lambda step: order[step.question])) for each in found)
        return tuple(sorted(ordered, key=ranked))
