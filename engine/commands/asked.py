"""The arguments of `cartsign assess` as values, and the job that they describe.

Arguments that contradict each other, or outputs that would overwrite inputs, are reported and end the
command.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from engine.batch.job import NESTED, Job, Settings, inputs_of, journal_of, part_of, suited
from engine.commands.shared import end
from engine.model.knowledge_base import KnowledgeBase
from engine.page import View
from facts.other_names.renaming import Renaming, read_renaming
from facts.problem import Problem, Span, quoted
from facts.tables.segment import Wanted
from facts.tables.sinks import sink
from facts.vocabulary import Questionnaire

EXPECT = "expect"


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of the command line."""

    files: tuple[str, ...]
    output: str | None
    only: str | None
    as_lines: bool
    everything: bool
    keep: tuple[str, ...]
    mapped: str | None
    expect: str | None
    report: str | None
    resume: bool
    view: View
    prove: bool
    html: str | None
    kb_path: str | None
    settings: Settings

    @property
    def is_run(self) -> bool:
        """Whether any option applies only to a run of many cases."""
        asked, settings = (self.keep, self.expect, self.report, self.resume), self.settings
        forms = self.output is not None and not self.output.endswith(NESTED)
        forms = forms or settings.shape is not None or settings.target == "columns"
        return any(asked) or forms or settings.near_misses or settings.unique_id


def wanted_of(asked: Asked, questions: Questionnaire) -> Wanted:
    """How the files are read; problems with a renaming are reported and end the command."""
    named = (name.strip() for each in asked.keep for name in each.split(","))
    # `id` is always kept.
    kept = tuple(dict.fromkeys(name for name in named if name and name != "id"))
    wanted = Wanted(questions, kept, asked.expect or EXPECT, expects=asked.expect is not None)
    if asked.mapped is None:
        return wanted
    return replace(wanted, renaming=renaming_of(asked.mapped, questions, wanted.carry))


def renaming_of(mapped: str, questions: Questionnaire, carry: Sequence[str]) -> Renaming:
    """The renaming in a file, where `carry` names the columns read besides answers.

    Problems with it are reported and end the command.
    """
    renaming, problems = read_renaming(mapped, questions, carry)
    if problems:
        end(*problems)
    return renaming


def job_of(asked: Asked, wanted: Wanted, out: Path, kb: KnowledgeBase) -> Job:
    """The job; contradictory options are reported and end the command."""
    job = Job(asked.files, out, wanted, asked.settings)
    is_nested = job.shape == "full" and out.suffix in NESTED
    if job.shape == "full" and out.suffix == ".csv":
        help = "name a file that ends in `.jsonl` or `.parquet`, or ask for `--shape wide`"
        _refused("CSV cannot hold complete assessments", out, help)
    if job.target == "experta" and not is_nested:
        help = "name a file that ends in `.jsonl`, or remove `--target`"
        _refused("experta only writes complete assessments, as JSON lines", out, help)
    if asked.as_lines and not is_nested:
        _refused(
            "`--json` writes complete assessments",
            out,
            ("remove `--json`, or name a file that ends in `.jsonl`"),
        )
    return _fitting(suited(job, kb))


def _fitting(job: Job) -> Job:
    """The job, if its output format can hold the kept columns; otherwise report that and end the command."""
    form = sink(job.out.suffix)
    lacking = {name: form.lacks(dtype) for name, dtype in job.wanted.kept.items() if form.lacks(dtype)}
    for said in lacking.values():
        names = quoted(name for name, each in lacking.items() if each == said)
        help = "name a file that ends in `.parquet`"
        _refused(f"{form.name} cannot hold {said}, as in {names}", job.out, help)
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
            message, help = "the run would overwrite a file that it reads", "name another file with `-o`"
            end(Problem("output-is-input", message, Span(str(path)), help))


def _refused(message: str, out: Path, help: str) -> NoReturn:
    end(Problem("output-shape", message, Span(str(out)), help))
