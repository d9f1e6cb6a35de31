"""Two cases of one person: with further answers, or with one answer changed to yes.

In: a knowledge base, and names. Out: the answers of both, where a name is true in the first case and not in
the second; None if there are no such cases. Raises `Undecided` if time runs out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import z3

from engine.meaning.network import within
from engine.model.knowledge_base import KnowledgeBase
from engine.solver.answers import Open, Rails, opened
from engine.solver.coding import Coding
from engine.solver.witness import Taste, answers_in
from engine.solver.world import Answers, Claim, World, true

Two = tuple[Answers, Answers]


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer that becomes "yes": to a `yes_no` question (`option` is empty), or for one option. If
    `is_choice`, the option takes the place of another one.
    """

    question: str
    option: str = ""
    is_choice: bool = False


@dataclass(eq=False)
class Pair:
    """A case with unknown answers, and the same case with further answers."""

    kb: KnowledgeBase
    until: float = float("inf")
    before: World = field(init=False)
    after: World = field(init=False)

    def __post_init__(self) -> None:
        self.before = World(self.kb, "before ", self.until)
        self.after = World(self.kb, "after ", self.until, self.before.solver)
        for name in self.kb.questions:
            one, other = self.before.coding.answers[name], self.after.coding.answers[name]
            self.before.solver.add(list(_kept(one, other)))

    def with_further(self, names: Sequence[str], before: Iterable[Claim] = ()) -> Two | None:
        """The answers of a case in which one of the names is true, and of the same case with further answers
        in which it is not true; None if there is no such pair. Raises `Undecided`.
        """
        lost = [z3.And(self.before.formula(true(each)), self.after.formula(~true(each))) for each in names]
        formulas = [*(self.before.formula(each) for each in before), z3.Or(lost)]
        if self.before.check(formulas) is None:
            return None
        model = Taste(self.after.coding.answers, self.before.check).smallest(formulas)
        first, second = (answers_in(model, world.coding.answers) for world in (self.before, self.after))
        return first, second


def with_turned(world: World, turn: Turn, names: Sequence[str], changing: Collection[str]) -> Two | None:
    """The answers of a case in which one of the names is true, and of the same case with one answer turned in
    which it is not true; None if there is no such pair.

    `changing` are the nodes that read the answer. Only they are coded a second time, so that nothing has to
    be proved about the others. Raises `Undecided`.
    """
    first = world.coding
    one = first.answers[turn.question]
    other = opened(replace(one.question, name=f"turned {turn.question}"))
    kept = {name: rails for name, rails in first.rails.items() if name not in changing}
    ends = {name: each for name, each in first.ends.items() if name not in changing}
    second = Coding(
        within(first.network, names), first.questions, {**first.answers, turn.question: other}, kept, ends
    )
    lost = [z3.And(first.rails[each].true, z3.Not(second.rails[each].true)) for each in names]
    formulas = [*other.sound(), *_turned(turn, one, other), z3.Or(lost)]
    if world.check(formulas) is None:
        return None
    model = Taste(first.answers, world.check).smallest(formulas)
    return answers_in(model, first.answers), answers_in(model, second.answers)


def _turned(turn: Turn, one: Open, other: Open) -> Iterator[z3.BoolRef]:
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


def _equal_rails(one: Rails, other: Rails) -> Iterator[z3.BoolRef]:
    yield from (mine == theirs for mine, theirs in zip(one, other, strict=True))


def _kept(one: Open, other: Open) -> Iterator[z3.BoolRef]:
    """That the second case keeps the answers of the first."""
    if one.rails:
        for option, rails in one.rails.items():
            yield from (z3.Implies(side, kept) for side, kept in zip(rails, other.rails[option], strict=True))
    elif one.options:
        yield from (z3.Implies(chosen, other.options[option]) for option, chosen in one.options.items())
    else:
        yield z3.Implies(one.known, z3.And(other.known, one.value == other.value))
