"""The rule graph of a case: what fired and what is still open, with the answers that were given.

In: a prepared knowledge base and the valuation of a case. Out: a graph whose nodes and edges carry their
truth. Unless names are given, blocked parts are left out, and so are open parts of something that has already
fired without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from engine.graph.detail import Detail
from engine.graph.model import CONCLUDED, Graph, Node, State, behind, kept
from engine.graph.part import graph_of
from engine.meaning.holds import Truth, holds
from engine.meaning.valuation import Prepared, Valuation
from engine.model.knowledge_base import SUPPORT, CountsAgainst, Finds, Rule, Suspects, Triages
from engine.model.names import name_of
from facts.cases.text import answer_text

STATES: dict[Truth, State] = {True: "fired", None: "open", False: "blocked"}
NOT: dict[State, State] = {"fired": "blocked", "blocked": "fired", "open": "open", "": ""}


def graph_of_case(
    prepared: Prepared, case: Valuation, title: str, about: Collection[str] | None = None
) -> Graph:
    """The graph of what fired, and of open rules that wait for only one more thing.

    Advice, and conditions that are only listed, are left out. With `about` (names as in `graph_of`), the
    graph of these names is complete, including blocked parts.
    """
    if about is not None:
        return with_truth(replace(graph_of(prepared, about), title=title), case)
    detail = Detail(prepared)
    for rule in prepared.kb.rules.values():
        if case.value(name_of("rule", rule.id)) is not False and _is_shown(rule):
            detail.add_rule(rule)
    whole = with_truth(detail.graph(title), case)
    left_out = {node.id for node in whole.nodes if node.kind == "advice"} | set(_outdone(prepared, case))
    ends = {node.id for node in whole.nodes if node.kind in CONCLUDED} - left_out
    return _near(alive(whole, ends))


def _outdone(prepared: Prepared, case: Valuation) -> Iterator[str]:
    """The supports of each condition that are weaker than its established support."""
    for condition in prepared.kb.conditions:
        named = [name_of("condition", condition, grade) for grade in SUPPORT]
        reached = [at for at, name in enumerate(named) if case.value(name)]
        yield from named[: reached[-1]] if reached else ()


def with_truth(graph: Graph, case: Valuation) -> Graph:
    """The graph with the truth of each node and edge in a case, and with the answers that were given."""
    nodes = tuple(_marked(node, case) for node in graph.nodes)
    states = {node.id: node.state for node in nodes}
    edges = tuple(
        replace(edge, state=NOT[states[edge.start]] if edge.opposite else states[edge.start])
        for edge in graph.edges
    )
    return Graph(graph.title, nodes, edges)


def alive(graph: Graph, ends: Collection[str]) -> Graph:
    """The given ends that fired or are open, and everything that supports them."""
    states = {node.id: node.state for node in graph.nodes}
    # An edge that is blocked does not support its end, and never will.
    edges = tuple(edge for edge in graph.edges if edge.state in ("fired", "open"))
    thinned = replace(graph, edges=edges)
    linked = {end for edge in edges for end in (edge.start, edge.end)}
    shown = {end for end in ends if states.get(end) in ("fired", "open") and end in linked}
    return kept(thinned, behind(thinned, shown))


def _is_shown(rule: Rule) -> bool:
    """Whether a rule concludes more than advice and conditions that are only listed."""
    concluded = (
        each for each in rule.then if not (isinstance(each, Suspects) and each.support == SUPPORT[0])
    )
    return any(isinstance(each, Finds | Suspects | CountsAgainst | Triages) for each in concluded)


def _marked(node: Node, case: Valuation) -> Node:
    given = case.answers.get(node.question)
    question = case.prepared.kb.questions.get(node.question)
    if node.part is not None:
        state = STATES[holds(node.part, case)]
    else:
        state = "fired" if case.is_answered(node.question) else "open"
    if given is None or question is None:
        return replace(node, state=state)
    return replace(node, state=state, text=f"{node.text} → {answer_text(question, given)}")


def _near(graph: Graph) -> Graph:
    """The graph without open rules that wait for more than one thing, and without nodes that only these lead
    to.
    """
    inputs: dict[str, list[State]] = {}
    for edge in graph.edges:
        inputs.setdefault(edge.end, []).append(edge.state)
    rules = [node for node in graph.nodes if node.kind == "rule"]
    far = {each.id for each in rules if each.state == "open" and not _waits_for_one(inputs.get(each.id, []))}
    thinned = replace(graph, edges=tuple(each for each in graph.edges if each.start not in far))
    near = {each.id for each in rules} - far
    return kept(thinned, behind(thinned, {each.end for each in thinned.edges if each.start in near}))


def _waits_for_one(read: list[State]) -> bool:
    """Whether all inputs but one hold, and at least two do: the main complaint alone supports many rules."""
    return read.count("open") == 1 and read.count("fired") > 1
