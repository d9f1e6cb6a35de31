"""The arguments of `cartsign assess` as values, and the job that they describe.

Arguments that contradict each other, or outputs that would overwrite inputs, are reported and end the
command.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from engine.batch.job import Job, inputs_of, journal_of, part_of, suited
from engine.commands.shared import BROKEN, tell
from engine.model.assessment import Shape, Target
from engine.model.knowledge_base import KnowledgeBase
from engine.page import View
from facts.other_names.renaming import AS_IT_IS, Renaming
from facts.problem import Problem, Span, quoted
from facts.tables.segment import Wanted
from facts.tables.sinks import sink

NESTED = (".jsonl", ".ndjson")
"""Suffixes of output files that contain complete assessments by default."""
EXPECT = "expect"


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of the command line."""

    files: tuple[str, ...]
    output: str | None
    only: str | None
    as_lines: bool
    everything: bool
    shape: Shape | None
    keep: tuple[str, ...]
    mapped: str | None
    expect: str | None
    report: str | None
    near_misses: bool
    unique_id: bool
    max_rejects: int | None
    resume: bool
    audit: int
    seed: int
    target: Target | None
    formulas: bool
    view: View
    html: str | None
    kb_path: str | None

    renaming: Renaming = AS_IT_IS

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns to keep; `id` is always kept."""
        named = (name.strip() for each in self.keep for name in each.split(","))
        return tuple(dict.fromkeys(name for name in named if name and name != "id"))

    @property
    def carry(self) -> tuple[str, ...]:
        """The columns that are read besides answers."""
        return tuple(dict.fromkeys([*self.kept, self.expect or EXPECT]))

    @property
    def is_run(self) -> bool:
        """Whether any option applies only to a run of many cases."""
        asked = (self.keep, self.expect, self.report, self.near_misses, self.unique_id, self.resume)
        forms = self.output is not None and not self.output.endswith(NESTED)
        return any(asked) or forms or self.shape is not None or self.target == "columns"


def job_of(asked: Asked, out: Path, kb: KnowledgeBase) -> Job:
    """The job; contradictory options are reported and end the command."""
    shape: Shape = asked.shape or ("full" if out.suffix in NESTED else "wide")
    target: Target = asked.target or "columns"
    if shape == "full" and out.suffix == ".csv":
        help = "name a file that ends in `.jsonl` or `.parquet`, or ask for `--shape wide`"
        _refused("complete assessments are nested, and CSV is not", out, help)
    if target == "experta" and (shape == "wide" or out.suffix not in NESTED):
        help = "name a file that ends in `.jsonl`, or leave out `--target`"
        _refused("experta makes complete assessments, as JSON lines", out, help)
    wanted = Wanted(
        kb.questions, asked.kept, asked.expect or EXPECT, asked.renaming, asked.expect is not None
    )
    if asked.as_lines and (shape == "wide" or out.suffix not in NESTED):
        _refused("lines of JSON are complete assessments", out, "leave out `--json`, or name a `.jsonl` file")
    job = Job(
        files=asked.files,
        out=out,
        shape=shape,
        wanted=wanted,
        seed=asked.seed,
        audit=asked.audit,
        max_rejects=asked.max_rejects,
        unique=asked.unique_id,
        near_misses=asked.near_misses,
        target=target,
        formulas=asked.formulas,
    )
    return _fitting(suited(job, kb))


def _fitting(job: Job) -> Job:
    """The job, if its output format can hold the kept columns; otherwise report that and end the command."""
    form = sink(job.out.suffix)
    lacking = {name: form.lacks(dtype) for name, dtype in job.wanted.kept.items() if form.lacks(dtype)}
    for said in lacking.values():
        names = quoted(name for name, each in lacking.items() if each == said)
        help = "name a file that ends in `.parquet`"
        _refused(f"{names} holds {said}, and {form.name} does not", job.out, help)
    return job


def spare_inputs(job: Job) -> None:
    """Ensure that the run does not overwrite its inputs; otherwise report that and end the command."""
    inputs = [Path(file) for file in inputs_of(job) if os.path.exists(file)]
    for path in (
        job.rejects,
        job.manifest,
        part_of(job.out),
        part_of(job.rejects),
        part_of(job.manifest),
        journal_of(job),
    ):
        if path.exists() and any(path.samefile(each) for each in inputs):
            message, help = "the run would overwrite what it reads", "name another file with `-o`"
            tell([Problem("output-is-input", message, Span(str(path)), help)])
            sys.exit(BROKEN)


def _refused(message: str, out: Path, help: str) -> NoReturn:
    tell([Problem("output-shape", message, Span(str(out)), help)])
    sys.exit(BROKEN)
