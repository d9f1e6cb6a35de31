"""The columnar target: a knowledge base compiled to columns, for many cases at a time.

In: a canonical frame (`facts.table.canonical`), a row a case. Out: a frame with the fields of an
assessment. The strata become nullable Boolean columns, one `with_columns` each. This package and
`facts.table` are all that uses Polars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from engine.assembly import identity
from engine.assessment import FORMAT
from engine.network import Network, network
from engine.plan.asking import asked_lists, live_strata, question_ranks
from engine.plan.gather import establishing, fields
from engine.plan.truth import strata
from engine.valuation import Prepared

ORDER = (
    *("id", "in_scope", "triage", "conditions", "findings", "scores", "advice", "texts"),
    *("ask_next", "kept_open_by", "inconsistencies", "disagreements", "fired", "open", "reasons"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A knowledge base in columns. `steps` are applied one after the other."""

    prepared: Prepared
    network: Network
    steps: tuple[tuple[pl.Expr, ...], ...]
    result: tuple[pl.Expr, ...]

    def apply(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Add the fields of the assessment to a canonical frame and keep only them."""
        for step in self.steps:
            frame = frame.with_columns(step)
        return frame.select(self.result)


def compile_plan(prepared: Prepared) -> Plan:
    """The plan of a knowledge base."""
    net = network(prepared.kb, prepared.definitions, prepared.definitions, prepared.kb.scores.values())
    steps = [
        *strata(net, prepared.kb.questions),
        establishing(prepared),
        *live_strata(net, prepared),
        question_ranks(net, prepared),
    ]
    found = {expr.meta.output_name(): expr for expr in [*fields(prepared), *asked_lists(prepared)]}
    used = tuple(tuple(step) for step in steps if step)
    return Plan(prepared, net, used, tuple(found[name] for name in ORDER))


def rows(plan: Plan, assessed: pl.DataFrame) -> Iterator[dict[str, object]]:
    """The assessments of a frame as plain values, the same as `Assessment.to_dict` gives."""
    kb = identity(plan.prepared.kb)
    scores = bool(plan.prepared.kb.scores)
    for row in assessed.iter_rows(named=True):
        id, rest = row.pop("id"), row
        yield {
            "format": FORMAT,
            "id": id,
            "kb": kb,
            **rest,
            "triage": rest["triage"] and {**rest["triage"], "by_source": rest["triage"]["by_source"] or {}},
            "scores": _points(rest["scores"]) if scores else {},
        }


def _points(scores: dict[str, dict[str, float]]) -> dict[str, dict[str, int | float]]:
    return {
        name: {end: int(value) if value.is_integer() else value for end, value in ends.items()}
        for name, ends in scores.items()
    }
