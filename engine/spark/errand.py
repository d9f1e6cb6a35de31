"""A run for one file on an executor, and its outcome.

In: jobs of one file each, and the number of one of them. Out: a row with the counts. An interrupted job is
resumed; one that already has results, by the same rules and from the same file, is not repeated.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from io import BytesIO
from time import sleep

import pyarrow as pa

from engine.batch.counts import Outcome
from engine.batch.job import Job, suited, versions
from engine.batch.journal import Busy, Changed
from engine.batch.run import Disagrees, NothingAssessed, run
from engine.model.knowledge_base import KnowledgeBase, identity
from facts.problem import Problem
from facts.reject import Group

PAUSE = 1.0
"""Seconds between checks whether another attempt has ended."""
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
    """The outcome for a file: rows assessed and rejected, and whether an `earlier` run did it.

    `unread` rejects are the file itself, or parts of it, that could not be read. `audited` rows were assessed
    again on experta; if it disagreed, `differing` has the names of the differing fields, and there are no
    results. `warnings` are JSON lists: code, message, help.
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
    """Collects warnings, each once."""

    warnings: dict[str, None] = field(default_factory=dict)

    def warn(self, problem: Problem) -> None:
        """Record a warning."""
        self.warnings[json.dumps([problem.code, problem.message, problem.help])] = None

    def reject(self, rejects: Group) -> None:
        """Do nothing: the rejects are in their file."""

    def lines(self, data: bytes) -> None:
        """Do nothing: the lines are in the results."""

    def step(self, file: str, share: float, rows: int) -> None:
        """Do nothing: Spark reports progress by tasks."""


@dataclass(frozen=True, slots=True)
class Errands:
    """Jobs of one file each; the first column of a batch contains the numbers of the jobs to run."""

    kb: KnowledgeBase
    jobs: tuple[Job, ...]

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Run the jobs one after the other; yields one row per job."""
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield pa.RecordBatch.from_pylist([asdict(done(self.jobs[number], self.kb))], SCHEMA)


def done(job: Job, kb: KnowledgeBase) -> Done:
    """Run a job unless it is done already.

    If another attempt is still running, wait for it, because Spark may have lost contact with a live
    executor. Raises `OSError` if something cannot be written.
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
    """The outcome of a job that was done before, or None.

    The manifest must match the job, and the input must be older than it and have the same size.
    """
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
