"""A file of cases to a file of results on an executor: a run as on one machine, and what came of it.

In: jobs of one file each, and the number of one. Out: a row that says how many rows became what. A job that
was broken off goes on where it was; one whose results lie there already, by the same rules from the same
file, is not done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from io import BytesIO
from time import sleep

import pyarrow as pa

from engine.batch.job import Job, suited, versions
from engine.batch.journal import Busy, Changed
from engine.batch.run import Disagrees, NothingAssessed, Outcome, run
from engine.meaning.assembly import identity
from engine.model.knowledge_base import KnowledgeBase
from facts.problem import Problem
from facts.reject import Group

PAUSE = 1.0
"""Seconds until the next look whether another try has ended."""
SCHEMA = pa.schema(
    {
        "file": pa.string(),
        "out": pa.string(),
        "assessed": pa.int64(),
        "rejected": pa.int64(),
        "unread": pa.int64(),
        "audited": pa.int64(),
        "earlier": pa.bool_(),
        "differing": pa.list_(pa.string()),
        "warnings": pa.list_(pa.string()),
    }
)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a file: rows assessed and rejected, and whether that was in an `earlier` run.

    `unread` of the rejects are the file itself, or stretches of it, that could not be read. `audited` of the
    rows were assessed once more on experta; where it said something else, `differing` has what it differs in,
    and there are no results. `warnings` are JSON: code, message, help.
    """

    file: str
    out: str
    assessed: int = 0
    rejected: int = 0
    unread: int = 0
    audited: int = 0
    earlier: bool = False
    differing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class Listener:
    """Hears of warnings, each once."""

    warnings: dict[str, None] = field(default_factory=dict)

    def warn(self, problem: Problem) -> None:
        """Keep it."""
        self.warnings[json.dumps([problem.code, problem.message, problem.help])] = None

    def reject(self, rejects: Group) -> None:
        """They are in the file of rejects."""

    def lines(self, data: bytes) -> None:
        """They are in the results."""

    def step(self, file: str, share: float, rows: int) -> None:
        """Spark tells of tasks."""


@dataclass(frozen=True, slots=True)
class Errands:
    """Jobs of one file each; what is run gets the numbers of those to do, in its first column."""

    kb: KnowledgeBase
    jobs: tuple[Job, ...]

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Do them one after the other; a row for each."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield pa.RecordBatch.from_pylist([asdict(done(self.jobs[number], self.kb))], SCHEMA)


def done(job: Job, kb: KnowledgeBase) -> Done:
    """Do a job, if it is not done. Where another try is still at it, wait for it: Spark may have lost sight
    of an executor that lives. Raises `OSError` where something cannot be written.
    """
    job = suited(job, kb)
    while (known := earlier(job, kb)) is None:
        try:
            return _done(job, kb)
        except Busy:
            sleep(PAUSE)
    return known


def _done(job: Job, kb: KnowledgeBase) -> Done:
    listener, (file,) = Listener(), job.files
    try:
        counts = _outcome(job, kb, listener).counts
    except Disagrees as error:
        names = sorted({name for each in error.differing for name in each.names})
        return Done(file, str(job.out), differing=tuple(names), warnings=tuple(listener.warnings))
    numbers = (counts.assessed, counts.rejected, counts.unread, len(counts.sample))
    return Done(file, str(job.out), *numbers, warnings=tuple(listener.warnings))


def _outcome(job: Job, kb: KnowledgeBase, listener: Listener) -> Outcome:
    try:
        return run(job, kb, BytesIO(), listener, resume=True)
    except Changed:
        return run(job, kb, BytesIO(), listener)
    except NothingAssessed as error:
        return error.outcome


def earlier(job: Job, kb: KnowledgeBase) -> Done | None:
    """What came of a job that was done before: its manifest says so, and the file is older and as long."""
    (file,) = job.files
    try:
        said = json.loads(job.manifest.read_bytes())
        given, written = os.stat(file), os.stat(job.manifest)
        was = [said["kb"], said["made_by"], said["options"], [each["bytes"] for each in said["inputs"]]]
        is_same = was == [identity(kb), versions(), job.options, [given.st_size]]
        is_there = all(
            (job.out.parent / each["file"]).stat().st_size == each["bytes"] for each in said["outputs"]
        )
        numbers = said["assessed"], said["rejected"], said["unread"], said["audit"]["rows"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not is_same or not is_there or given.st_mtime_ns > written.st_mtime_ns:
        return None
    return Done(file, str(job.out), *numbers, earlier=True)
