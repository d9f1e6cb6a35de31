"""Ours: the strata as columns of Polars, in memory and from Parquet to Parquet."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from engine.plan.truth import strata

from .wide import wide
from .work import Engine, Work


def engine(work: Work) -> Engine:
    """Polars, one `with_columns` a stratum, streaming."""
    steps = list(strata(work.net, work.kb.questions))
    columns = list(wide(work))

    def added(frame: pl.LazyFrame) -> pl.LazyFrame:
        for step in steps:
            frame = frame.with_columns(step)
        return frame

    def evaluate(frame: pl.DataFrame) -> pl.DataFrame:
        return added(frame.lazy()).select(*work.rules, *columns).collect(engine="streaming")

    def files(source: Path, target: Path) -> None:
        added(pl.scan_parquet(source)).select(columns).sink_parquet(target)

    return Engine(lambda frame: frame, evaluate, lambda found: found, files)
