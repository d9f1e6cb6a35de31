"""Two cases at once: one person with further answers, or with one answer turned.

In: a knowledge base, and names. Out: the answers of both, where a name is true in the first case and not in
the second, or None if there are no such cases. Raises `Undecided` if time runs out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import z3

from engine.model.knowledge_base import KnowledgeBase
from engine.solver.answers import Open, Rails
from engine.solver.witness import Taste, answers_in
from engine.solver.world import Answers, Claim, World, true

Two = tuple[Answers, Answers]


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer that becomes "yes", or this option: to a `yes_no` question (`option` is empty) from "no"."""

    question: str
    option: str = ""


@dataclass(eq=False)
class Pair:
    """Two cases of one knowledge base with unknown answers."""

    kb: KnowledgeBase
    until: float = float("inf")
    before: World = field(init=False)
    after: World = field(init=False)
    same: dict[str, z3.BoolRef] = field(init=False)
    further: z3.BoolRef = field(init=False)

    def __post_init__(self) -> None:
        self.before = World(self.kb, "before ", self.until)
        self.after = World(self.kb, "after ", self.until, self.before.solver)
        self.same = {each: z3.Bool(f"same {each}") for each in self.kb.questions}
        self.further = z3.Bool("further answers")
        for name, literal in self.same.items():
            one, other = self._answers(name)
            self.before.solver.add(z3.Implies(literal, z3.And(list(_equal(one, other)))))
            self.before.solver.add(z3.Implies(self.further, z3.And(list(_kept(one, other)))))

    def with_further(self, names: Sequence[str], before: Iterable[Claim] = ()) -> Two | None:
        """The answers of a case of which a name is true, and of the same case with further answers of which
        that name is not true.
        """
        return self._found([self.further], names, before)

    def with_turned(self, turn: Turn, names: Sequence[str]) -> Two | None:
        """The answers of a case of which a name is true, and of the same case with one answer turned of
        which that name is not true.
        """
        staying = [literal for name, literal in self.same.items() if name != turn.question]
        return self._found([*staying, *self._turned(turn)], names)

    def _found(
        self, links: Sequence[z3.BoolRef], names: Sequence[str], before: Iterable[Claim] = ()
    ) -> Two | None:
        lost = [z3.And(self.before.formula(true(each)), self.after.formula(~true(each))) for each in names]
        formulas = [*links, *(self.before.formula(each) for each in before), z3.Or(lost)]
        if self.before.check(formulas) is None:
            return None
        model = Taste(self.after.coding.answers, self.before.check).smallest(formulas)
        first, second = (answers_in(model, world.coding.answers) for world in (self.before, self.after))
        return first, second

    def _answers(self, question: str) -> tuple[Open, Open]:
        return self.before.coding.answers[question], self.after.coding.answers[question]

    def _turned(self, turn: Turn) -> Iterator[z3.BoolRef]:
        one, other = self._answers(turn.question)
        if one.rails:
            for option in one.rails:
                if option != turn.option:
                    yield from _equal_rails(one.rails[option], other.rails[option])
            yield one.rails[turn.option].false
            yield other.rails[turn.option].true
        elif one.options:
            yield z3.And(one.known, z3.Not(one.options[turn.option]))
            yield other.options[turn.option]
        else:
            yield from (one.known, z3.Not(one.value), other.known, other.value)


def _equal(one: Open, other: Open) -> Iterator[z3.BoolRef]:
    """That two answers are the same, or both missing."""
    yield one.known == other.known
    if one.rails:
        for option in one.rails:
            yield from _equal_rails(one.rails[option], other.rails[option])
    elif one.options:
        yield from (chosen == other.options[option] for option, chosen in one.options.items())
    else:
        yield z3.Implies(one.known, one.value == other.value)


def _equal_rails(one: Rails, other: Rails) -> Iterator[z3.BoolRef]:
    yield from (mine == theirs for mine, theirs in zip(one, other, strict=True))


def _kept(one: Open, other: Open) -> Iterator[z3.BoolRef]:
    """That the second case keeps what is answered in the first."""
    if one.rails:
        for option, rails in one.rails.items():
            yield from (z3.Implies(side, kept) for side, kept in zip(rails, other.rails[option], strict=True))
    elif one.options:
        yield from (z3.Implies(chosen, other.options[option]) for option, chosen in one.options.items())
    else:
        yield z3.Implies(one.known, z3.And(other.known, one.value == other.value))
