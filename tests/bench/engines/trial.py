"""One engine in a process of its own: made ready, found equal to ours, and then run as often as it is asked.

In: what to measure. Out: how many cases it takes, and for each word that is sent the seconds of a run
(`files`, `evaluate`), or the most memory so far (`memory`).
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import polars as pl

from engine.loading import load

from . import columns
from .checking import check, concluded_by_ours, same
from .command import command
from .floor import floor
from .work import Engine, Unable, Work, work_of


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine by its module and function; `whole` where it takes all cases at once, `codes` where yes and
    no are 1 and 0 in its file.
    """

    name: str
    module: str
    function: str = "engine"
    whole: bool = False
    codes: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What is measured: `source` has the cases; slow engines take as many as they do in some seconds."""

    entry: Entry
    base: str
    source: Path
    seconds: float
    checked: int


@dataclass(frozen=True, slots=True)
class Trial:
    """An engine that is ready: how many cases it takes, from file to file, and `facts` to evaluate alone."""

    cases: int
    files: Callable[[], object]
    facts: Callable[[], Callable[[], object]] | None = None


def serve(task: Task, pipe: Connection) -> None:
    """The other side: make an engine ready, say how many cases it takes, and do what is asked."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            trial = ready(task, Path(folder))
        except (ImportError, Unable) as error:
            return pipe.send(Unable(str(error)))
        except Exception as error:
            return pipe.send(RuntimeError(f"{task.entry.name}: {error!r}"))
        pipe.send(trial.cases)
        evaluate: Callable[[], object] | None = None
        while True:
            try:
                word = pipe.recv()
            except EOFError:
                return None
            if word == "evaluate" and evaluate is None and trial.facts is not None:
                evaluate = trial.facts()
            pipe.send(
                peak() if word == "memory" else timed(trial.files) if word == "files" else _alone(evaluate)
            )


def _alone(evaluate: Callable[[], object] | None) -> float:
    return 0.0 if evaluate is None else timed(evaluate)


def ready(task: Task, place: Path) -> Trial:
    """An engine with the rules in it, found equal to ours."""
    work, few, target = work_of(load(task.base)), place / "few.parquet", place / "out.parquet"
    pl.read_parquet(task.source, n_rows=task.checked).write_parquet(few)
    height = int(pl.scan_parquet(task.source).select(pl.len()).collect().item())
    match task.entry.module:
        case "floor":
            columns.engine(work).files(few, place / "like.parquet")
            return Trial(height, partial(floor, task.source, target, place / "like.parquet"))
        case "command":
            command(few, target, task.base)
            same(pl.read_parquet(target), concluded_by_ours(work, pl.read_parquet(few)).drop(work.rules))
            return Trial(height, partial(command, task.source, target, task.base))
        case module:
            made: Engine = getattr(import_module(f".{module}", __package__), task.entry.function)(work)
            return _trial(made, work, task, height, place)


def _trial(engine: Engine, work: Work, task: Task, height: int, place: Path) -> Trial:
    few, cases, source = pl.read_parquet(place / "few.parquet"), height, task.source
    if not task.entry.whole:
        few = few.head(affordable(engine, few, task.seconds))
        cases = affordable(engine, pl.read_parquet(task.source, n_rows=100_000), task.seconds)
        source = place / "in.parquet"
        pl.read_parquet(task.source, n_rows=cases).write_parquet(source)
    check(engine, work, few, place)

    def facts() -> Callable[[], object]:
        return partial(engine.evaluate, engine.own(pl.read_parquet(source)))

    return Trial(cases, partial(engine.files, source, place / "out.parquet"), facts)


def affordable(engine: Engine, frame: pl.DataFrame, seconds: float) -> int:
    """About so many of the cases as an engine evaluates in so many seconds."""
    number = 10
    while True:
        run = partial(engine.evaluate, engine.own(frame.head(number)))
        taken = min(timed(run), timed(run))
        if number >= frame.height or taken > seconds / 4:
            return min(frame.height, max(1, int(number * seconds / taken)))
        number *= 4


def timed(run: Callable[[], object]) -> float:
    """The seconds that something takes."""
    start = perf_counter()
    run()
    return perf_counter() - start


def peak() -> int:
    """The most memory of this process, and of those that it started, in megabytes."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + ended
    processes = ["self", *children.read_text().split()]
    running = sum(_most_memory(Path("/proc", each, "status").read_text()) for each in processes) // 1024
    return max(running, ended)


def _most_memory(status: str) -> int:
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
