"""Which questions a red flag still waits for, as columns of Booleans.

As in `engine.plan.asking`, liveness flows from open rules down the strata; but only from rules for a level
that red flags call for, above the level that is established. In: the truth columns. Out: how many questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from engine.model import Triages
from engine.network import Compare, Network, Total, inputs
from engine.scores import Points
from engine.valuation import Prepared

ESTABLISHED = "level:established"
"""The column with the place of the highest level that a rule established, -1 for none."""
NO = pl.lit(False)

Readers = Mapping[str, list[pl.Expr]]


def established(prepared: Prepared) -> pl.Expr:
    """The column `level:established`."""
    places = [
        pl.when(pl.any_horizontal([pl.col(f"rule:{id}") for id in ids])).then(pl.lit(at, dtype=pl.Int16))
        for at, level in reversed(list(enumerate(prepared.kb.levels)))
        if (ids := prepared.rules_for.get(f"triage:{level}"))
    ]
    return pl.coalesce([*places, pl.lit(-1, dtype=pl.Int16)]).alias(ESTABLISHED)


def live(net: Network, prepared: Prepared) -> list[list[pl.Expr]]:
    """For each stratum, highest first, the columns `alarm:NODE` of the nodes that a red flag may wait for."""
    readers: dict[str, list[pl.Expr]] = defaultdict(list)
    steps = []
    for names in reversed(net.strata):
        step = []
        for name in names:
            calls = [*_as_red_flag(name, prepared), *readers[name]]
            if calls:
                step.append((_is_unknown(name, net) & pl.any_horizontal(calls)).alias(f"alarm:{name}"))
                _pass_on(name, net, readers)
        steps.append(step)
    return steps


def waiting(net: Network, prepared: Prepared) -> pl.Expr:
    """How many questions are open for a red flag."""
    flagged = {each.meta.output_name() for step in live(net, prepared) for each in step}
    found: dict[str, list[pl.Expr]] = defaultdict(list)
    for name, node in net.nodes.items():
        if f"alarm:{name}" not in flagged:
            continue
        if isinstance(node, Compare):
            found[node.question].append(pl.col(f"alarm:{name}"))
        elif isinstance(node, Total):
            for at, line in enumerate(node.score.lines, 1):
                if not isinstance(line, Points):
                    found[line.question].append(pl.col(f"alarm:{name}") & _line_is_open(name, at))
    open_ = [pl.any_horizontal(each).cast(pl.UInt16) for each in found.values()]
    return pl.sum_horizontal(open_) if open_ else pl.lit(0, dtype=pl.UInt16)


def _pass_on(name: str, net: Network, readers: dict[str, list[pl.Expr]]) -> None:
    """A node that is live makes live what it reads."""
    node, is_live = net.nodes[name], pl.col(f"alarm:{name}")
    if isinstance(node, Total):
        for at, (literal, asked) in enumerate(zip(node.lines, node.asked, strict=True), 1):
            read = literal.node if literal else asked
            if read is not None:
                readers[read].append(is_live & _line_is_open(name, at))
    else:
        for read in inputs(node):
            readers[read].append(is_live)


def _is_unknown(name: str, net: Network) -> pl.Expr:
    if isinstance(net.nodes[name], Total):
        return pl.col(f"{name}:low") != pl.col(f"{name}:high")
    return pl.col(name).is_null()


def _line_is_open(name: str, at: int) -> pl.Expr:
    return pl.col(f"{name}/{at}:low") != pl.col(f"{name}/{at}:high")


def _as_red_flag(name: str, prepared: Prepared) -> list[pl.Expr]:
    """Whether a rule is for a red flag above the level that is established."""
    kind, _, id = name.partition(":")
    if kind != "rule":
        return []
    kb = prepared.kb
    places = {level: at for at, level in enumerate(kb.levels)}
    reached = [each.level for each in kb.rules[id].then if isinstance(each, Triages)]
    flagged = [places[level] for level in reached if kb.levels[level].red_flag]
    return [pl.col(ESTABLISHED) < max(flagged)] if flagged else []
