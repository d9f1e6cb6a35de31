"""What rows cost that are no cases: Parquet files of nothing but such rows, beside a clean one.

Run with `python tests/bench/bench_rejects.py [ROWS]` where nothing else runs. A file of ten columns has five
times as many rows. Only reading is measured, and what is made of the rejects, not the writing of a file.
"""

from __future__ import annotations

import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

import polars as pl

from engine.loading import load
from engine.model.knowledge_base import KnowledgeBase
from engine.sampling.sample import sample
from facts.files.segments import segments
from facts.tables.segment import Segment, Wanted

KB = Path(__file__).parents[2] / "kb"


def frames(kb: KnowledgeBase, rows: int) -> dict[str, pl.DataFrame]:
    """Frames by what is wrong with them."""
    clean, at = sample(kb, rows, 1), pl.int_range(pl.len())
    text = clean.drop([name for name in clean.columns if name.endswith("?")]).cast(pl.String)
    others = (pl.when(at % 7 != n % 7).then(pl.col(name)) for n, name in enumerate(text.columns[1:41]))
    narrow = pl.select(
        id=pl.format("p{}", pl.int_range(5 * rows)),
        age=pl.int_range(5 * rows) % 70 + 500,
        leg_weakness=pl.lit(True),
        note=pl.format("note {} of the ward", pl.int_range(5 * rows) % 1_000),
        visit=pl.date(2024, 1, 1) + pl.duration(days=pl.int_range(5 * rows) % 300),
        ratio=(pl.int_range(5 * rows) % 1_000) / 7,
        eased_by=pl.lit(["resting"]),
    )
    return {
        "clean": clean,
        "one column": clean.with_columns(age=pl.lit(999)),
        "many columns": text.with_columns(each.fill_null("bad") for each in others),
        "few columns": narrow,
    }


def cost(kb: KnowledgeBase, file: Path) -> tuple[float, int]:
    """Seconds of the processors, and bytes of rejects."""
    start, size = time.process_time(), 0
    for found in segments([str(file)], Wanted(kb.questions), BytesIO()):
        if isinstance(found, Segment):
            size += sum(len(group.lines()) for group in found.read().rejects.groups())
    return time.process_time() - start, size


def main(rows: int = 100_000) -> None:
    """Print a table."""
    kb = load(KB)
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in frames(kb, rows).items():
            file = Path(folder) / "f.parquet"
            frame.write_parquet(file)
            seconds, size = min(cost(kb, file) for _ in range(3))
            print(f"{name:13} {frame.height:>9,} x {frame.width:3} {seconds:7.2f} s {size / 1e6:8.1f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
