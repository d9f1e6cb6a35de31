"""The results that fit into a row: urgency, conditions, findings and scores as typed columns.

In: a canonical frame (`facts.tables.frame`). Out: `in_scope`, `level`, `ceiling`, `settled`, `red_flags_open`
(number of questions that a red flag still waits for), `inconsistent`, `condition.NAME` (the highest support
established), `finding.NAME`, `score.NAME.low` and `.high`, `class.NAME`. Null means open, or none. Without
levels, without a scope and without classes the columns of these are missing. The truth of every rule and of
every clash is available too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.collector import paused
from engine.columns.held import clashes, class_of, highest, maybe, rule
from engine.columns.kleene import number
from engine.columns.liveness import Asking, asking
from engine.columns.scoring import in_points
from engine.columns.sharing import shared
from engine.columns.steps import applied
from engine.columns.truth import columns, layers
from engine.meaning.network import Network, network
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of

PLANNING = pl.QueryOptFlags.none(projection_pushdown=True)
"""The only optimisation that helps: for queries of hundreds of columns, the others cost more than they save.
"""
MORSEL = 262_144
"""Number of rows that Polars processes at a time. The fixed cost of a column is that of about 10,000 rows."""


@dataclass(frozen=True, slots=True)
class WidePlan:
    """A knowledge base compiled to wide results. `steps` are applied in order."""

    prepared: Prepared
    net: Network
    made: Mapping[str, Sequence[pl.Expr]]
    """The columns of each node of the network."""
    steps: tuple[tuple[pl.Expr, ...], ...]
    results: tuple[pl.Expr, ...]
    truths: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The columns of the results, in order, without `id`."""
        return [each.meta.output_name() for each in self.results]

    def apply(self, frame: pl.LazyFrame, carried: Sequence[str] = ()) -> pl.LazyFrame:
        """The columns `id`, `carried`, results and truths of a canonical frame."""
        columns = applied(frame, self.steps)
        return columns.select("id", *map(pl.col, carried), *self.results, *map(pl.col, self.truths))

    def results_of(self, frame: pl.DataFrame, carried: Sequence[str] = ()) -> pl.DataFrame:
        """The collected result of `apply` for a canonical frame."""
        query = self.apply(frame.lazy(), carried)
        return query.collect(engine="streaming", optimizations=PLANNING)

    def nothing(self, frame: pl.DataFrame, carried: Sequence[str] = ()) -> pl.DataFrame:
        """An empty result with the right names and types; running the query on no rows would be slow."""
        return pl.DataFrame(schema=self.apply(frame.lazy(), carried).collect_schema())


def in_large_morsels() -> pl.Config:
    """Make Polars process `MORSEL` rows at a time in this process, while the context is active."""
    return pl.Config(streaming_chunk_size=MORSEL)


def compile_wide(prepared: Prepared) -> WidePlan:
    """The plan for the wide results of a knowledge base."""
    with paused():
        kb = prepared.kb
        net = shared(network(kb, prepared.definitions, _read(prepared), kb.scores.values()))
        made = columns(net, kb.questions)
        red_flags = {name_of("rule", id) for id, each in kb.rules.items() if kb.is_red_flag(each)}
        flags = asking(net, prepared, red_flags, only=1)
        steps = [*layers(net, made), *flags.strata]
        truths = (*(name_of("rule", id) for id in kb.rules), *prepared.clashing)
        used = tuple(tuple(step) for step in steps if step)
        return WidePlan(prepared, net, made, used, tuple(_results(prepared, flags)), truths)


def _read(prepared: Prepared) -> list[str]:
    """The names whose truth the results need."""
    kb = prepared.kb
    found = [name_of("rule", id) for id in kb.rules] + [name_of("finding", name) for name in kb.findings]
    found += [name_of("triage", level) for level in kb.levels]
    found += prepared.clashing
    found += [name for each in kb.classes.values() for name, _ in each.named()]
    return [*found, "scope"] if kb.scope else found


def _results(prepared: Prepared, flags: Asking) -> list[pl.Expr]:
    kb = prepared.kb
    found = [pl.col("scope").alias("in_scope")] if kb.scope else []
    if kb.levels:
        level = highest({name: pl.col(name_of("triage", name)) for name in kb.levels}, kb.levels)
        ceiling = highest({name: maybe(name_of("triage", name)) for name in kb.levels}, kb.levels)
        settled = level.eq_missing(ceiling)
        named = {"level": level, "ceiling": ceiling, "settled": settled, "red_flags_open": _open(flags)}
        found += [value.alias(name) for name, value in named.items()]
    clashing = [each.fill_null(False) for each in clashes(prepared).values()]
    found.append(pl.any_horizontal([pl.lit(False), *clashing]).alias("inconsistent"))
    for name in kb.conditions:
        by_support = {each: prepared.rules_for.get(name_of("condition", name, each)) for each in SUPPORT}
        supports = {grade: pl.any_horizontal(map(rule, ids)) for grade, ids in by_support.items() if ids}
        found.append(highest(supports, SUPPORT).alias(f"condition.{name}"))
    found += [pl.col(name_of("finding", name)).alias(f"finding.{name}") for name in kb.findings]
    return [
        *found,
        *_scores(kb),
        *(class_of(each).alias(f"class.{name}") for name, each in kb.classes.items()),
    ]


def _open(flags: Asking) -> pl.Expr:
    """Number of open questions for a level above the established one."""
    open_ = [flags.is_open(question, 1) for question in flags.ranks]
    counted = [each for each in open_ if each is not None]
    return number(counted, unknown=False).cast(pl.UInt16) if counted else pl.lit(0, dtype=pl.UInt16)


def _scores(kb: KnowledgeBase) -> Iterator[pl.Expr]:
    for name, score in kb.scores.items():
        for end in ("low", "high"):
            yield in_points(score, end).alias(f"score.{name}.{end}")
