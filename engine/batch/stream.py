"""The segments of a run, processed in parallel and taken in the order of the files.

In: a job, its worker and its inputs. Out: the results of each segment. Two segments are processed while
another is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import count

from engine.batch.counts import Counts
from engine.batch.inputs import Inputs
from engine.batch.job import Job
from engine.batch.journal import Changed
from engine.batch.watch import Watch
from engine.batch.work import Worked, Worker
from facts.files.segments import segments
from facts.other_names.notes import Told
from facts.problem import Problem
from facts.reject import Reject, rejects_of
from facts.tables.segment import Segment
from facts.tables.sinks import Written

AT_ONCE = 2
"""Number of segments processed in parallel; one more waits."""


def in_order(
    job: Job, at_work: Worker, inputs: Inputs, done: Sequence[str], watch: Watch
) -> Generator[Worked, None, None]:
    """The results of each segment in order, without the finished ones.

    `done` contains the checksums of the input read for those. Raises `Changed` if the input is different now.
    """
    numbers, waiting, told = count(), deque[Future[Worked]](), Told()
    with ThreadPoolExecutor(1 if at_work.needs_order else AT_ONCE) as pool:
        try:
            for found in segments(job.files, job.wanted, inputs.stdin, inputs.opened):
                if isinstance(found, Problem):
                    watch.warn(found)
                    continue
                number, read = next(numbers), inputs.read_for(*_files_of(found))
                if number >= len(done):
                    waiting.append(pool.submit(_one, found, number, at_work, read))
                elif read() != done[number]:
                    raise Changed(found.file)
                elif job.settings.unique_id and isinstance(found, Segment):
                    pool.submit(at_work.read, found).result()
                if len(waiting) > AT_ONCE:
                    yield _noted(waiting.popleft().result(), told, watch)
            while waiting:
                yield _noted(waiting.popleft().result(), told, watch)
            for note in told.rest():
                watch.warn(note)
        finally:
            pool.shutdown(cancel_futures=True)


def _noted(worked: Worked, told: Told, watch: Watch) -> Worked:
    """The results of a segment, after its warnings were reported."""
    for note in told.new(worked.notes):
        watch.warn(note)
    return worked


def _files_of(found: Segment | Reject) -> tuple[str, ...]:
    return found.files or (found.file,) if isinstance(found, Segment) else (found.file,)


def _one(found: Segment | Reject, number: int, at_work: Worker, read: Callable[[], str]) -> Worked:
    if isinstance(found, Segment):
        return replace(at_work.work(found, number), read=read)
    return Worked(found.file, 1, Written(()), rejects_of([found]), Counts(), read=read)
