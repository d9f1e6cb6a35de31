"""Tries mutants: each runs the tests that concern its module, in a process of its own, and dies or survives.

In: mutants with the pytest arguments of their tests. Out: the fate of each. Each process is forked from one
that has imported everything but the project, so that it costs little more than its tests. The changed text
replaces the module when it is imported; no file is changed. Further processes that a test starts run the
unchanged code.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import CodeType

from .mutants import ROOT, Mutant

HEAVY = (
    "hypothesis.internal.conjecture.engine",
    "jinja2",
    "jsonschema",
    "numpy",
    "polars",
    "polars.testing",
    "pytest",
)
MOST_MEMORY = 6 << 30
SLOWER = 3
"""A mutant may take this many times the processor time of the unchanged module, and then counts as killed."""
BROKEN = 70
"""The exit code of a mutant that cannot even be imported."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a mutant: its fate, and the processor seconds that it took."""

    mutant: Mutant
    fate: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """A mutant and how to try it: the pytest arguments, and the processor seconds that it may take."""

    mutant: Mutant
    path: Path
    tests: Sequence[str]
    limit: float = 300


class _Changed(importlib.abc.SourceLoader, importlib.abc.MetaPathFinder):
    """Imports one module from the text of a mutant."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def find_spec(self, name: str, *_: object) -> object:
        path = self.task.path
        if name != self.task.mutant.module:
            return None
        inside = [str(path.parent)] if path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            name, path, loader=self, submodule_search_locations=inside
        )

    def get_filename(self, name: str) -> str:
        return str(self.task.path)

    def get_data(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def get_code(self, name: str) -> CodeType:
        return compile(self.task.mutant.code, self.task.path, "exec", dont_inherit=True)


def prepared() -> None:
    """Import what every trial needs, but nothing of the project, and keep to one thread."""
    os.environ |= {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.chdir(ROOT)
    for name in HEAVY:
        import_module(name)


def tried(tasks: Iterable[Task], jobs: int) -> Iterator[Trial]:
    """What comes of each task, in the order in which they end."""
    running: dict[int, tuple[Task, str]] = {}
    for task in tasks:
        if len(running) == jobs:
            yield _ended(running)
        folder = mkdtemp(prefix="mutant-")
        running[_forked(lambda task=task, folder=folder: _tests(task, folder))] = task, folder
    while running:
        yield _ended(running)


def _ended(running: dict[int, tuple[Task, str]]) -> Trial:
    pid, status, used = os.wait4(-1, 0)
    task, folder = running.pop(pid)
    rmtree(folder, ignore_errors=True)
    code = os.waitstatus_to_exitcode(status)
    fate = {0: "survived", BROKEN: "broken"}.get(
        code, "slow" if code in (-signal.SIGXCPU, -signal.SIGALRM) else "killed"
    )
    return Trial(task.mutant, fate, used.ru_utime + used.ru_stime)


def _forked(run: Callable[[], int]) -> int:
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    code = 1
    try:
        code = run()
    finally:
        os._exit(code)


def _tests(task: Task, folder: str) -> int:
    """Run the tests of a mutant in this process, which has not imported any of the project."""
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (int(task.limit) + 1, int(task.limit) + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    signal.alarm(int(30 * task.limit) + 60)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.meta_path.insert(0, _Changed(task))
    try:
        import_module(task.mutant.module)
    except Exception:
        return BROKEN
    quiet = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:benchmark")
    return int(pytest.main([*quiet, "--basetemp", f"{folder}/t", *task.tests]))
