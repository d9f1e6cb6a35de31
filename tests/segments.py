"""Segments as a run has them: the truth of everything for some cases, beside their answers."""

from __future__ import annotations

import polars as pl

from engine import KnowledgeBase
from engine.network import network
from engine.plan.tally import counting
from engine.plan.truth import answered, strata
from engine.summary.tally import Tally
from engine.valuation import Prepared, prepare


def evaluated(prepared: Prepared, answers: pl.DataFrame) -> pl.DataFrame:
    """The truth columns of a canonical frame, and which cases are inconsistent."""
    kb = prepared.kb
    columns = answers.lazy()
    for step in strata(network(kb, prepared.definitions, prepared.definitions), kb.questions):
        columns = columns.with_columns(step)
    clashes = [pl.lit(False)]
    for name in prepared.clashing:
        kind, _, rest = name.partition(":")
        needless = kind == "asked"
        clashes.append(~pl.col(name) & answered(kb.questions[rest]) if needless else pl.col(name))
    return columns.with_columns(inconsistent=pl.any_horizontal(clashes).fill_null(False)).collect()


def tallied(
    kb: KnowledgeBase, answers: pl.DataFrame, expect: pl.Series | None = None, near_misses: bool = True
) -> Tally:
    """The tally of a frame as one segment."""
    prepared = prepare(kb)
    return counting(prepared, near_misses).tally(evaluated(prepared, answers), answers, expect)
