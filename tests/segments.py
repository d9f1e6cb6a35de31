"""Segments as a run has them: the truth of everything for some cases, beside their answers."""

from __future__ import annotations

import polars as pl

from engine import KnowledgeBase
from engine.columns.wide import compile_wide
from engine.meaning.valuation import Prepared, prepare
from engine.tally.counting import counting
from engine.tally.tally import Tally


def evaluated(prepared: Prepared, answers: pl.DataFrame) -> pl.DataFrame:
    """The results of a canonical frame with the truth of rules and of clashes."""
    return compile_wide(prepared).apply(answers.lazy()).collect()


def tallied(
    kb: KnowledgeBase, answers: pl.DataFrame, expect: pl.Series | None = None, near_misses: bool = True
) -> Tally:
    """The tally of a frame as one segment."""
    prepared = prepare(kb)
    return counting(compile_wide(prepared), near_misses).tally(evaluated(prepared, answers), answers, expect)
