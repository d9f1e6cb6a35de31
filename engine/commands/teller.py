"""Reports on a running batch: the problems of the first rows, and the progress.

In: the events of a run (`engine.batch.watch.Watch`). Out: problems as they occur, and in a terminal a
progress bar with the rate and the remaining time.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice, takewhile
from time import monotonic
from typing import TYPE_CHECKING

from engine.batch.job import Job, inputs_of
from engine.commands.shared import tell
from engine.summary.tables import MOST_ROWS
from facts.problem import Problem, quote
from facts.reject import Group

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

TOLD = 10
"""Number of rejects whose problems are printed; all are printed if they are recorded nowhere else."""


@dataclass
class Teller:
    """Prints problems as they occur, and updates the progress bar."""

    told: int = TOLD
    named: int = 0
    """Number of rows whose problems were printed."""
    left_out: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Number of rejected rows by problem."""
    first: list[dict[str, object]] = field(default_factory=list)
    warned: set[str] = field(default_factory=set)
    progress: Progress | None = None
    task: TaskID | None = None
    started: float = field(default_factory=monotonic)
    sizes: dict[str, int] = field(default_factory=dict)
    done: dict[str, float] = field(default_factory=dict)

    def warn(self, problem: Problem) -> None:
        """Print a warning, once for all files."""
        said = f"{problem.code} {problem.subject} {problem.message}"
        if said not in self.warned:
            self.warned.add(said)
            tell([problem])

    def reject(self, rejects: Group) -> None:
        """Print the problems of the first rejects, and count all of them."""
        self.left_out += rejects.rows.total()
        for (code, subject), rows in rejects.rows.items():
            self.kinds[f"{code} in {quote(subject)}" if subject else code] += rows
        for reject in islice(rejects.rejects(), self.told) if self.told else ():
            self.told -= 1
            self.named += reject.rows
            tell(reject.problems)

    def lines(self, data: bytes) -> None:
        """Keep the first assessments that are written as lines."""
        room = MOST_ROWS + 1 - len(self.first)
        self.first += map(json.loads, islice(BytesIO(data), room))

    def step(self, file: str, share: float, rows: int) -> None:
        """Update the progress; files are processed in order, small ones several at a time."""
        before = takewhile(lambda each: each != file, self.sizes)
        self.done |= dict.fromkeys(before if file in self.sizes else (), 1.0) | {file: share}
        if self.progress is not None and self.task is not None:
            done = sum(self.sizes.get(each, 0) * part for each, part in self.done.items())
            rate = rows / max(monotonic() - self.started, 1e-9)
            self.progress.update(self.task, completed=done, rows=f"{rows:,} rows, {rate:,.0f} a second")


@contextmanager
def progress(job: Job, teller: Teller) -> Iterator[None]:
    """Show a progress bar with the rate and the remaining time, in a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        teller.progress = progress
        teller.sizes = {file: os.path.getsize(file) for file in inputs_of(job) if os.path.exists(file)}
        teller.task = progress.add_task("", total=sum(teller.sizes.values()) or None, rows="")
        yield
