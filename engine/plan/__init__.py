"""The columnar target: a knowledge base compiled to columns, for many cases at a time.

In: a canonical frame (`facts.table.canonical`), a row a case. Out: a frame with the fields of an
assessment. The strata become nullable Boolean columns, one `with_columns` each. This package and
`facts.table` are all that uses Polars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import polars as pl

from engine.collector import paused
from engine.network import Network, network
from engine.plan.full import full
from engine.plan.seen import Seen
from engine.plan.shape import Shape
from engine.plan.stored import WRITING, stored
from engine.plan.truth import strata
from engine.plan.written import written
from engine.valuation import Prepared
from facts.table_layout import schema_of

__all__ = ["WRITING", "Plan", "compile_plan", "full", "lines", "stored", "truth_of", "truths", "written"]

PIECES = 1 << 22
"""What the lines that a thread makes at a time may consist of."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A knowledge base in columns: `steps` add its truth columns, one after the other."""

    prepared: Prepared
    network: Network
    steps: tuple[tuple[pl.Expr, ...], ...]
    shape: Shape

    def packed(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """What the shape reads, off a canonical frame."""
        for step in self.steps:
            frame = frame.with_columns(step)
        return self.shape.packed(frame)

    def apply(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The assessments of a canonical frame, in the shape of the plan."""
        return self.packed(frame).map_batches(self.shape.read, schema=_schema(self), streamable=True)


def compile_plan(prepared: Prepared, shape: Callable[[Network, Prepared], Shape] = full) -> Plan:
    """The plan of a knowledge base, with results in this shape: `full`, `stored` or `written`."""
    with paused():
        net = network(prepared.kb, prepared.definitions, prepared.definitions, prepared.kb.scores.values())
        steps = tuple(tuple(step) for step in strata(net, prepared.kb.questions))
        return Plan(prepared, net, steps, shape(net, prepared))


@lru_cache(maxsize=8)
def _schema(plan: Plan) -> pl.Schema:
    """The columns of the results."""
    nobody = pl.LazyFrame(schema=schema_of(plan.prepared.kb.questions))
    return plan.shape.read(plan.packed(nobody).collect()).schema


def truths(
    prepared: Prepared, frame: pl.DataFrame, names: Sequence[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """The id of each row of a canonical frame, and which of the names (`rule:ID`, `advice:ITEM`) hold."""
    for id, *held in _evaluated(prepared, frame, ["id", *names]).iter_rows():
        yield id, frozenset(name for name, holds in zip(names, held, strict=True) if holds)


def truth_of(prepared: Prepared, frame: pl.DataFrame, names: Sequence[str]) -> Seen:
    """The truth of each name in every row of a canonical frame."""
    return Seen(_evaluated(prepared, frame, names))


def _evaluated(prepared: Prepared, frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    net = network(prepared.kb, prepared.definitions, prepared.definitions, prepared.kb.scores.values())
    columns = frame.lazy()
    for step in strata(net, prepared.kb.questions):
        columns = columns.with_columns(step)
    return columns.select(names).collect()


def lines(plan: Plan, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The assessments of a canonical frame, some rows at a time: `line` (what `Assessment.to_json` gives),
    `level` and `settled`. The plan has the shape `written`.
    """
    packed = plan.packed(frame.lazy()).collect()
    parts = packed.iter_slices(max(1, PIECES // max(1, plan.shape.slots)))
    threads = pl.thread_pool_size()
    with ThreadPoolExecutor(threads) as pool:
        while together := list(islice(parts, threads)):
            yield from pool.map(plan.shape.read, together)
