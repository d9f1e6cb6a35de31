"""DuckDB: the query prepared once, over a table in memory, or from Parquet to Parquet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pyarrow

from .sql import query
from .work import Engine, Work


def engine(work: Work) -> Engine:
    """One connection, as many threads as there are cores."""
    con = _connected()

    def own(frame: pl.DataFrame) -> str:
        arrow = frame.to_arrow()
        con.register("given", arrow)
        con.execute("CREATE OR REPLACE TABLE cases AS SELECT * FROM given")
        con.execute(f"PREPARE assess AS {query(work, True)}")
        return "EXECUTE assess"

    def evaluate(prepared: str) -> pyarrow.Table:
        return con.sql(prepared).to_arrow_table()

    def files(source: Path, target: Path) -> None:
        cases = f"cases AS (SELECT * FROM read_parquet('{source}'))"
        text = query(work, False).replace("WITH ", f"WITH {cases}, ", 1)
        _connected().execute(f"COPY ({text}) TO '{target}' (FORMAT parquet)")

    return Engine(own, evaluate, lambda found: pl.DataFrame(found), files)


def _connected() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    return con
