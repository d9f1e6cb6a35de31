"""Two cases of one person, the second with further answers.

In: a knowledge base, and names. Out: the answers of both, where a name is true in the first case and not in
the second; None if there are no such cases. Raises `Undecided` if time runs out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import z3

from engine.model.knowledge_base import KnowledgeBase
from engine.solver.answers import Open
from engine.solver.witness import Taste, answers_in
from engine.solver.world import Answers, Claim, World, true

Two = tuple[Answers, Answers]


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
        in which it is not true; None if no pair does. Raises `Undecided`.
        """
        lost = [z3.And(self.before.formula(true(each)), self.after.formula(~true(each))) for each in names]
        formulas = [*(self.before.formula(each) for each in before), z3.Or(lost)]
        if self.before.check(formulas) is None:
            return None
        model = Taste(self.after.coding.answers, self.before.check).smallest(formulas)
        first, second = (answers_in(model, world.coding.answers) for world in (self.before, self.after))
        return first, second


def _kept(one: Open, other: Open) -> Iterator[z3.BoolRef]:
    """That the second case keeps the answers of the first."""
    if one.rails:
        for option, rails in one.rails.items():
            yield from (z3.Implies(side, kept) for side, kept in zip(rails, other.rails[option], strict=True))
    elif one.options:
        yield from (z3.Implies(chosen, other.options[option]) for option, chosen in one.options.items())
    else:
        yield z3.Implies(one.known, z3.And(other.known, one.value == other.value))
