"""What follows from the form of the rules alone: which truths only grow, however many rules there are.

In: a network. Out: which names stay true once they are, and which can only rise when one answer is turned.
Gates are monotone, so what is true of all inputs of a gate is true of the gate; only comparisons need a look.
If the form does not decide, the solver must.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, assert_never

from engine.meaning.network import Compare, Gate, Keeps, Network, Node, Total
from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from engine.model.scores import Points
from engine.solver.turned import Turn

Effect = Literal["same", "up", "down", "unclear"]
"""What happens to a truth in the order false, open, true: it stays, only rises, only falls, or either."""
TURNED: dict[Effect, Effect] = {"same": "same", "up": "down", "down": "up", "unclear": "unclear"}


class Stays(NamedTuple):
    """Whether a true name stays true with further answers, and a false one false."""

    true: bool
    false: bool


def staying(net: Network) -> dict[str, Stays]:
    """For each node, which truths further answers cannot take back.

    If a question that does not apply is answered after all, its comparisons need not be false any longer.
    """
    found: dict[str, Stays] = {}
    for node_name in (name for stratum in net.strata for name in stratum):
        node = net.nodes[node_name]
        match node:
            case Compare(_, _, asked):
                found[node_name] = Stays(True, asked is None)
            case Gate(_, literals):
                inner = [
                    found[each.node] if each.positive else Stays(*reversed(found[each.node]))
                    for each in literals
                ]
                found[node_name] = Stays(all(each.true for each in inner), all(each.false for each in inner))
            case Total(_, lines, asked_by):
                whole = not any(asked_by) and all(all(found[each.node]) for each in lines if each is not None)
                found[node_name] = Stays(whole, whole)
            case Keeps(total, _):
                found[node_name] = found[total]
            case _:
                assert_never(node)
    return found


def effects(net: Network, turn: Turn) -> dict[str, Effect]:
    """For each node, what turning one answer to "yes" does to its truth."""
    found: dict[str, Effect] = dict.fromkeys(net.nodes, "same")
    for node_name in net.reading(turn.question):
        found[node_name] = _effect(net.nodes[node_name], turn, found)
    return found


def _effect(node: Node, turn: Turn, found: dict[str, Effect]) -> Effect:
    match node:
        case Compare(question, test, asked):
            own = _on(test, turn) if question == turn.question else "same"
            return _together([own, "same" if asked is None else found[asked]])
        case Gate(_, literals):
            return _together(
                found[each.node] if each.positive else TURNED[found[each.node]] for each in literals
            )
        case Total(score, lines, asked_by):
            read = [found[each.node] for each in lines if each is not None]
            read += [found[each] for each in asked_by if each is not None]
            asks = any(
                not isinstance(line, Points) and line.question == turn.question for line in score.lines
            )
            return "unclear" if asks or set(read) - {"same"} else "same"
        case Keeps(total, _):
            return found[total]
        case _:
            assert_never(node)


def _on(test: Test, turn: Turn) -> Effect:
    """What turning an answer does to a comparison with it."""
    match test:
        case Is(value):
            return "up" if value else "down"
        case OneOf(options) if turn.option in options:
            return "up"
        case NoneOf():
            return "down"
        case ChosenBound(bound, options) if turn.option in options:
            return "up" if bound.how.is_lower else "down"
        case OneOf() | ChosenBound():
            return "unclear" if turn.is_choice else "same"
        case Bound():
            return "same"
        case _:
            assert_never(test)


def _together(effects_: Iterable[Effect]) -> Effect:
    moved = {each for each in effects_ if each != "same"}
    return "same" if not moved else moved.pop() if len(moved) == 1 else "unclear"
