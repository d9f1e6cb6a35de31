"""Runs of a small knowledge base without the command line: quick enough to be broken off many times."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from engine import KnowledgeBase, load
from engine.batch.counts import Outcome
from engine.batch.job import Job, Settings, suited
from engine.batch.run import run
from facts.tables.segment import Wanted

BASE = """
questions:
  age: {ask: How old?, kind: number, unit: years, minimum: 0, maximum: 120}
  ill: {ask: Ill?, kind: yes_no}
findings: {old: old}
rules:
  is-old: {when: {age: {at_least: 65}}, then: {finding: old}, because: It is so., ours: true}
"""
ROWS = 300


class Silent:
    """Hears of a run, and does `at_step` after each segment."""

    def __init__(self, at_step=lambda: None) -> None:
        self.at_step, self.warned = at_step, []

    def warn(self, problem):
        self.warned.append(problem.code)

    def reject(self, reject):
        pass

    def lines(self, data):
        pass

    def step(self, file, share, rows):
        self.at_step()


def small_base(folder: Path) -> KnowledgeBase:
    (folder / "base.yaml").write_text(BASE)
    return load(folder / "base.yaml")


def csv(first: int = 0, rows: int = ROWS, ill: str = "yes", bad: bool = True) -> str:
    """A file of cases of which some rows are rejected."""
    lines = (f"c{at},{'x' if bad and at % 50 == 7 else at % 100},{ill}" for at in range(first, first + rows))
    return "\n".join(["id,age,ill", *lines]) + "\n"


def job(kb: KnowledgeBase, out: Path, *files: Path, **options) -> Job:
    return suited(Job(tuple(map(str, files)), out, Wanted(kb.questions), Settings("wide", **options)), kb)


def done(job: Job, kb: KnowledgeBase, watch=None, resume: bool = False, stdin: bytes = b"") -> Outcome:
    return run(job, kb, BytesIO(stdin), watch or Silent(), resume)


def left(folder: Path) -> dict[str, bytes]:
    """Every file of a run, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if "out." in path.name}
