"""What Spark costs beside one machine, on this machine: where its time goes, and what reading files saves.

Run with `python tests/bench/bench_spark.py [ROWS]` where cartsign[spark] and Java are installed. Parquet to
Parquet, two tasks at a time (`local[2]`), wide results. Each line is a run by itself: seconds on the clock,
and seconds of processors, over all processes, which say the same on a machine that has other work.
"""

import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
import polars.selectors as cs

from engine import KnowledgeBase, load
from engine.batch.job import Job
from engine.batch.run import run
from engine.columns.wide import compile_wide
from engine.meaning.valuation import prepare
from engine.sampling.sample import sample
from engine.spark import assess_dataframe, assess_files
from engine.spark.errand import Listener
from facts.tables.frame_reader import FrameReader
from facts.tables.segment import Wanted

KB = Path(__file__).parents[2] / "kb"
FILES = 8
TICK = os.sysconf("SC_CLK_TCK")


def main(rows: int = 1_000_000) -> None:
    """Time one machine and Spark on so many rows."""
    kb, folder = load(KB), Path(tempfile.mkdtemp(prefix="bench-spark-"))
    try:
        cases = folder / "cases"
        make(kb, rows, cases)
        measured("one machine: Polars alone", lambda: on_one_machine(kb, cases, folder / "single"))
        job = Job((str(cases),), folder / "single.parquet", Wanted(kb.questions))
        measured("one machine: cartsign assess", lambda: run(job, kb, BytesIO(), Listener()))
        spark = session()
        for stage, do in stages(spark, kb, cases, folder / "out").items():
            measured(stage, do)
        measured("files, a task each", lambda: assess_files(spark, [str(cases)], folder / "files", kb))
    finally:
        shutil.rmtree(folder)


def make(kb: KnowledgeBase, rows: int, folder: Path) -> None:
    """Write cases into files."""
    folder.mkdir()
    for at in range(FILES):
        frame = sample(kb, rows // FILES, seed=at).with_columns(cs.enum().cast(pl.String))
        frame.select(pl.exclude(r"^.*\?$")).write_parquet(folder / f"{at}.parquet")


def on_one_machine(kb: KnowledgeBase, cases: Path, out: Path) -> None:
    """Assess file after file with Polars alone, as a run on one machine does."""
    plan = compile_wide(prepare(kb))
    out.mkdir(exist_ok=True)
    for path in sorted(cases.iterdir()):
        given = pl.scan_parquet(path)
        table = FrameReader(given.collect_schema(), Wanted(kb.questions), path.name, path.name).table(
            given, 0
        )
        results = plan.apply(table.frame.lazy()).select("id", *plan.names)
        results.collect(engine="streaming").write_parquet(out / path.name)


def session():
    """A session with two cores."""
    warnings.simplefilter("ignore")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    builder = SparkSession.builder.master("local[2]").config(map=settings)
    spark = builder.config("spark.driver.memory", "4g").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def stages(spark, kb: KnowledgeBase, cases: Path, out: Path) -> dict[str, Callable[[], None]]:
    """Runs that do a little more each; the first of all only warms the machine up."""
    given = spark.read.parquet(str(cases))
    columns = given.toDF(*(f"c{at}" for at in range(len(given.columns))))
    there = columns.mapInArrow(swallowed, columns.schema)
    back = columns.mapInArrow(as_they_are, columns.schema)
    ours = assess_dataframe(given, kb)
    return {
        "(Spark warms up)": lambda: nowhere(back),
        "Parquet read by Spark": lambda: nowhere(columns),
        "rows to Python": lambda: nowhere(there),
        "rows to Python and back": lambda: nowhere(back),
        "rows to Python and back, to Parquet": lambda: ours_to(back, out),
        "assessed": lambda: nowhere(ours.rows),
        "assessed, to Parquet": lambda: ours_to(ours.rows, out),
        "results, then rejects, to Parquet": lambda: (
            ours_to(ours.results, out),
            ours_to(ours.rejects, out),
        ),
    }


def as_they_are(batches: Iterator) -> Iterator:
    yield from batches


def swallowed(batches: Iterator) -> Iterator:
    for _ in batches:
        pass
    yield from ()


def nowhere(frame) -> None:
    frame.write.format("noop").mode("overwrite").save()


def ours_to(frame, out: Path) -> None:
    frame.write.parquet(str(out), mode="overwrite")


def measured(what: str, run: Callable[[], object]) -> None:
    """Print how long it took."""
    before, start = processors(), time.perf_counter()
    run()
    print(f"{what:40}{time.perf_counter() - start:8.1f} s {processors() - before:8.1f} s CPU", flush=True)


def processors() -> float:
    """The seconds of processors of this process and all that it started, as Linux counts them."""
    stats = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            stats[int(each.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    return sum(ticks for id, (_, ticks) in stats.items() if is_ours(id, stats)) / TICK


def is_ours(id: int, stats: dict[int, tuple[int, int]]) -> bool:
    while id in stats and id != os.getpid():
        id = stats[id][0]
    return id == os.getpid()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
