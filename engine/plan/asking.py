"""Which questions are open, as columns: liveness flows from open rules down the strata.

A node is live when it is unknown and an open rule, or a live node, reads it; its rank is the highest
level that it is live for. In: the truth columns. Out: for each question its rank, null where not open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from engine.model import Triages
from engine.network import Compare, Network, Total, inputs
from engine.plan.gather import listed
from engine.scores import Points
from engine.valuation import Prepared

RANK = pl.Int16
NOT_LIVE = pl.lit(None, dtype=RANK)


def live_strata(net: Network, prepared: Prepared) -> Iterator[list[pl.Expr]]:
    """For each stratum, highest first, the columns `live:NODE`; reads the column `level:established`."""
    readers = _readers(net)
    for names in reversed(net.strata):
        yield [_live(name, net, prepared, readers[name]).alias(f"live:{name}") for name in names]


def _readers(net: Network) -> Mapping[str, list[pl.Expr]]:
    """For each node the liveness it gets from each node that reads it."""
    found: dict[str, list[pl.Expr]] = defaultdict(list)
    for name, node in net.nodes.items():
        rank = pl.col(f"live:{name}")
        if isinstance(node, Total):
            for at, (literal, asked) in enumerate(zip(node.lines, node.asked, strict=True), 1):
                read = literal.node if literal else asked
                if read is not None:
                    found[read].append(pl.when(_line_is_open(name, at)).then(rank))
        else:
            for read in inputs(node):
                found[read].append(rank)
    return found


def _line_is_open(name: str, at: int) -> pl.Expr:
    return pl.col(f"{name}/{at}:low") != pl.col(f"{name}/{at}:high")


def _live(name: str, net: Network, prepared: Prepared, readers: list[pl.Expr]) -> pl.Expr:
    ranks = [*readers, *_as_rule(name, prepared)]
    if not ranks:
        return NOT_LIVE
    unknown = pl.col(f"{name}:low") != pl.col(f"{name}:high")
    if not isinstance(net.nodes[name], Total):
        unknown = pl.col(name).is_null()
    return pl.when(unknown).then(pl.max_horizontal(ranks))


def _as_rule(name: str, prepared: Prepared) -> list[pl.Expr]:
    """The rank that an open rule has by itself."""
    kind, _, id = name.partition(":")
    if kind != "rule":
        return []
    levels = list(prepared.kb.levels)
    reached = [levels.index(each.level) for each in prepared.kb.rules[id].then if isinstance(each, Triages)]
    none = pl.lit(0, dtype=RANK)
    if not reached:
        return [none]
    at = max(reached)
    return [pl.when(pl.col("level:established") < at).then(pl.lit(at + 1, dtype=RANK)).otherwise(none)]


def question_ranks(net: Network, prepared: Prepared) -> list[pl.Expr]:
    """The columns `open:QUESTION`."""
    found: dict[str, list[pl.Expr]] = defaultdict(list)
    for name, node in net.nodes.items():
        if isinstance(node, Compare):
            found[node.question].append(pl.col(f"live:{name}"))
        elif isinstance(node, Total):
            for at, line in enumerate(node.score.lines, 1):
                if not isinstance(line, Points):
                    rank = pl.when(_line_is_open(name, at)).then(pl.col(f"live:{name}"))
                    found[line.question].append(rank)
    return [
        (pl.max_horizontal(found[question]) if found[question] else NOT_LIVE).alias(f"open:{question}")
        for question in prepared.kb.questions
    ]


def asked_lists(prepared: Prepared) -> list[pl.Expr]:
    """The columns `ask_next` and `kept_open_by`, lists of questions."""
    order = prepared.ask_order
    most = len(prepared.kb.levels)
    keys: dict[bool, list[pl.Expr]] = {True: [], False: []}
    for question, at in order.items():
        rank = pl.col(f"open:{question}").cast(pl.Int32)
        unknown = pl.col(f"{question}?")
        keys[False].append(pl.when(~unknown).then((most - rank) * len(order) + at))
        keys[True].append(pl.when(unknown & rank.is_not_null()).then(pl.lit(at, dtype=pl.Int32)))
    return [_named(keys[False], order).alias("ask_next"), _named(keys[True], order).alias("kept_open_by")]


def _named(keys: list[pl.Expr], order: Mapping[str, int]) -> pl.Expr:
    if not keys:
        return pl.lit([], dtype=pl.List(pl.String))
    at = pl.element() % len(order)
    named = at.replace_strict(list(order.values()), list(order), return_dtype=pl.String)
    return listed(keys).list.sort().list.eval(named)
