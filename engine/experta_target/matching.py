"""Matching: which productions match when facts are declared, and which fires next.

In: new facts. Out: activations, and their order on the agenda. No pattern here has a variable, so counters of
missing facts (`Unmet`) replace experta's network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.experta_target.library import Activation, DepthStrategy, Matcher, experta
from engine.experta_target.memory import Identity, identity

F = TypeVar("F", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wants(Generic[F]):
    """What a production waits for: all of these facts, or any one of them."""

    facts: tuple[F, ...]
    every: bool = True


class Unmet(Generic[F]):
    """Counts the facts that each production still lacks. Productions are numbered from 0."""

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
        """Start again without facts."""
        self.lacking = list(self.wanted)

    def meet(self, fact: F) -> Iterator[int]:
        """The productions that this fact completes. A fact may be met only once."""
        for number in self.waiting.get(fact, ()):
            self.lacking[number] -= 1
            if not self.lacking[number]:
                yield number


class Refraction(DepthStrategy):
    """experta's depth strategy, with each rule on the agenda at most once, however many branches match."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: set[int] = set()

    def get_key(self, activation: Any) -> Any:
        """The salience alone, since it is unique."""
        return activation.rule.salience

    def _update_agenda(self, agenda: Any, added: list[Any], removed: list[Any]) -> None:
        once = {act.rule.salience: act for act in added if act.rule.salience not in self.taken}
        self.taken.update(once)
        super()._update_agenda(agenda, list(once.values()), removed)


class GroundMatcher(Matcher):
    """A matcher for productions without variables, in place of experta's network.

    Every pattern is one fact, so a production matches when the last fact that it lacks is declared. The
    activations are the same as from experta's own matcher, without repeated ones for further branches of an
    `OR`.
    """

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self.rules = engine.get_rules()
        self.wants = [_wants(rule) for rule in self.rules]
        self.unmet = Unmet(self.wants)
        self.declared: dict[Identity, Any] = {}

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        """The activations that new facts bring; facts are never retracted."""
        assert not deleting
        activations = []
        for fact in adding or ():
            known = identity(fact)
            self.declared[known] = fact
            activations += [self._activation(number, fact) for number in self.unmet.meet(known)]
        return activations, []

    def _activation(self, number: int, last: Any) -> Any:
        wants = self.wants[number]
        used = [self.declared[each] for each in wants.facts] if wants.every else [last]
        return Activation(self.rules[number], used)

    def reset(self) -> None:
        """Forget all facts."""
        self.unmet.reset()
        self.declared = {}


def _wants(rule: Any) -> Wants[Identity]:
    (lhs,) = rule
    if isinstance(lhs, experta.AND | experta.OR):
        return Wants(tuple(identity(fact) for fact in lhs), isinstance(lhs, experta.AND))
    return Wants((identity(lhs),))
