"""Cases in which a truth is open although every way to go on decides it alike.

In: a knowledge base, a name and a truth. Out: the answers of a case in which the name is open, but has that
truth once all questions that apply are answered, whatever the answers; None if no case does.

Source: M. Janota and J. Marques-Silva, Abstraction-based algorithm for 2QBF, 2011. One solver proposes a
case, another completes it with the other truth. Any further proposal must have the truth if what it leaves
open is answered as in that completion (`filled`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import z3

from engine.meaning.network import Gate, within
from engine.meaning.valuation import questions_of
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.solver.answers import Open
from engine.solver.filled import Filled
from engine.solver.witness import Taste, answers_in
from engine.solver.world import Answers, Undecided, World

MOST_ROUNDS = 2_000
"""Maximum number of cases proposed for one name and one truth."""


@dataclass(eq=False)
class Completions:
    """All open cases of a knowledge base, and all complete ones."""

    kb: KnowledgeBase
    until: float = float("inf")
    partial: World = field(init=False)
    whole: World = field(init=False)
    filled: dict[object, z3.BoolRef] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.partial = World(self.kb, until=self.until)
        self.whole = World(self.kb, until=self.until)
        self.partial.solver.add(self.partial.honest)
        self.whole.solver.add([each for name in self.kb.questions for each in self._answered(name)])

    def open_though_decided(self, name: str, truth: bool) -> Answers | None:
        """A smallest case found in which a name is open although it can only become `truth`, among the cases
        that answer only what the name reads.

        Raises `Undecided` if time or rounds run out.
        """
        return self._smallest([name], truth)

    def unavoidable(self, names: Sequence[str]) -> Answers | None:
        """A smallest case found in which none of the names is true, but one of them will be, whatever is
        answered.

        Raises `Undecided` if time or rounds run out.
        """
        return self._smallest(names, True)

    def _smallest(self, names: Sequence[str], truth: bool) -> Answers | None:
        """A smallest case found in which it is open whether any of the names is true, although it can only
        become `truth`.
        """
        solver, answers = self.partial.solver, self.partial.coding.answers
        rails = [self.partial.coding.rails[name] for name in names]
        read = self._read(names)
        beside = [open_.known for each, open_ in answers.items() if each not in read]
        is_decided = [*(each.true for each in rails), z3.And([each.false for each in rails])]
        wanted = [z3.Not(z3.Or([*is_decided, *beside])), self.partial.clash_free]
        taste = Taste(answers, self.partial.check)
        solver.push()
        try:
            if self._left(names, truth, lambda: self.partial.check(wanted)) is None:
                return None
            model = self._left(names, truth, lambda: taste.smallest(wanted))
            assert model is not None, "one case was left"
            return answers_in(model, answers)
        finally:
            solver.pop()

    def _read(self, names: Sequence[str]) -> set[str]:
        """The questions that names read."""
        return {each for name in names for each in questions_of(name, self.kb, self.partial.named)}

    def _left(
        self, names: Sequence[str], truth: bool, proposed: Callable[[], z3.ModelRef | None]
    ) -> z3.ModelRef | None:
        """The first case proposed of which every completion gives the names this truth; None if no more are
        proposed. Raises `Undecided`.
        """
        net = within(self.whole.coding.network, names)
        read = {each: self.whole.coding.answers[each] for each in self._read(names)}
        for _ in range(MOST_ROUNDS):
            model = proposed()
            if model is None:
                return None
            refuting = self._refuting(names, truth, model)
            if refuting is None:
                return model
            filled = Filled(net, self.partial.coding.answers, answers_in(refuting, read), self.filled)
            is_true = z3.Or([filled.true[name] for name in names])
            self.partial.solver.add(is_true if truth else z3.Not(is_true))
        raise Undecided

    def _refuting(self, names: Sequence[str], truth: bool, model: z3.ModelRef) -> z3.ModelRef | None:
        """A completion of a case with the other truth, None if there is none; with as many reasons for it as
        possible, so that it refutes other cases, too.
        """
        coding, kept = self.whole.coding, list(self._kept(model))
        rails = [coding.rails[name] for name in names]
        other = z3.And([each.false for each in rails]) if truth else z3.Or([each.true for each in rails])
        found = self.whole.check([*kept, other])
        if found is None:
            return None
        gates = [node for name in names if isinstance(node := coding.network.nodes[name], Gate)]
        inner = [coding.literal(each) for gate in gates for each in gate.literals]
        reasons = [each.false if truth else each.true for each in inner]
        _, found = self.whole.taste.granting([*kept, other], found, reasons)
        return found

    def _answered(self, question: str) -> Iterator[z3.BoolRef]:
        """That a question is answered in full if it applies, and not at all if it does not."""
        open_ = self.whole.coding.answers[question]
        full = z3.And([z3.Or(*each) for each in open_.rails.values()]) if open_.rails else open_.known
        if question not in self.kb.asked_when:
            yield full
            return
        asked = self.whole.coding.rails[name_of("asked", question)]
        yield z3.If(asked.true, full, z3.Not(open_.known))

    def _kept(self, model: z3.ModelRef) -> Iterator[z3.BoolRef]:
        """The answers of an open case, to be kept in a complete one; both have the same variables."""
        for open_ in self.partial.coding.answers.values():
            for side in _sides(open_):
                if z3.is_true(model.eval(side, model_completion=True)):
                    yield side
            if open_.value is not None and z3.is_true(model.eval(open_.known, model_completion=True)):
                yield open_.value == model.eval(open_.value, model_completion=True)


def _sides(open_: Open) -> list[z3.BoolRef]:
    """The formulas of which those that are true make up an answer."""
    if open_.rails:
        return [side for rails in open_.rails.values() for side in rails]
    return list(open_.options.values()) or [open_.known]
