"""GoRules ZEN: one expression a node in an expression node, in the order of the strata.

ZEN's `and` and `or` know no unknown, so truth is a number: 0 false, 1 unknown, 2 true. `all` is then the
least of several, `any` the greatest, `not` 2 minus it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import zen

from engine.meaning.holds import Truth
from engine.meaning.network import Compare, Gate, Literal

from .rows import Truths, by_tests, concluded, given
from .work import Engine, Work, is_given, only_gates

CODES = {False: 0, None: 1, True: 2}
TRUTHS: dict[int, Truth] = {0: False, 1: None, 2: True}


def engine(work: Work) -> Engine:
    """One decision, evaluated case by case."""
    only_gates(work, counting=True)
    decision = zen.ZenEngine().create_decision(json.dumps(decision_of(work)))
    tests = [f"{work.names[name]}t" for name in given(work)]
    nodes = [work.names[name] for name in concluded(work)]

    def own(rows: list[Truths]) -> list[dict[str, int]]:
        return [{test: CODES[truth] for test, truth in zip(tests, row, strict=True)} for row in rows]

    def evaluate(cases: list[dict[str, int]]) -> None:
        for case in cases:
            decision.evaluate(case)

    def results(cases: list[dict[str, int]]) -> Iterator[Truths]:
        for case in cases:
            found = decision.evaluate(case)["result"]
            yield [TRUTHS[int(found[node])] for node in nodes]

    return by_tests(work, own, evaluate, results)


def decision_of(work: Work) -> dict[str, Any]:
    """The decision as ZEN reads it."""
    named = {work.names[name]: expression(name, work) for stratum in work.net.strata for name in stratum}
    expressions = [{"id": name, "key": name, "value": value} for name, value in named.items() if value]
    place = {"position": {"x": 0, "y": 0}}
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", **place},
            {
                "id": "r",
                "name": "r",
                "type": "expressionNode",
                "content": {"expressions": expressions},
                **place,
            },
            {"id": "out", "name": "out", "type": "outputNode", **place},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "r", "type": "edge"},
            {"id": "2", "sourceId": "r", "targetId": "out", "type": "edge"},
        ],
    }


def expression(name: str, work: Work) -> str:
    """A node; empty for a test that is used as it is given."""
    node = work.net.nodes[name]
    if isinstance(node, Compare):
        test = f"{work.names[name]}t"
        applies = f"$.{work.names[node.asked]}" if node.asked else ""
        return f"{test} != 1 ? {test} : {applies} == 0 ? 0 : 1" if applies else ""
    assert isinstance(node, Gate)
    return _gate(node, [_literal(each, work) for each in node.literals])


def _gate(node: Gate, values: list[str]) -> str:
    if not values:
        return "2" if node.count == 0 else "0"
    if len(values) == 1:
        return values[0]
    if node.is_all or node.is_any:
        return f"{'min' if node.is_all else 'max'}([{', '.join(values)}])"
    true, possible = (" + ".join(f"({value} >= {least} ? 1 : 0)" for value in values) for least in (2, 1))
    return f"{true} >= {node.count} ? 2 : {possible} >= {node.count} ? 1 : 0"


def _literal(literal: Literal, work: Work) -> str:
    name = work.names[literal.node]
    value = f"{name}t" if is_given(literal.node, work.net) else f"$.{name}"
    return value if literal.positive else f"(2 - {value})"
