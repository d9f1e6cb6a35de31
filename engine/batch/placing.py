"""What becomes of the results of an earlier run where a new one ends without any.

In: a job. Out: its results, rejects and manifest under names of their own, so that nobody takes them for
those of the new run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.batch.job import Job
from engine.batch.journal import Busy, Changed
from engine.batch.watch import Watch
from facts.problem import Problem, Span, quoted


def earlier(path: Path) -> Path:
    """The name of a file of an earlier run that is set aside."""
    return path.with_name(f"{path.name}.earlier")


def set_aside(job: Job, watch: Watch) -> None:
    """Leave no results, rejects or manifest, and tell of it. What an earlier run without results left behind
    is removed, so that what is set aside belongs together. Raises `OSError`.
    """
    has_results, moved = os.path.lexists(job.out), []
    for path in (job.manifest, job.rejects, job.out):
        if has_results and os.path.lexists(path):
            os.replace(path, earlier(path))
            moved.append(earlier(path))
        elif has_results:
            earlier(path).unlink(missing_ok=True)
        else:
            path.unlink(missing_ok=True)
    if moved:
        message = f"earlier results are set aside as {quoted(map(str, reversed(moved)))}"
        help = "this run has no results; they are those of another"
        watch.warn(Problem("set-aside", message, Span(str(job.out)), help, severity="warning"))


@contextmanager
def no_results_but_new_ones(job: Job, watch: Watch) -> Iterator[None]:
    """Set earlier results aside where a run that was begun ends without any."""
    try:
        yield
    except (Busy, Changed):
        raise
    except BaseException:
        set_aside(job, watch)
        raise
