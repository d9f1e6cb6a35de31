"""A rule graph as a value.

Nodes are answers, gates, rules and conclusions; an edge leads from a node to a node that reads it. The graph
of a case also has the truth of every node and edge. Nothing here depends on how a graph is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from engine.model.parts import Part

Kind = Literal["answer", "gate", "score", "finding", "rule", "condition", "level", "advice", "other"]
State = Literal["", "fired", "open", "blocked"]
"""Known to hold, not yet known, or known not to hold; empty if the graph is not of a case."""
CONCLUDED: Collection[Kind] = ("finding", "condition", "level", "advice", "other")


@dataclass(frozen=True, slots=True)
class Node:
    """One box: its title in the rule language, its text in plain words, and the part that decides whether it
    holds (None for a question).

    `more` is additional text for the reader.
    """

    id: str
    kind: Kind
    title: str
    text: str = ""
    more: str = ""
    part: Part | None = None
    question: str = ""
    state: State = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`start` supports `end`, or opposes it if `opposite`. `rules` are the rules that the edge skips."""

    start: str
    end: str
    opposite: bool = False
    rules: tuple[str, ...] = ()
    state: State = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges under a title; both ends of every edge are nodes of the graph."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def kept(graph: Graph, wanted: Collection[str]) -> Graph:
    """The graph restricted to these nodes."""
    edges = tuple(each for each in graph.edges if each.start in wanted and each.end in wanted)
    return replace(graph, nodes=tuple(each for each in graph.nodes if each.id in wanted), edges=edges)


def behind(graph: Graph, ends: Iterable[str]) -> set[str]:
    """These nodes and all their ancestors."""
    return _reached(ends, _neighbours((each.end, each.start) for each in graph.edges), lambda _: True)


def ahead(graph: Graph, starts: Collection[str]) -> set[str]:
    """These nodes and their descendants, up to the next conclusion."""
    concluded = {each.id for each in graph.nodes if each.kind in CONCLUDED} - set(starts)
    onward = _neighbours((each.start, each.end) for each in graph.edges)
    return _reached(starts, onward, lambda node: node not in concluded)


def _neighbours(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


def _reached(starts: Iterable[str], onward: dict[str, list[str]], goes_on: Callable[[str], bool]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        node = waiting.pop()
        new = [each for each in onward.get(node, ()) if each not in found] if goes_on(node) else []
        found.update(new)
        waiting += new
    return found
