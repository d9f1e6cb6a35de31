"""The columnar target: a knowledge base compiled to columns, for many cases at a time.

In: a canonical frame (`facts.table.canonical`), a row a case. Out: a frame with the fields of an
assessment. The strata become nullable Boolean columns, one `with_columns` each. This package and
`facts.table` are all that uses Polars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from engine.assembly import identity
from engine.assessment import FORMAT
from engine.collector import paused
from engine.network import Network, network
from engine.plan.full import full
from engine.plan.seen import Seen
from engine.plan.shape import Shape
from engine.plan.stored import stored
from engine.plan.truth import strata
from engine.valuation import Prepared

__all__ = ["Plan", "compile_plan", "full", "lines", "stored", "truth_of", "truths", "urgency"]

# A quote inside a text is escaped, so this is never part of one.
WHOLE_POINTS = re.compile(r'"(low|high)":(-?\d+)\.0(?=[,}])')


@dataclass(frozen=True, slots=True)
class Plan:
    """A knowledge base in columns: `steps` add its truth columns, one after the other."""

    prepared: Prepared
    network: Network
    steps: tuple[tuple[pl.Expr, ...], ...]
    shape: Shape

    def apply(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The assessments of a canonical frame, a field a column."""
        for step in self.steps:
            frame = frame.with_columns(step)
        return self.shape.apply(frame)


def compile_plan(prepared: Prepared, shape: Callable[[Network, Prepared], Shape] = full) -> Plan:
    """The plan of a knowledge base, with results in this shape (`full`, or `stored` for files)."""
    with paused():
        net = network(prepared.kb, prepared.definitions, prepared.definitions, prepared.kb.scores.values())
        steps = tuple(tuple(step) for step in strata(net, prepared.kb.questions))
        return Plan(prepared, net, steps, shape(net, prepared))


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


def lines(plan: Plan, assessed: pl.DataFrame) -> list[str]:
    """The assessments of a frame, a line of JSON each, with the fields that `Assessment.to_json` gives."""
    kb = plan.prepared.kb
    which = pl.struct([pl.lit(value).alias(name) for name, value in identity(kb).items()])
    head = [pl.lit(FORMAT).alias("format"), pl.col("id"), which.alias("kb")]
    buffer = BytesIO()
    assessed.select(*head, pl.exclude("id")).write_ndjson(buffer)
    text = buffer.getvalue().decode()
    for name, there in (("scores", kb.scores), ("by_source", kb.sources)):
        text = text if there else text.replace(f'"{name}":null', f'"{name}":{{}}')
    text = WHOLE_POINTS.sub(r'"\1":\2', text) if kb.scores else text
    return text.removesuffix("\n").split("\n") if text else []


def urgency(plan: Plan, assessed: pl.DataFrame) -> list[tuple[str | None, bool | None]]:
    """The level of each row, and whether it is settled; None where the knowledge base has no triage."""
    if not plan.prepared.kb.levels:
        return [(None, None)] * assessed.height
    triage = assessed["triage"].struct
    return list(zip(triage.field("level"), triage.field("settled"), strict=True))
