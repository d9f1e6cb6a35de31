"""The floor: Polars reads every column of the file and writes as many columns of the same types, no rules."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import polars as pl


def floor(source: Path, target: Path, like: Path) -> None:
    """Read and write the columns that the results in `like` have; each answer goes into one of them."""
    written = {name: dtype for name, dtype in pl.read_parquet_schema(like).items() if name != "id"}
    answers = [
        pl.col(name) if dtype == pl.Boolean else pl.col(name).is_not_null()
        for name, dtype in pl.read_parquet_schema(source).items()
        if name != "id"
    ]
    shares: dict[str, list[pl.Expr]] = {name: [] for name in written}
    for name, answer in zip(cycle(shares), answers, strict=False):
        shares[name].append(answer)
    spare = cycle(answers)
    columns = [
        _of_type(written[name], pl.all_horizontal(share or [next(spare)])).alias(name)
        for name, share in shares.items()
    ]
    pl.scan_parquet(source).select("id", *columns).sink_parquet(target)


def _of_type(dtype: pl.DataType, truth: pl.Expr) -> pl.Expr:
    if isinstance(dtype, pl.Enum):
        first, last = (pl.lit(name, dtype=dtype) for name in (dtype.categories[0], dtype.categories[-1]))
        return pl.when(truth).then(last).when(~truth).then(first)
    return truth.cast(dtype)
