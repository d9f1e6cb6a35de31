"""Whether an engine concludes what ours does: looked at before anything is timed."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from . import columns
from .work import Engine, Work


def check(engine: Engine, work: Work, frame: pl.DataFrame, place: Path) -> None:
    """Raise unless an engine concludes what ours does, in memory and from file to file."""
    ours = concluded_by_ours(work, frame)
    same(engine.columns(engine.evaluate(engine.own(frame))), ours)
    source, target = place / "few.parquet", place / "few-out.parquet"
    frame.write_parquet(source)
    engine.files(source, target)
    same(pl.read_parquet(target), ours.drop(work.rules))


def concluded_by_ours(work: Work, frame: pl.DataFrame) -> pl.DataFrame:
    """The truth of the rules, and the wide columns."""
    engine = columns.engine(work)
    return engine.columns(engine.evaluate(engine.own(frame)))


def same(theirs: pl.DataFrame, ours: pl.DataFrame) -> None:
    """Raise where a column of ours is not the same in theirs."""
    theirs, ours = theirs.sort("id"), ours.sort("id")
    if lacking := [name for name in ours.columns if name not in theirs.columns]:
        raise AssertionError(f"columns that are lacking: {', '.join(lacking)}")
    for name, dtype in ours.schema.items():
        differ = theirs[name].cast(dtype).ne_missing(ours[name])
        if differ.any():
            at = differ.arg_max()
            said = f"{theirs[name][at]} and not {ours[name][at]}"
            raise AssertionError(f"`{name}` of {ours['id'][at]} is {said}; {differ.sum()} cases differ")
