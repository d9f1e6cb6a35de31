"""From formulas to a case that is easy to read: with as few and as ordinary answers as possible.

In: the variables of all questions, and a function that finds a model of formulas. Out: answers. The number of
answered questions is the smallest possible; after that, lists are answered in full and numbers are round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from engine.solver.answers import Open, steps
from engine.solver.ways import unchanged, way
from facts.vocabulary import Answer, Number

Check = Callable[[Sequence[z3.BoolRef]], z3.ModelRef | None]
ORDINARY = (45, 50, 60, 70, 30, 20, 10, 5, 3, 2, 1)
"""Numbers to prefer in a case, in this order: ages first."""


@dataclass(frozen=True)
class Taste:
    """The preferences among cases with the same effect."""

    answers: Mapping[str, Open]
    check: Check

    def case(
        self,
        formulas: Sequence[z3.BoolRef],
        honest: Sequence[z3.BoolRef],
        known: Mapping[str, Answer] | None = None,
    ) -> dict[str, Answer] | None:
        """The answers of a smallest case of which the formulas are true, None if there is none. If possible,
        the formulas `honest` are true of it as well. `known` are the answers of a case of which all are true.
        """
        if known is not None:
            return answers_in(self.smallest([*formulas, *honest], known), self.answers)
        if self.check(formulas) is None:
            return None
        proper = [*formulas, *honest]
        wanted = proper if self.check(proper) is not None else formulas
        return answers_in(self.smallest(wanted), self.answers)

    def smallest(
        self, formulas: Sequence[z3.BoolRef], known: Mapping[str, Answer] | None = None
    ) -> z3.ModelRef:
        """A model of the formulas, which must be satisfiable, in which as few questions as possible have
        answers. `known` are the answers of a case of which they are true: the fewer, the sooner it is found.
        """
        model, names = self._fewest(formulas, known)
        answered = [self.answers[name] for name in names]
        fixed = [*formulas, *(silent for name, silent in self._silent.items() if name not in names)]
        for wishes in (_denied, _complete, _each_answered):
            fixed, model = self.granting(fixed, model, [wish for each in answered for wish in wishes(each)])
        for each in answered:
            fixed, model = self._usual(fixed, model, each)
        return model

    @cached_property
    def _silent(self) -> dict[str, z3.BoolRef]:
        """That each question has no answer."""
        return {name: z3.Not(open_.known) for name, open_ in self.answers.items()}

    def granting(
        self, fixed: list[z3.BoolRef], model: z3.ModelRef, wishes: Sequence[z3.BoolRef]
    ) -> tuple[list[z3.BoolRef], z3.ModelRef]:
        """The formulas with as many of the wishes as they allow, and a model of them.

        Those that the model grants already are kept. The others are tried all at once, then in halves: one
        by one there would be a query for each.
        """
        granted = [each for each in wishes if is_true_in(model, each)]
        fixed, left = [*fixed, *granted], [each for each in wishes if not is_true_in(model, each)]
        if not left:
            return fixed, model
        better = self.check([*fixed, *left])
        if better is not None:
            return [*fixed, *left], better
        if len(left) == 1:
            return fixed, model
        middle = len(left) // 2
        fixed, model = self.granting(fixed, model, left[:middle])
        return self.granting(fixed, model, left[middle:])

    def _fewest(
        self, formulas: Sequence[z3.BoolRef], known: Mapping[str, Answer] | None
    ) -> tuple[z3.ModelRef, list[str]]:
        """A model of the formulas with the smallest number of answers, and the questions answered in it."""
        model = self.check([*formulas, *(() if known is None else self._are(known))])
        assert model is not None, "the formulas were satisfiable"
        names = list(known) if known is not None else self._answered_in(model)
        least = 0
        while least < len(names):
            most = len(names) - 1 if known is not None else (least + len(names)) // 2
            fewer = self.check([*formulas, *self._at_most(most)])
            if fewer is None:
                least = most + 1
            else:
                model, names = fewer, self._answered_in(fewer)
        return model, names

    def _are(self, known: Mapping[str, Answer]) -> Iterator[z3.BoolRef]:
        """That the answers are these."""
        for name, silent in self._silent.items():
            yield unchanged(self.answers[name], known[name]) if name in known else silent

    def _at_most(self, count: int) -> list[z3.BoolRef]:
        """That at most `count` questions are answered."""
        if count == 0:
            return list(self._silent.values())
        return [z3.AtMost(*(open_.known for open_ in self.answers.values()), count)]

    def _answered_in(self, model: z3.ModelRef) -> list[str]:
        return [name for name, open_ in self.answers.items() if is_true_in(model, open_.known)]

    def _usual(
        self, fixed: list[z3.BoolRef], model: z3.ModelRef, open_: Open
    ) -> tuple[list[z3.BoolRef], z3.ModelRef]:
        """The formulas with a usual number in place of any, if there is a choice, and a model of them."""
        kind = open_.question.kind
        usual = [
            open_.value == steps(number, kind)
            for number in ORDINARY
            if isinstance(kind, Number) and kind.minimum <= number <= kind.maximum
        ]
        if usual and self.check([*fixed, z3.Or(usual)]) is not None:
            for each in usual:
                better = model if is_true_in(model, each) else self.check([*fixed, each])
                if better is not None:
                    return [*fixed, each], better
        return fixed, model


def _denied(open_: Open) -> Iterator[z3.BoolRef]:
    """That no option is chosen, and that the answer is "no"."""
    yield from (z3.Not(rails.true) for rails in open_.rails.values())
    if isinstance(open_.value, z3.BoolRef):
        yield z3.Not(open_.value)


def _complete(open_: Open) -> Iterator[z3.BoolRef]:
    """That a list is answered in full."""
    if open_.rails:
        yield z3.And(list(_each_answered(open_)))


def _each_answered(open_: Open) -> Iterator[z3.BoolRef]:
    """That each option of a list is answered."""
    yield from (z3.Or(*rails) for rails in open_.rails.values())


def is_true_in(model: z3.ModelRef, formula: z3.BoolRef) -> bool:
    """Whether a formula is true in a model."""
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def answers_in(model: z3.ModelRef, answers: Mapping[str, Open]) -> dict[str, Answer]:
    """The answers of a case in a model."""
    found = {name: way(open_, model).answer for name, open_ in answers.items()}
    return {name: answer for name, answer in found.items() if answer is not None}
