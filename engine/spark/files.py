"""From files of cases to files of results in parallel: Spark distributes file names only, no rows.

In: files, and an output folder; driver and executors must see both under the same names. Out: results,
rejects and manifest for each file, as from a run on one machine, and the counts. This is much cheaper than a
DataFrame, whose rows are copied between Java and Python.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pyspark.sql import Row, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from engine.assessments.arrow import ArrowPlan
from engine.batch.job import Job
from engine.model.knowledge_base import KnowledgeBase
from engine.spark.columns import kept_wrongly
from engine.spark.errand import SCHEMA, Done, Errands
from engine.spark.executor import on_executors
from facts.other_names.renaming import AS_IT_IS
from facts.paths import Seen, find
from facts.problem import Problem, Rejected, Span, quote

RESULTS = ".parquet"
REASON = re.compile(r"[\w.]+(Error|Exception|Busy|Changed|InTheWay): ")


class Unfinished(Exception):
    """Raised when Spark does not start, or when a task fails repeatedly; finished work is kept."""


@dataclass(frozen=True, slots=True)
class FilesAssessed:
    """The outcomes of the files, in their order."""

    files: tuple[Done, ...]

    @property
    def assessed(self) -> int:
        """The number of cases with results."""
        return sum(each.assessed for each in self.files)

    @property
    def rejected(self) -> int:
        """The number of rows that are not cases."""
        return sum(each.rejected for each in self.files)

    @property
    def unread(self) -> int:
        """The number of files, or parts of files, that could not be read."""
        return sum(each.unread for each in self.files)


def assessed_files(spark: SparkSession, files: Sequence[str], kb: KnowledgeBase, job: Job) -> FilesAssessed:
    """Assess each file with the settings of `job`, whose `out` is the output folder here."""
    plan = ArrowPlan(kb, job.shape, None, AS_IT_IS, "keep")
    keep = job.wanted.keep
    if taken := list(kept_wrongly(keep, keep, plan.result_schema.names, plan.name)):
        raise Rejected(taken)
    places = named(files, Path(os.path.abspath(job.out)))
    os.makedirs(job.out, exist_ok=True)
    jobs = tuple(replace(job, files=(file,), out=place) for place, file in places.items())
    numbers = spark.range(0, len(jobs), 1, len(jobs))
    done = numbers.mapInArrow(on_executors(Errands(kb, jobs)), from_arrow_schema(SCHEMA))
    with _in_words():
        by_place = {row["out"]: _done(row) for row in done.collect()}
    return FilesAssessed(tuple(by_place[str(place)] for place in places))


def session(master: str | None) -> SparkSession:
    """The current Spark session, or a new one; by default, executors use the same Python as the driver.

    Raises `Unfinished` if Spark does not start.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("cartsign")
    with _in_words():
        return (builder if master is None else builder.master(master)).getOrCreate()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    # Spark raises any exception of its libraries; no code of cartsign runs here.
    except Exception as error:
        raise Unfinished(_reason(str(error))) from error


def _done(row: Row) -> Done:
    lists = {name: tuple(row[name]) for name in ("differing", "warnings")}
    return Done(**row.asDict() | lists)


def _reason(said: str) -> str:
    """The line of Spark's error message that says why a task failed."""
    lines = [line for line in map(str.strip, said.splitlines()) if line and not line.startswith("at ")]
    return next((line for line in reversed(lines) if REASON.match(line)), lines[0] if lines else "")


def named(files: Iterable[str], out: Path) -> dict[Path, str]:
    """The input file by output path. Raises `Rejected` if a file cannot be read or two outputs clash."""
    found: dict[Path, str] = {}
    problems: list[Problem] = []
    seen: Seen = {}
    for each in files:
        root = Path(os.path.abspath(each))
        if root == out or root in out.parents:
            message = f"the results must not be in {quote(each)}, which has the input files"
            problems.append(
                Problem("output-is-input", message, Span(str(out)), "name a folder outside this folder")
            )
        for file in find(root, seen):
            problem = file if isinstance(file, Problem) else _placed(file, root, out, found)
            problems += [] if problem is None or problem.severity == "warning" else [problem]
    if problems:
        raise Rejected(problems)
    return found


def _placed(file: Path, root: Path, out: Path, found: dict[Path, str]) -> Problem | None:
    """Choose the output path of a file from its name and folders, or return a problem."""
    below = file.relative_to(root) if file != root else Path(file.name)
    place = out / ".".join([*below.parts[:-1], f"{below.stem}{RESULTS}"])
    if found.setdefault(place, str(file)) == str(file):
        return None
    message = f"its results would get the same name, {quote(place.name)}, as those of {quote(found[place])}"
    return Problem("same-name", message, Span(str(file)), "rename one of the two files")
