"""A run: from files of cases to a file of results, with every row accounted for.

In: a job and its knowledge base. Out: the results, the rejects and a manifest, each complete or absent, and
the counts. An interrupted run can be resumed, and ends with the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from math import inf
from typing import BinaryIO

from engine.batch.audit import Disagreement, audited
from engine.batch.counts import Counts, Outcome, counts_from_plain
from engine.batch.inputs import HashedStream, Inputs, states_of, watched
from engine.batch.job import Job, fingerprint
from engine.batch.journal import Journal, opened
from engine.batch.manifest import manifest
from engine.batch.placing import (
    finish,
    mode_of,
    no_results_but_new_ones,
    place,
    see_free,
    set_aside,
)
from engine.batch.stream import in_order
from engine.batch.watch import Watch
from engine.batch.work import Worked, Worker, worker
from engine.columns.wide import in_large_morsels
from engine.experta_target import Engine
from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.summary.document import document
from facts.reject import Group, Rejects, group_of
from facts.tables.segment import RowsLost


class Taken(Exception):
    """Raised when `--keep` names a column that the results also have."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names


class TooManyRejects(Exception):
    """Raised when there are more rejects than the job allows."""


class Disagrees(Exception):
    """Raised when experta disagrees on rows of the sample; the results must not be used."""

    def __init__(self, differing: Sequence[Disagreement]) -> None:
        super().__init__()
        self.differing = differing


class NothingAssessed(Exception):
    """Raised when nothing at all could be assessed; only rejects and manifest are written."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def run(job: Job, kb: KnowledgeBase, stdin: BinaryIO, watch: Watch, resume: bool = False) -> Outcome:
    """Carry out a job.

    Raises `Taken`, `InTheWay`, `Busy` and `Changed` before it starts; nothing is then changed. Raises
    `InputChanged`, `TooManyRejects`, `Disagrees`, `RowsLost`, `NothingAssessed`, and `OSError` if something
    cannot be written; earlier results are then set aside. Finished segments are kept for `resume`, unless
    experta disagrees or rows are lost.
    """
    prepared = prepare(kb)
    at_work = worker(prepared, job)
    if at_work.taken:
        raise Taken(at_work.taken)
    see_free(job)
    with no_results_but_new_ones(job, watch):
        outcome = _done(job, at_work, stdin, watch, resume)
    if not outcome.has_results:
        raise NothingAssessed(outcome)
    return outcome


def _done(job: Job, at_work: Worker, stdin: BinaryIO, watch: Watch, resume: bool) -> Outcome:
    """Assess all segments, audit them, and give all files their names."""
    states, kb, mode = states_of(job), at_work.prepared.kb, mode_of(job)
    journal = opened(job, fingerprint(job, kb, states), resume, at_work.opening())
    with closing(journal):
        if journal.placed is None:
            with watched(job, stdin, states) as inputs, in_large_morsels():
                outcome = _assessed(job, at_work, journal, inputs, watch)
                described = manifest(job, kb, journal, inputs.measured(), outcome)
                inputs.check_all()
            finish(journal, mode, described, outcome.has_results)
            known = True
        else:
            outcome, known = _outcome(_counted_before(job, journal), at_work), False
        if not outcome.has_results:
            set_aside(job, watch)
        place(journal, mode, known)
    return outcome


def _assessed(job: Job, at_work: Worker, journal: Journal, inputs: Inputs, watch: Watch) -> Outcome:
    """Assess and write all segments, and audit the sample. Raises `Disagrees` and `RowsLost`."""
    try:
        with inputs.unchanged():
            counts = _all(job, at_work, journal, inputs, watch)
    except RowsLost:
        journal.discard()
        raise
    journal.write(at_work.closing(journal.pieces()))
    differing = audited(counts.sample, Engine(at_work.prepared), at_work.in_full) if counts.sample else []
    if differing:
        journal.discard()
        raise Disagrees(differing)
    return _outcome(counts, at_work)


def _outcome(counts: Counts, at_work: Worker) -> Outcome:
    return Outcome(counts, document(counts.summary, at_work.prepared.kb))


def printed(job: Job, kb: KnowledgeBase, stdin: BinaryIO, watch: Watch) -> Iterator[Worked]:
    """The results of each segment, for a run that writes no files. Raises `InputChanged`, at the
    latest in the end.
    """
    inputs = Inputs(job, HashedStream(stdin), states_of(job))
    with inputs.unchanged():
        yield from in_order(job, worker(prepare(kb), job), inputs, (), watch)
    inputs.check_all()


def _counted_before(job: Job, journal: Journal) -> Counts:
    counts = Counts()
    for entry in journal.entries:
        counts = counts.plus(counts_from_plain(entry.counted), job.settings.audit)
    return counts


def _all(job: Job, at_work: Worker, journal: Journal, inputs: Inputs, watch: Watch) -> Counts:
    """Process every unfinished segment, and return the total counts."""
    counts = _counted_before(job, journal)
    at_work.limit.lower(counts, job.settings.audit)
    room = _room(job, counts)
    done = [str(entry.counted["read"]) for entry in journal.entries]
    with closing(in_order(job, at_work, inputs, done, watch)) as working:
        for worked in working:
            left_out = LeftOut()
            journal.reject(_counted(worked.rejects, watch, left_out, room))
            own = replace(worked.counts, codes=left_out.codes, unread=left_out.unread)
            counts = counts.plus(own, job.settings.audit)
            at_work.limit.lower(counts, job.settings.audit)
            counted = {**own.among(counts).to_plain(), "read": worked.read()}
            written = worked.written
            if at_work.writes_lines:
                written = replace(written, data=map(_told(watch), written.data))
            journal.add(written, counted)
            room = _room(job, counts)
            watch.step(worked.file, worked.share, counts.rows)
    return counts


def _room(job: Job, counts: Counts) -> float:
    """The number of further rejects that a job allows. Raises `TooManyRejects` if it is exceeded already."""
    most = job.settings.max_rejects
    if most is None:
        return inf
    if counts.rejected > most:
        raise TooManyRejects
    return most - counts.rejected


@dataclass
class LeftOut:
    """The rejects of a segment: numbers by error code, and the number of those that could not be read."""

    codes: Counter[str] = field(default_factory=Counter)
    unread: int = 0

    def add(self, rejects: Group) -> None:
        """Count a group of rejects."""
        for kind, rows in rejects.rows.items():
            self.codes[kind.code] += rows
        self.unread += rejects.unread


def _counted(rejects: Rejects, watch: Watch, left_out: LeftOut, room: float) -> Iterator[bytes]:
    """The lines of rejects, reported and counted as they pass.

    Raises `TooManyRejects` before writing more than `room`; a run that allows more repeats their segment.
    """
    for group in rejects.groups():
        fits = left_out.codes.total() + group.rows.total() <= room
        for each in (group,) if fits else map(group_of, group.rejects()):
            watch.reject(each)
            left_out.add(each)
            if left_out.codes.total() > room:
                raise TooManyRejects
            yield each.lines()


def _told(watch: Watch) -> Callable[[bytes], bytes]:
    """Report each line to the watcher and pass it on."""

    def told(data: bytes) -> bytes:
        watch.lines(data)
        return data

    return told
