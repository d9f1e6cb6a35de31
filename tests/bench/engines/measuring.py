"""How an engine is measured: in a process of its own, found equal to ours first, by the median of some runs.

In: which engine, a knowledge base, a Parquet file of cases. Out: cases a second, for evaluation alone and
from file to file, and the most memory that its processes had while they went from file to file.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import polars as pl

from engine.loading import load

from . import columns
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
    runs: int
    seconds: float
    checked: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Cases a second and megabytes; None where that was not measured."""

    cases: int
    evaluation: float | None
    files: float
    memory: int | None


def measured(task: Task) -> Figures | str:
    """The figures of an engine, or why there are none."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(task, theirs))
    process.start()
    theirs.close()
    try:
        answer: Figures | str | Exception = ours.recv()
    except EOFError:
        answer = "its process died"
    process.join()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _answer(task: Task, to: Any) -> None:
    try:
        to.send(_figures(task))
    except (ImportError, Unable) as error:
        to.send(f"{type(error).__name__.lower()}: {error}" if isinstance(error, ImportError) else str(error))
    except Exception as error:
        to.send(RuntimeError(f"{task.entry.name}: {error!r}"))


def _figures(task: Task) -> Figures:
    work = work_of(load(task.base))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        match task.entry.module:
            case "floor":
                return _floor(work, task, place)
            case "command":
                return _command(work, task, place)
            case module:
                engine: Engine = getattr(import_module(f".{module}", __package__), task.entry.function)(work)
                return _engine(engine, work, task, place)


def _engine(engine: Engine, work: Work, task: Task, place: Path) -> Figures:
    few = pl.read_parquet(task.source, n_rows=task.checked)
    if not task.entry.whole:
        few = few.head(affordable(engine, few, task.seconds))
    check(engine, work, few, place)
    height = pl.scan_parquet(task.source).select(pl.len()).collect().item()
    cases = height
    if not task.entry.whole:
        many = pl.read_parquet(task.source, n_rows=100_000)
        cases = affordable(engine, many, task.seconds)
    source = task.source if cases == height else place / "in.parquet"
    if cases < height:
        pl.read_parquet(task.source, n_rows=cases).write_parquet(source)
    files = rate(lambda: engine.files(source, place / "out.parquet"), cases, task.runs)
    memory = peak()
    own = engine.own(pl.read_parquet(source))
    return Figures(cases, rate(lambda: engine.evaluate(own), cases, task.runs), files, memory)


def _floor(work: Work, task: Task, place: Path) -> Figures:
    cases, like, target = _height(task), place / "like.parquet", place / "out.parquet"
    columns.engine(work).files(_few(task, place), like)
    files = rate(lambda: floor(task.source, target, like), cases, task.runs)
    return Figures(cases, None, files, peak())


def _command(work: Work, task: Task, place: Path) -> Figures:
    few, target = _few(task, place), place / "out.parquet"
    command(few, target, task.base)
    same(pl.read_parquet(target), _ours(work, pl.read_parquet(few)).drop(work.rules))
    files = rate(lambda: command(task.source, target, task.base), _height(task), task.runs)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return Figures(_height(task), None, files, most)


def _height(task: Task) -> int:
    return int(pl.scan_parquet(task.source).select(pl.len()).collect().item())


def _few(task: Task, place: Path) -> Path:
    few = place / "few.parquet"
    pl.read_parquet(task.source, n_rows=task.checked).write_parquet(few)
    return few


def affordable(engine: Engine, frame: pl.DataFrame, seconds: float) -> int:
    """About so many of the cases as an engine evaluates in so many seconds."""
    number = 10
    while True:
        own = engine.own(frame.head(number))
        taken = min(timed(lambda: engine.evaluate(own)) for _ in range(2))  # noqa: B023
        if number >= frame.height or taken > seconds / 4:
            return min(frame.height, max(1, int(number * seconds / taken)))
        number *= 4


def check(engine: Engine, work: Work, frame: pl.DataFrame, place: Path) -> None:
    """Raise unless an engine concludes what ours does, in memory and from file to file."""
    ours = _ours(work, frame)
    same(engine.columns(engine.evaluate(engine.own(frame))), ours)
    source, target = place / "few.parquet", place / "few-out.parquet"
    frame.write_parquet(source)
    engine.files(source, target)
    same(pl.read_parquet(target), ours.drop(work.rules))


def _ours(work: Work, frame: pl.DataFrame) -> pl.DataFrame:
    engine = columns.engine(work)
    return engine.evaluate(engine.own(frame))


def same(theirs: pl.DataFrame, ours: pl.DataFrame) -> None:
    """Raise where a column of ours is not the same in theirs."""
    theirs, ours = theirs.sort("id"), ours.sort("id")
    if lacking := [name for name in ours.columns if name not in theirs.columns]:
        raise AssertionError(f"columns that are lacking: {', '.join(lacking)}")
    for name, dtype in ours.schema.items():
        differ = theirs[name].cast(dtype).ne_missing(ours[name])
        if differ.any():
            at = differ.arg_max()
            said = f"{theirs[name][at]} and not {ours[name][at]}"
            raise AssertionError(f"`{name}` of {ours['id'][at]} is {said}; {differ.sum()} cases differ")


def rate(run: Callable[[], object], cases: int, runs: int) -> float:
    """Cases a second, by the median of some runs after one that does not count."""
    run()
    return cases / median(timed(run) for _ in range(runs))


def timed(run: Callable[[], object]) -> float:
    """The seconds that something takes."""
    start = perf_counter()
    run()
    return perf_counter() - start


def peak() -> int:
    """The most memory of this process, and of those that it started and that still run, in megabytes."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    processes = ["self", *children.read_text().split()]
    return sum(_most_memory(Path("/proc", process, "status").read_text()) for process in processes) // 1024


def _most_memory(status: str) -> int:
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
