"""Two versions of a knowledge base at once, over one person's answers.

In: both versions, and claims about either. Out: a smallest case in which the claims are true, or None if
there is none. Whatever means the same in both versions becomes the same formula, which z3 keeps once: two
definitions with the same formula are equal for every case, and need no query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import z3

from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Part
from engine.solver.answers import Open, opened
from engine.solver.coding import Ends
from engine.solver.views import viewed
from engine.solver.witness import Taste
from engine.solver.world import Answers, Claim, World
from facts.other_names.versions import Joined


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which two versions can differ: what is true before, and what is true after. `alike` has parts
    of both versions that are true in both or in neither.
    """

    before: tuple[Claim, ...] = ()
    after: tuple[Claim, ...] = ()
    alike: tuple[tuple[Part, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A claim that the lowest or the highest sum of a score is higher (`up`) or lower than before."""

    before: str
    after: str
    up: bool


@dataclass(eq=False)
class Versions:
    """All possible cases of two versions. `joined` says which answers they share."""

    old: KnowledgeBase
    new: KnowledgeBase
    joined: Joined
    until: float = float("inf")
    answers: dict[str, Open] = field(init=False)
    before: World = field(init=False)
    after: World = field(init=False)

    def __post_init__(self) -> None:
        self.answers = {name: opened(each) for name, each in self.joined.questions.items()}
        old = viewed(self.joined.before, self.old.questions, self.answers)
        new = viewed(self.joined.after, self.new.questions, self.answers)
        self.before = World(self.old, "before ", self.until, shared=old)
        self.after = World(self.new, "after ", self.until, self.before.solver, new)
        self.before.solver.add([formula for each in self.answers.values() for formula in each.sound()])

    @property
    def queries(self) -> int:
        """The number of queries so far."""
        return self.before.queries

    def is_same(self, one: Part, other: Part) -> bool:
        """Whether two parts, of the versions before and after, are one formula."""
        return all(map(z3.eq, self.before.rails(one), self.after.rails(other)))

    def is_fixed(self, part: Part) -> bool:
        """Whether a part of the version before does not depend on any answer, as far as its formula shows."""
        true, false = map(z3.simplify, self.before.rails(part))
        return bool(z3.is_true(true) or z3.is_true(false))

    def mean_the_same(self, one: Part, other: Part) -> bool:
        """Whether two parts, of the versions before and after, have the same truth in every case.

        Raises `Undecided`.
        """
        if self.is_same(one, other):
            return True
        rails = zip(self.before.rails(one), self.after.rails(other), strict=True)
        return self.before.check([z3.Or([z3.Xor(*sides) for sides in rails])]) is None

    def are_same_scores(self, one: str, other: str) -> bool:
        """Whether two scores, of the versions before and after, are one formula."""
        return all(map(z3.eq, self._ends(self.before, one), self._ends(self.after, other)))

    def find(self, ways: Sequence[Way | Moved], clashing: bool = False) -> Answers | None:
        """The joint answers of a smallest case in which the versions differ in one of these ways; None if
        there is none. Cases with contradictory answers count if `clashing`. Raises `Undecided`.
        """
        formulas, honest = self._formulas(ways, clashing), [*self.before.honest, *self.after.honest]
        return Taste(self.answers, self.before.check).case(formulas, honest)

    def is_possible(self, ways: Sequence[Way | Moved], clashing: bool, most: int) -> bool:
        """Whether the versions differ in one of these ways in a case with at most `most` answers.

        Raises `Undecided`.
        """
        known = [each.known for each in self.answers.values()]
        bounded = [*self._formulas(ways, clashing), z3.AtMost(*known, most)]
        return self.before.check(bounded) is not None

    def _formulas(self, ways: Sequence[Way | Moved], clashing: bool) -> list[z3.BoolRef]:
        free = [] if clashing else [self.before.clash_free, self.after.clash_free]
        return [z3.Or([self._formula(way) for way in ways]), *free]

    def _formula(self, way: Way | Moved) -> z3.BoolRef:
        if isinstance(way, Moved):
            ends = zip(self._ends(self.before, way.before), self._ends(self.after, way.after), strict=True)
            return z3.Or([now > was if way.up else now < was for was, now in ends])
        return z3.And(
            [
                *_formulas(self.before, way.before),
                *_formulas(self.after, way.after),
                *(self.before.rails(one).true == self.after.rails(other).true for one, other in way.alike),
            ]
        )

    def _ends(self, world: World, score: str) -> Ends:
        return world.coding.ends[name_of("score", score)]


def _formulas(world: World, claims: Iterable[Claim]) -> Iterator[z3.BoolRef]:
    return map(world.formula, claims)
