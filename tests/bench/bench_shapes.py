"""What each shape of results costs, from Parquet to a file, all in one run: wide, full, and lines of JSON.

Run with `python tests/bench/bench_shapes.py [CASES]` where nothing else runs. Every shape reads the same file
and is written the same way; Parquet is streamed from scan to sink and taken as the best of three.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from engine.assessments.complete import Plan, compile_plan, full, lines, stored, written
from engine.assessments.urgency import levels
from engine.columns.held import highest, true
from engine.loading import load
from engine.meaning.valuation import Prepared, prepare
from engine.model.knowledge_base import SUPPORT
from engine.sampling.sample import sample
from facts.tables.sinks import WRITING

KB = Path(__file__).parents[2] / "kb"
MILLION, SEGMENT = 1_000_000, 250_000


def wide_columns(prepared: Prepared) -> list[pl.Expr]:
    """The columns of the shape `wide`, as far as they need no more than the rules."""
    kb, triage = prepared.kb, levels(prepared)
    supports = {
        name: {grade: true(f"condition:{name}:{grade}") for grade in SUPPORT} for name in kb.conditions
    }
    return [
        pl.col("id"),
        pl.col("scope").alias("in_scope"),
        *(triage[field].alias(field) for field in ("level", "ceiling", "settled")),
        *(highest(grades, SUPPORT).alias(f"condition.{name}") for name, grades in supports.items()),
        *(true(f"finding:{name}").alias(f"finding.{name}") for name in kb.findings),
    ]


def wide(prepared: Prepared) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
    """From a canonical frame to the wide columns."""
    plan, columns = compile_plan(prepared), wide_columns(prepared)

    def assessed(frame: pl.LazyFrame) -> pl.LazyFrame:
        for step in plan.steps:
            frame = frame.with_columns(step)
        return frame.select(columns)

    return assessed


def write_lines(plan: Plan, cases: pl.LazyFrame, file: Path) -> None:
    """Lines of JSON, a segment after the other."""
    with file.open("wb") as out:
        for start in range(0, cases.select(pl.len()).collect().item(), SEGMENT):
            for part in lines(plan, cases.slice(start, SEGMENT).collect()):
                part.select("line").write_csv(out, include_header=False, quote_style="never")


def taken(run: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The least time on the clock, and of the processors."""
    found = []
    for _ in range(rounds):
        clock, processors = time.perf_counter(), time.process_time()
        run()
        found.append((time.perf_counter() - clock, time.process_time() - processors))
    return min(clock for clock, _ in found), min(processors for _, processors in found)


def main(count: int = MILLION) -> None:
    """Print a table."""
    prepared = prepare(load(KB))
    shapes = {
        "wide": wide(prepared),
        **{each.__name__: compile_plan(prepared, each).apply for each in (stored, full)},
    }
    in_words = compile_plan(prepared, written)
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "cases.parquet", Path(folder) / "out"
        sample(prepared.kb, count, 1).write_parquet(file)
        cases = pl.scan_parquet(file)
        times = {
            name: taken(lambda assessed=assessed: assessed(cases).sink_parquet(out, **WRITING), 3)
            for name, assessed in shapes.items()
        }
        times["lines"] = taken(lambda: write_lines(in_words, cases, out), 1)
    for name, each in times.items():
        clock, processors = (
            f"{now:7.2f} s ({now / then:5.2f} x wide)" for now, then in zip(each, times["wide"], strict=True)
        )
        print(f"{name:8} {clock} on the clock, {processors} of the processors")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
