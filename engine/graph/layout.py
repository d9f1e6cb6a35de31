"""The position of each box of a graph: columns from left to right, with few crossings.

In: a graph and the height of each node. Out: the position of each node, and the points through which each
edge passes. Columns follow dependencies, ignoring edges that lead back; igraph orders each column (K.
Sugiyama and others, Methods for visual understanding of hierarchical system structures, 1981); distances are
computed here, because boxes differ in size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise

from engine.graph.model import Edge, Graph

BETWEEN = 14.0
"""Minimum distance between two boxes of a column."""
BEND = 6.0
"""Height reserved for an edge that passes through a column."""
SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """The column and vertical middle of each node; for each edge, the columns and heights it passes."""

    column: Mapping[str, int]
    middle: Mapping[str, float]
    bends: Mapping[Edge, Sequence[tuple[int, float]]]
    height: float


def is_installed() -> bool:
    """Whether the layout library (igraph) is installed."""
    return find_spec("igraph") is not None


def laid_out(graph: Graph, heights: Mapping[str, float]) -> Layout:
    """The positions of all nodes, without overlaps."""
    column = _columns(graph)
    names = [node.id for node in graph.nodes]
    at = [column[name] for name in names]
    sizes = [heights[name] for name in names]
    number = {name: index for index, name in enumerate(names)}
    links: list[tuple[int, int]] = []
    passed: dict[Edge, list[int]] = {}
    for edge in graph.edges:
        left, right = sorted((edge.start, edge.end), key=column.__getitem__)
        chain = list(range(len(at), len(at) + column[right] - column[left] - 1))
        at += range(column[left] + 1, column[right])
        sizes += [BEND] * len(chain)
        links += pairwise([number[left], *chain, number[right]])
        passed[edge] = chain if left == edge.start else chain[::-1]
    middles = _heights(_order(at, links), sizes, links)
    top = min((middle - size / 2 for middle, size in zip(middles, sizes, strict=True)), default=0.0)
    middles = [middle - top for middle in middles]
    bends = {edge: [(at[each], middles[each]) for each in chain] for edge, chain in passed.items()}
    height = max((middle + size / 2 for middle, size in zip(middles, sizes, strict=True)), default=0.0)
    return Layout(column, dict(zip(names, middles, strict=False)), bends, height)


def _columns(graph: Graph) -> dict[str, int]:
    """The length of the longest path to each node, ignoring edges that lead back; levels with no successors
    share the last column.
    """
    inputs: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        inputs[edge.end].append(edge.start)
    order = {name: at for at, name in enumerate(_inputs_first(inputs))}
    for edge in graph.edges:
        if order[edge.start] > order[edge.end]:
            inputs[edge.end].remove(edge.start)
            inputs[edge.start].append(edge.end)
    column: dict[str, int] = {}
    for name in sorted(inputs, key=lambda name: order[name]):
        column[name] = 1 + max((column[each] for each in inputs[name]), default=-1)
    last, starts = max(column.values(), default=0), {edge.start for edge in graph.edges}
    ends = {node.id for node in graph.nodes if node.kind == "level" and node.id not in starts}
    return {name: last if name in ends else at for name, at in column.items()}


def _inputs_first(inputs: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The nodes, each after its inputs unless these depend on it in turn; depth first."""
    seen: set[str] = set()
    for node in inputs:
        waiting = [(each, iter(inputs[each])) for each in [node] if each not in seen]
        seen.add(node)
        while waiting:
            name, unread = waiting[-1]
            new = next((each for each in unread if each not in seen), None)
            if new is None:
                yield name
                waiting.pop()
            else:
                seen.add(new)
                waiting.append((new, iter(inputs[new])))


def _order(at: list[int], links: list[tuple[int, int]]) -> list[list[int]]:
    """The nodes of each column from top to bottom."""
    import igraph

    drawn = igraph.Graph(n=len(at), edges=links, directed=True).layout_sugiyama(layers=at)
    columns: list[list[int]] = [[] for _ in range(1 + max(at, default=-1))]
    for node in sorted(range(len(at)), key=lambda node: (drawn[node][0], node)):
        columns[at[node]].append(node)
    return columns


def _heights(columns: list[list[int]], sizes: list[float], links: list[tuple[int, int]]) -> list[float]:
    """The middle of each node: as close to its neighbours as order and sizes allow."""
    middles = [0.0] * len(sizes)
    beside: tuple[list[list[int]], list[list[int]]] = ([[] for _ in sizes], [[] for _ in sizes])
    for start, end in links:
        beside[0][end].append(start)
        beside[1][start].append(end)
    for column in columns:
        _spread(column, [0.0] * len(column), sizes, middles)
    for sweep in range(SWEEPS):
        near = beside[sweep % 2]
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wished = [_mean([middles[each] for each in near[node]], middles[node]) for node in column]
            _spread(column, wished, sizes, middles)
    return middles


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(column: list[int], wished: list[float], sizes: list[float], middles: list[float]) -> None:
    """Place a column as close to the wished positions as possible, by least squares: pool adjacent violators.

    Source: R. E. Barlow and others, Statistical Inference under Order Restrictions, 1972.
    """
    offset, offsets = 0.0, []
    for index, node in enumerate(column):
        if index:
            above = sizes[column[index - 1]]
            between = BETWEEN if max(above, sizes[node]) > BEND else BEND
            offset += (above + sizes[node]) / 2 + between
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for wish, before in zip(wished, offsets, strict=True):
        total, count = wish - before, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            total, count = total + pools[-1][0], count + pools[-1][1]
            pools.pop()
        pools.append((total, count))
    settled = [total / count for total, count in pools for _ in range(count)]
    for node, start, before in zip(column, settled, offsets, strict=True):
        middles[node] = start + before
