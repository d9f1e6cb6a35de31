"""Common subexpressions of gates, evaluated once, as Rete shares its nodes.

In: a network. Out: a network with the same nodes, of the same truth, and some more. `all` gates that begin
with the same literals read one node for this beginning, and so do `any` gates (Forgy, Rete, Artificial
Intelligence 19, 1982). Literals that occur in many gates come first, so that many gates begin alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from engine.meaning.network import Gate, Literal, Network, Node, inputs, layered
from engine.model.names import name_of

WORTH = 8
"""Minimum number of operations that a shared node must save, about the cost of one more column."""


@dataclass(slots=True)
class Beginning:
    """A node of a prefix tree of literals: the number of gates that pass it, its children by their next
    literal, and the gates that end here.
    """

    gates: int = 0
    following: dict[Literal, Beginning] = field(default_factory=dict)
    ending: list[str] = field(default_factory=list)


def shared(net: Network) -> Network:
    """The network in which gates share their beginnings."""
    gates = {
        name: node for name, node in net.nodes.items() if isinstance(node, Gate) and len(node.literals) > 1
    }
    nodes: dict[str, Node] = dict(net.nodes)
    for kind, chosen in (
        ("all", {name: gate for name, gate in gates.items() if gate.is_all}),
        ("any", {name: gate for name, gate in gates.items() if gate.is_any}),
    ):
        nodes |= _rewritten(_beginnings(chosen), kind)
    return Network(nodes, _strata(nodes))


def _beginnings(gates: Mapping[str, Gate]) -> Beginning:
    """The prefix tree of the gates."""
    used = Counter(literal for gate in gates.values() for literal in gate.literals)
    first = {literal: at for at, literal in enumerate(used)}
    root = Beginning()
    for name, gate in gates.items():
        at = root
        for literal in sorted(set(gate.literals), key=lambda each: (-used[each], first[each])):
            at = at.following.setdefault(literal, Beginning())
            at.gates += 1
        at.ending.append(name)
    return root


def _rewritten(root: Beginning, kind: str) -> dict[str, Gate]:
    """The gates of a prefix tree, and the nodes that they share."""
    nodes: dict[str, Gate] = {}
    waiting: list[tuple[Beginning, tuple[Literal, ...]]] = [(root, ())]
    while waiting:
        at, literals = waiting.pop()
        name = at.ending[0] if at.ending else name_of("shared", kind, str(len(nodes) + 1))
        is_worth = (at.gates - 1) * (len(literals) - 1) >= WORTH
        if at.ending or (is_worth and len(at.following) > 1):
            nodes[name] = _gate(literals, kind)
            literals = (Literal(name),) if is_worth or at.ending else literals
        nodes |= {equal: _gate(literals, kind) for equal in at.ending[1:]}
        waiting += ((after, (*literals, literal)) for literal, after in at.following.items())
    return nodes


def _gate(literals: tuple[Literal, ...], kind: str) -> Gate:
    return Gate(len(literals) if kind == "all" else 1, literals)


def _strata(nodes: Mapping[str, Node]) -> tuple[tuple[str, ...], ...]:
    """The names by stratum, each stratum in the order of `nodes`."""
    order = TopologicalSorter({name: inputs(node) for name, node in nodes.items()}).static_order()
    stratum: dict[str, int] = {}
    for name in order:
        stratum[name] = 1 + max((stratum[each] for each in inputs(nodes[name])), default=-1)
    return layered({name: stratum[name] for name in nodes})
