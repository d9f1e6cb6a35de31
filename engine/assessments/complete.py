"""Complete assessments in columns: a knowledge base compiled to every field of an assessment.

In: a canonical frame (`facts.tables.canonical`), one case per row. Out: a frame with the fields, in the
requested shape (`full`, `stored` or `written`), or lines of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
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
from facts.case import Case
from facts.tables.frame import frame_of, schema_of

__all__ = ["Complete", "Plan", "compile_plan", "complete", "full", "lines", "stored", "written"]

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


@dataclass(frozen=True, slots=True)
class Complete:
    """The plan for complete assessments, as columns or as lines of JSON."""

    plan: Plan
    as_lines: bool

    @property
    def names(self) -> Sequence[str]:
        """The names of the result columns."""
        return ORDER

    def columns(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The fields of the assessments of a canonical frame, without `id`."""
        return self.plan.apply(frame.lazy()).collect().drop("id")

    def lines(self, frame: pl.DataFrame) -> Iterator[str]:
        """The assessments of a canonical frame as lines of JSON."""
        return (line for part in lines(self.plan, frame) for line in part["line"])

    def of_cases(self, cases: Sequence[Case]) -> list[dict[str, object]]:
        """The assessments of cases as plain values; in the form of columns only `fired` and `open`."""
        frame = frame_of(cases, self.plan.prepared.kb.questions)
        if self.as_lines:
            return [json.loads(line) for line in self.lines(frame)]
        kept = self.plan.apply(frame.lazy()).select("fired", "open").collect().to_dicts()
        return [
            {name: [id for id, holds in (said or {}).items() if holds] for name, said in each.items()}
            for each in kept
        ]


def complete(prepared: Prepared, as_lines: bool) -> Complete:
    """The plan for the complete assessments of a knowledge base."""
    return Complete(compile_plan(prepared, written if as_lines else stored), as_lines)
