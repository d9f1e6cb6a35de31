"""What ten times the rules cost, in evaluation and before the first case is assessed.

    python -m tests.bench.engines.ten_times [--rules 160] [--rows 1000000]

The bases are those of `tests/test_loader_size.py`. Beside 160 rules, a base of ten times the rules has
exactly ten times the questions, findings, conditions and scores, and its rules read them alike; beside 165 it
has more (165 questions against 16), and they combine in more ways. Runs of one and the other take turns, so
that what else the machine does falls on both. A start is `cartsign assess` with ten cases and no audit, a
whole process.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import polars as pl

from engine.loading import load
from engine.sampling.files import parquet_schema, write_parquet
from engine.sampling.sample import sample
from tests.test_loader_size import large_base

from . import columns
from .command import command
from .trial import timed
from .work import work_of

TIMES = 10


def main() -> None:
    """Measure both bases and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.engines.ten_times")
    parser.add_argument("--rules", type=int, default=160)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bases = [Path(folder, f"{rules}.yaml") for rules in (words.rules, words.rules * TIMES)]
        for base in bases:
            base.write_text(large_base(int(base.stem)))
        evaluations = medians([evaluation(base, words.rows) for base in bases], words.runs)
        starts = medians([starting(base) for base in bases], words.runs)
    print("| rules | evaluation of a million cases, s | start, s |\n|---|---|---|")
    for base, evaluated, started in zip(bases, evaluations, starts, strict=True):
        print(f"| {int(base.stem):,} | {evaluated * 1_000_000 / words.rows:.3f} | {started:.2f} |")
    print(f"\n{TIMES} times the rules take {evaluations[1] / evaluations[0]:.1f} times the evaluation")


def medians(runs: list[Callable[[], object]], count: int) -> list[float]:
    """The median time of each, in turns, after a first turn that does not count."""
    turns = [[timed(run) for run in runs] for _ in range(1 + count)]
    return [median(times) for times in zip(*turns[1:], strict=True)]


def evaluation(base: Path, rows: int) -> Callable[[], object]:
    """The evaluation of so many cases in memory."""
    kb = load(base)
    engine, schema = columns.engine(work_of(kb)), parquet_schema(kb.questions)
    frame = sample(kb, rows).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return lambda: engine.evaluate(frame)


def starting(base: Path) -> Callable[[], object]:
    """A process that assesses a few cases."""
    kb, source, target = load(base), base.with_suffix(".parquet"), base.with_name(f"{base.stem}-out.parquet")
    write_parquet([sample(kb, 10)], kb.questions, source)
    return lambda: command(source, target, str(base), "--audit", "0")


if __name__ == "__main__":
    main()
