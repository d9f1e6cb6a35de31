"""Apache DataFusion: the query planned once, over a table in memory, or from Parquet to Parquet."""

from __future__ import annotations

from pathlib import Path

import datafusion
import polars as pl
import pyarrow

from .sql import query
from .work import Engine, Work


def engine(work: Work) -> Engine:
    """One session, as many partitions as there are cores."""

    def own(frame: pl.DataFrame) -> datafusion.DataFrame:
        session = datafusion.SessionContext()
        session.from_arrow(frame.to_arrow(compat_level=pl.CompatLevel.oldest()), name="cases")
        return session.sql(query(work, True))

    def evaluate(planned: datafusion.DataFrame) -> list[pyarrow.RecordBatch]:
        return planned.collect()

    def columns(batches: list[pyarrow.RecordBatch]) -> pl.DataFrame:
        return pl.DataFrame(pyarrow.Table.from_batches(batches))

    def files(source: Path, target: Path) -> None:
        session = datafusion.SessionContext()
        session.register_parquet("cases", str(source))
        session.sql(query(work, False)).write_parquet(str(target))

    return Engine(own, evaluate, columns, files)
