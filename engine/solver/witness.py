"""From formulas to a case that is easy to read: with as few and as ordinary answers as possible.

In: the variables of all questions, and a function that finds a model of formulas. Out: answers. The number of
answered questions is the smallest possible; after that, lists are answered in full and numbers are round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import z3

from engine.solver.answers import Open, steps
from engine.solver.ways import way
from facts.vocabulary import Answer, Number

Check = Callable[[Sequence[z3.BoolRef]], z3.ModelRef | None]
ORDINARY = (45, 50, 60, 70, 30, 20, 10, 5, 3, 2, 1)
"""Numbers to prefer in a case, in this order: ages first."""


@dataclass(frozen=True)
class Taste:
    """The preferences among cases with the same effect."""

    answers: Mapping[str, Open]
    check: Check

    def smallest(self, formulas: Sequence[z3.BoolRef]) -> z3.ModelRef:
        """A model of the formulas, which must be satisfiable, in which as few questions as possible have
        answers.
        """
        fixed, model = self._fewest(formulas)
        for each in self._wishes(model):
            better = self.check([*fixed, each])
            if better is not None:
                fixed, model = [*fixed, each], better
        return model

    def _fewest(self, formulas: Sequence[z3.BoolRef]) -> tuple[list[z3.BoolRef], z3.ModelRef]:
        """The formulas with the bound on the number of answers, and a model of them."""
        known = [open_.known for open_ in self.answers.values()]
        for most in range(len(known)):
            fixed = [*formulas, z3.AtMost(*known, most)]
            if model := self.check(fixed):
                return fixed, model
        model = self.check(formulas)
        assert model is not None, "the formulas were satisfiable"
        return list(formulas), model

    def _wishes(self, model: z3.ModelRef) -> Iterator[z3.BoolRef]:
        """What would make the case of a model more ordinary, question by question."""
        for open_ in self.answers.values():
            if z3.is_true(model.eval(open_.known, model_completion=True)):
                yield from _wishes(open_)


def _wishes(open_: Open) -> Iterator[z3.BoolRef]:
    """What would make one answer more ordinary: few options, a complete list, a usual number, "no"."""
    kind = open_.question.kind
    if open_.rails:
        yield from (z3.Not(rails.true) for rails in open_.rails.values())
        yield from (rails.false for rails in open_.rails.values())
        yield from (rails.true for rails in open_.rails.values())
    elif isinstance(kind, Number):
        for number in ORDINARY:
            if kind.minimum <= number <= kind.maximum:
                yield open_.value == steps(number, kind)
    elif isinstance(open_.value, z3.BoolRef):
        yield z3.Not(open_.value)


def answers_in(model: z3.ModelRef, answers: Mapping[str, Open]) -> dict[str, Answer]:
    """The answers of a case in a model."""
    found = {name: way(open_, model).answer for name, open_ in answers.items()}
    return {name: answer for name, answer in found.items() if answer is not None}
