"""Which productions are complete, by counting the facts that each still lacks.

In: for each production the facts it waits for, and whether it needs all of them or one. Out, fact by fact:
the productions that have just become complete, each once. Nothing is ever taken back. A case costs as much
as its facts and what waits for them, however many productions there are. Source: W. F. Dowling and
J. H. Gallier, Linear-time algorithms for testing the satisfiability of propositional Horn formulae, 1984.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

F = TypeVar("F", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wants(Generic[F]):
    """What a production waits for: all of these facts, or any one of them."""

    facts: tuple[F, ...]
    every: bool = True


class Unmet(Generic[F]):
    """Counts down what each production still lacks. Productions are known by their number, from 0."""

    def __init__(self, productions: Iterable[Wants[F]]) -> None:
        self.wanted: list[int] = []
        self.waiting: dict[F, list[int]] = defaultdict(list)
        for number, wants in enumerate(productions):
            facts = dict.fromkeys(wants.facts)
            self.wanted.append(len(facts) if wants.every else 1)
            for fact in facts:
                self.waiting[fact].append(number)
        self.lacking = list(self.wanted)

    def reset(self) -> None:
        """Begin with no fact at all."""
        self.lacking = list(self.wanted)

    def meet(self, fact: F) -> Iterator[int]:
        """The productions that this fact makes complete; a fact is met once."""
        for number in self.waiting.get(fact, ()):
            self.lacking[number] -= 1
            if not self.lacking[number]:
                yield number
