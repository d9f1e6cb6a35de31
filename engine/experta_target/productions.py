"""The productions of a network: two for each rule and conclusion, one for each part fact and score.

In: a network of nodes in strata. Out: experta's rules, including what each does when it fires. The salience
of each node is unique and follows the strata.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from engine.experta_target.library import experta
from engine.experta_target.memory import Known, fact_of
from engine.meaning.holds import Interval, Truth, enough, keeps
from engine.meaning.network import Compare, Gate, Keeps, Literal, Network, Total
from engine.model.names import kind_of


class Concluding(Protocol):
    """What productions need from the engine that fires them."""

    @property
    def totals(self) -> Mapping[str, Interval]:
        """The scores so far."""

    def is_true(self, literal: Literal) -> Truth:
        """The truth of a literal so far."""

    def actual(self, literal: Literal) -> Literal:
        """The literal that is true for a node whose truth is known: negated if the node is false."""

    def conclude(self, name: str, value: bool, used: tuple[Literal, ...]) -> None:
        """Declare the truth of a node."""

    def sum_up(self, name: str, node: Total) -> None:
        """Declare a score: the lowest and highest sum that the answers so far allow, in ticks."""


def productions(net: Network) -> list[Any]:
    """The productions of all nodes, in the order of the strata."""
    patterns: dict[Literal, Known] = {}
    found: list[Any] = []
    for at, name in enumerate(name for stratum in net.strata for name in stratum):
        node = net.nodes[name]
        match node:
            case Compare(_, _, None):
                pass
            case Compare(_, _, str(asked)):
                lhs = _pattern(patterns, Literal(asked, False))
                found.append(_rule(lhs, -at, _not_asked(name, asked)))
            case Gate():
                found += _gate_productions(name, node, -at, patterns)
            case Total() | Keeps():
                found.append(_rule(experta.InitialFact(), -at, _scoring(name, node)))
    return found


def _gate_productions(name: str, gate: Gate, salience: int, patterns: dict[Literal, Known]) -> list[Any]:
    if kind_of(name) == "part" or not gate.literals:
        return [_rule(experta.InitialFact(), salience, _deciding(name, gate))]
    fired = [_pattern(patterns, each) for each in gate.literals]
    blocked = [_pattern(patterns, ~each) for each in gate.literals]
    together, apart = (experta.AND, experta.OR) if gate.is_all else (experta.OR, experta.AND)
    act = _deciding(name, gate)
    return [_rule(together(*fired), salience, act), _rule(apart(*blocked), salience, act)]


def _pattern(patterns: dict[Literal, Known], literal: Literal) -> Known:
    return patterns.setdefault(literal, fact_of(literal))


def _rule(lhs: Any, salience: int, act: Callable[[Concluding], None]) -> Any:
    def consequence(engine: Concluding) -> None:
        act(engine)

    return experta.Rule(lhs, salience=salience)(consequence)


def _deciding(name: str, gate: Gate) -> Callable[[Concluding], None]:
    def decide(engine: Concluding) -> None:
        values = [engine.is_true(each) for each in gate.literals]
        value = enough(gate.count, values)
        if value is not None:
            used = [each for each, known in zip(gate.literals, values, strict=True) if known is value]
            engine.conclude(name, value, tuple(engine.actual(each) for each in used))

    return decide


def _not_asked(name: str, asked: str) -> Callable[[Concluding], None]:
    return lambda engine: engine.conclude(name, False, (Literal(asked, False),))


def _scoring(name: str, node: Total | Keeps) -> Callable[[Concluding], None]:
    def score(engine: Concluding) -> None:
        if isinstance(node, Total):
            engine.sum_up(name, node)
            return
        kept = keeps(node.bound, engine.totals[node.total])
        if kept is not None:
            engine.conclude(name, kept, (Literal(node.total),))

    return score
