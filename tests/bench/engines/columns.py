"""Ours: the plan of wide results in Polars, in memory and from Parquet to Parquet.

Yes and no may be Booleans in the file, or 1 and 0 in 8 bits (`cartsign sample --codes`).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from engine.columns.wide import PLANNING, in_large_morsels
from engine.sampling.files import parquet_schema
from facts.tables.frame import flag_of

from .work import Engine, Work


def engine(work: Work) -> Engine:
    """Polars, one `with_columns` a stratum, streaming, as a run does it."""
    flags = [pl.lit(False).alias(flag_of(question)) for question in work.kb.questions.values()]
    types = parquet_schema(work.kb.questions).items()
    truths = [pl.col(name).cast(pl.Boolean) for name, dtype in types if dtype == pl.Boolean]

    def evaluate(frame: pl.DataFrame) -> pl.DataFrame:
        columns = frame.lazy()
        for step in work.plan.steps:
            columns = columns.with_columns(step)
        with in_large_morsels():
            return columns.select(*work.rules, *work.wide).collect(engine="streaming", optimizations=PLANNING)

    def files(source: Path, target: Path) -> None:
        cases = pl.scan_parquet(source).with_columns(*truths, *flags)
        work.plan.apply(cases).select("id", *work.plan.names).sink_parquet(target)

    return Engine(lambda frame: frame.with_columns(*truths, *flags), evaluate, lambda found: found, files)
