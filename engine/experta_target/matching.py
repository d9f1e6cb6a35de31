"""What experta does when facts change: which productions match, and which of them is next.

In: new facts. Out: activations, and their order on the agenda. No pattern here has a variable, so a counter
of what each production still lacks (`engine.experta_target.unmet`) takes the place of experta's network.
"""

from __future__ import annotations

from typing import Any

from engine.experta_target.library import Activation, DepthStrategy, Matcher, experta
from engine.experta_target.memory import Identity, identity
from engine.experta_target.unmet import Unmet, Wants


class Refraction(DepthStrategy):
    """experta's depth strategy, with each rule on the agenda once, whatever its branches."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: set[int] = set()

    def get_key(self, activation: Any) -> Any:
        """Salience alone orders the agenda: it is unique."""
        return activation.rule.salience

    def _update_agenda(self, agenda: Any, added: list[Any], removed: list[Any]) -> None:
        once = {act.rule.salience: act for act in added if act.rule.salience not in self.taken}
        self.taken.update(once)
        super()._update_agenda(agenda, list(once.values()), removed)


class GroundMatcher(Matcher):
    """A matcher for productions without variables, in place of experta's network.

    Every pattern here is one fact, so a production matches when the last fact that it lacks is declared. The
    activations are those of experta's own matcher, without the further branches of an `OR`.
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
    """What a production waits for: a fact, all of several, or any of several."""
    (lhs,) = rule
    if isinstance(lhs, experta.AND | experta.OR):
        return Wants(tuple(identity(fact) for fact in lhs), isinstance(lhs, experta.AND))
    return Wants((identity(lhs),))
