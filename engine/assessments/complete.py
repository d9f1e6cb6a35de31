"""Complete assessments in columns: a knowledge base compiled to every field of an assessment.

In: a canonical frame (`facts.tables.canonical`), one case per row. Out: a frame with the fields, in the
requested shape (`full`, `stored` or `written`), or lines of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import polars as pl

from engine.assessments.json_lines import written
from engine.assessments.published import full
from engine.assessments.shape import ORDER, Shape
from engine.assessments.stored import stored
from engine.collector import paused
from engine.columns.steps import applied
from engine.columns.truth import strata
from engine.meaning.network import Network, network
from engine.meaning.valuation import Prepared
from facts.tables.frame import schema_of

__all__ = ["ORDER", "Plan", "compile_plan", "full", "lines", "stored", "written"]

PIECES = 1 << 22
"""Maximum number of slots, over all rows, that a thread turns into lines at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A knowledge base in columns. `steps` add its truth columns, in order."""

    prepared: Prepared
    network: Network
    steps: tuple[tuple[pl.Expr, ...], ...]
    shape: Shape

    def packed(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The columns that the shape reads, from a canonical frame."""
        return self.shape.packed(applied(frame, self.steps))

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
    nobody = pl.LazyFrame(schema=schema_of(plan.prepared.kb.questions))
    return plan.shape.read(plan.packed(nobody).collect()).schema


def lines(plan: Plan, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The assessments of a canonical frame, some rows at a time, with the columns `line` (like
    `Assessment.to_json`, without the questions of pending items), `level` and `settled`. The plan must have
    the shape `written`.
    """
    packed = plan.packed(frame.lazy()).collect()
    parts = packed.iter_slices(max(1, PIECES // max(1, plan.shape.slots)))
    threads = pl.thread_pool_size()
    with ThreadPoolExecutor(threads) as pool:
        while together := list(islice(parts, threads)):
            yield from pool.map(plan.shape.read, together)
