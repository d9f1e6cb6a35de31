"""Which questions are open, in columns: liveness passes from open rules down the strata.

A node is live if it is unknown and an open rule or a live node reads it. Its rank is that of the highest
level it is live for, 0 for none. In: the truth columns. Out: Boolean columns without nulls, `live:NAME>=RANK`
and `open:QUESTION>=RANK`, one for each rank that a node or question can have, or for one requested rank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from engine.columns.kleene import enough
from engine.meaning.network import Compare, Network, Total, inputs
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import Triages
from engine.model.names import name_of
from engine.model.scores import Points

Ranks = tuple[int, ...]
"""Ranks in ascending order; empty if nothing that can be live reads the node."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A node that reads another. If a line of a score reads it, `at` is the number of that line, from 1."""

    name: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """The columns to add, stratum by stratum, and the ranks that each question can have.

    With `only`, the columns just say what is open for that rank or higher.
    """

    strata: tuple[tuple[pl.Expr, ...], ...]
    ranks: Mapping[str, Ranks]
    only: int | None = None

    def is_open(self, question: str, least: int) -> pl.Expr | None:
        """Whether a question is open for rank `least` or higher; None if it never can be."""
        assert self.only in (None, least), "the columns are those of another rank"
        rank = next((each for each in self.ranks[question] if each >= least), None)
        return None if rank is None else pl.col(f"open:{question}>={rank}")


def asking(
    net: Network, prepared: Prepared, rules: Container[str] | None = None, only: int | None = None
) -> Asking:
    """The columns of liveness, over the truth columns of a network.

    With `rules` (names such as `rule:ID`), only liveness for these rules. With `only`, only liveness for this
    rank or higher: one column per node instead of one per rank.
    """
    nodes, questions = _readers(net)
    own = {name: rank for name, rank in _own_ranks(prepared).items() if rules is None or name in rules}
    ranks: dict[str, Ranks] = {}
    strata = [_below(prepared)]
    for names in reversed(net.strata):
        for name in names:
            ranks[name] = _ranks(nodes[name], ranks, _by_itself(own.get(name), only))
        strata.append([each for name in names for each in _live(name, net, nodes[name], ranks, own)])
    asked = {name: _ranks(questions[name], ranks) for name in prepared.kb.questions}
    strata.append([each for name in asked for each in _open(name, questions[name], asked[name], ranks)])
    return Asking(tuple(tuple(each) for each in strata if each), asked, only)


def _readers(net: Network) -> tuple[Mapping[str, list[Reader]], Mapping[str, list[Reader]]]:
    """The readers of each node, and the readers of each question."""
    nodes: dict[str, list[Reader]] = defaultdict(list)
    questions: dict[str, list[Reader]] = defaultdict(list)
    for name, node in net.nodes.items():
        if isinstance(node, Compare):
            questions[node.question].append(Reader(name))
        if not isinstance(node, Total):
            for read in inputs(node):
                nodes[read].append(Reader(name))
            continue
        for at, (line, literal, asked) in enumerate(
            zip(node.score.lines, node.lines, node.asked, strict=True), 1
        ):
            reader = Reader(name, at)
            if not isinstance(line, Points):
                questions[line.question].append(reader)
            for name_read in (literal.node if literal else None, asked):
                if name_read is not None:
                    nodes[name_read].append(reader)
    return nodes, questions


def _own_ranks(prepared: Prepared) -> dict[str, int]:
    """The rank of each rule: the position of the highest level that it concludes, from 1, or 0."""
    levels = list(prepared.kb.levels)
    reached = {
        id: [levels.index(each.level) + 1 for each in rule.then if isinstance(each, Triages)]
        for id, rule in prepared.kb.rules.items()
    }
    return {name_of("rule", id): max(ranks, default=0) for id, ranks in reached.items()}


def _by_itself(own: int | None, only: int | None) -> Ranks:
    """The ranks that a node has apart from its readers."""
    if own is None:
        return ()
    if only is None:
        return (0, own)
    return (only,) if own >= only else ()


def _ranks(readers: Iterable[Reader], known: Mapping[str, Ranks], by_itself: Ranks = ()) -> Ranks:
    return tuple(sorted({*by_itself}.union(*(known[each.name] for each in readers))))


def _below(prepared: Prepared) -> list[pl.Expr]:
    """For each rank, whether the established level is below it."""
    truths = enumerate((pl.col(name_of("triage", level)) for level in prepared.kb.levels), 1)
    return [(~truth.fill_null(False)).alias(f"below:{rank}") for rank, truth in truths]


def _live(
    name: str, net: Network, readers: list[Reader], ranks: Mapping[str, Ranks], own: Mapping[str, int]
) -> Iterator[pl.Expr]:
    unknown = pl.col(name).is_null()
    if isinstance(net.nodes[name], Total):
        unknown = pl.col(f"{name}:low") != pl.col(f"{name}:high")
    for rank in ranks[name]:
        reached = list(_reached(readers, ranks, rank))
        if rank <= own.get(name, -1):
            reached.append(pl.col(f"below:{own[name]}") if rank else pl.lit(True))
        yield (unknown & enough(1, reached)).alias(f"live:{name}>={rank}")


def _open(question: str, readers: list[Reader], own: Ranks, ranks: Mapping[str, Ranks]) -> Iterator[pl.Expr]:
    for rank in own:
        yield enough(1, list(_reached(readers, ranks, rank))).alias(f"open:{question}>={rank}")


def _reached(readers: list[Reader], ranks: Mapping[str, Ranks], rank: int) -> Iterator[pl.Expr]:
    """For each reader that can be live for this rank or higher, whether it is."""
    for reader in readers:
        higher = next((each for each in ranks[reader.name] if each >= rank), None)
        if higher is not None:
            live = pl.col(f"live:{reader.name}>={higher}")
            yield live if reader.at is None else live & _line_is_open(reader)


def _line_is_open(reader: Reader) -> pl.Expr:
    return pl.col(f"{reader.name}/{reader.at}:low") != pl.col(f"{reader.name}/{reader.at}:high")
