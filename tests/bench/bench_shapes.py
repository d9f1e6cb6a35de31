"""What each shape of results costs, from Parquet to a file, all in one run: wide, full, and lines of JSON.

Run with `python tests/bench/bench_shapes.py [CASES [SEGMENT]]` where nothing else runs. Every shape reads the
same file in the same segments, and each is taken as the best of three; `x wide` is what the issue counts.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from engine.loading import load
from engine.model import SUPPORT
from engine.plan import WRITING, compile_plan, full, lines, stored, written
from engine.plan.reach import highest, levels, true
from engine.plan.sample import sample
from engine.valuation import Prepared, prepare

KB = Path(__file__).parents[2] / "kb"
MILLION, SEGMENT = 1_000_000, 500_000
Frames = Iterator[pl.DataFrame]


def segments(file: Path, size: int) -> Frames:
    """The rows of a file, so many at a time."""
    cases = pl.scan_parquet(file)
    for start in range(0, cases.select(pl.len()).collect().item(), size):
        yield cases.slice(start, size).collect()


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


def wide(prepared: Prepared) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """From a canonical frame to the wide columns."""
    plan, columns = compile_plan(prepared), wide_columns(prepared)

    def assessed(frame: pl.DataFrame) -> pl.DataFrame:
        found = frame.lazy()
        for step in plan.steps:
            found = found.with_columns(step)
        return found.select(columns).collect()

    return assessed


def to_parquet(assessed: Callable[[pl.DataFrame], pl.DataFrame], out: Path) -> Callable[[Frames], None]:
    def run(frames: Frames) -> None:
        for at, frame in enumerate(frames):
            assessed(frame).write_parquet(out / f"{at}.parquet", **WRITING)

    return run


def to_lines(prepared: Prepared, out: Path) -> Callable[[Frames], None]:
    plan = compile_plan(prepared, written)

    def run(frames: Frames) -> None:
        with (out / "lines.jsonl").open("wb") as file:
            for frame in frames:
                for part in lines(plan, frame):
                    part.select("line").write_csv(file, include_header=False, quote_style="never")

    return run


def taken(run: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The least time on the clock, and of the processors."""
    found = []
    for _ in range(rounds):
        clock, processors = time.perf_counter(), time.process_time()
        run()
        found.append((time.perf_counter() - clock, time.process_time() - processors))
    return min(clock for clock, _ in found), min(processors for _, processors in found)


def main(cases: int = MILLION, size: int = SEGMENT) -> None:
    """Print a table."""
    prepared = prepare(load(KB))
    with tempfile.TemporaryDirectory() as folder:
        out, file = Path(folder), Path(folder) / "cases.parquet"
        sample(prepared.kb, cases, 1).write_parquet(file)
        in_columns = {shape.__name__: compile_plan(prepared, shape) for shape in (stored, full)}
        works = {"wide": to_parquet(wide(prepared), out)}
        works |= {
            name: to_parquet(lambda frame, plan=plan: plan.apply(frame.lazy()).collect(), out)
            for name, plan in in_columns.items()
        }
        works["lines"] = to_lines(prepared, out)
        first: tuple[float, float] | None = None
        for name, work in works.items():
            clock, processors = taken(
                lambda work=work: work(segments(file, size)), 1 if name == "lines" else 3
            )
            first = first or (clock, processors)
            print(
                f"{name:8} {clock:7.2f} s ({clock / first[0]:5.2f} x wide) on the clock,"
                f" {processors:7.2f} s ({processors / first[1]:5.2f} x wide) of the processors"
            )
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
