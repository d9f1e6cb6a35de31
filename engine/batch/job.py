"""The specification of a run: its files, where the results go, its reading options and its settings.

In: what the user asked for. Out: a job, and its fingerprint. A run continues an earlier one only if both have
the same rules, versions, files and options.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from engine.batch import AUDITED
from engine.model.assessment import Shape, Target
from engine.model.knowledge_base import KnowledgeBase, identity
from facts.files.segments import kept_types
from facts.paths import find_all
from facts.problem import Problem
from facts.tables.segment import ROWS, Wanted

MANY_RULES = 400
"""Maximum number of rules with full-sized segments; more rules use more memory per row."""
STDIN = "-"
NESTED = (".jsonl", ".ndjson")
"""Suffixes of output files that contain complete assessments by default."""
FEWEST_ROWS = 65_536
"""Minimum number of rows per segment; below it, the overhead of a query outweighs the rules."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run, named like the options of `cartsign assess` and as in the manifest.

    Without `shape`, the suffix of the output decides. `unique_id` rejects repeated ids; the run stops after
    more than `max_rejects` rejects. With `formulas`, text in CSV is not escaped, even if a spreadsheet would
    run it as a formula.
    """

    shape: Shape | None = None
    seed: int = 0
    audit: int = AUDITED
    unique_id: bool = False
    near_misses: bool = False
    target: Target | None = None
    formulas: bool = False
    max_rejects: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """The specification of a run: `wanted` says how its files are read, `settings` all else."""

    files: tuple[str, ...]
    out: Path
    wanted: Wanted = field(repr=False)
    settings: Settings = Settings()

    @property
    def shape(self) -> Shape:
        """The shape of the results."""
        return self.settings.shape or ("full" if self.out.suffix in NESTED else "wide")

    @property
    def target(self) -> Target:
        """The machine that makes the results."""
        return self.settings.target or "columns"

    @property
    def rejects(self) -> Path:
        """The path of the rejects."""
        return self.out.with_name(f"{self.out.name}.rejects.jsonl")

    @property
    def manifest(self) -> Path:
        """The path of the manifest."""
        return self.out.with_name(f"{self.out.name}.manifest.json")

    @property
    def placed(self) -> tuple[Path, ...]:
        """Every file that the run produces; the manifest is last."""
        return self.rejects, self.out, self.manifest

    @property
    def options(self) -> dict[str, object]:
        """The options that determine the results, besides files and rules."""
        wanted = self.wanted
        settings = asdict(replace(self.settings, shape=self.shape, target=self.target))
        del settings["max_rejects"]
        return {
            "shape": self.shape,
            "keep": list(wanted.keep),
            "expect": wanted.expect,
            "map": {"columns": wanted.renaming.columns, "values": wanted.renaming.values},
            **settings,
        }


def rows_at_a_time(kb: KnowledgeBase, shape: Shape) -> int:
    """The number of rows per segment that fits in memory."""
    rows = ROWS if shape == "wide" else ROWS // 2
    return max(FEWEST_ROWS, rows * MANY_RULES // max(MANY_RULES, len(kb.rules)))


def suited(job: Job, kb: KnowledgeBase) -> Job:
    """The job with the number of rows per segment and the types of the kept columns filled in."""
    wanted = replace(job.wanted, rows=rows_at_a_time(kb, job.shape))
    return replace(job, wanted=replace(wanted, kept=kept_types(job.files, wanted)))


def versions() -> dict[str, str]:
    """The versions of the packages that determine the results, by name of the package."""
    return {name: version(name) for name in ("cartsign", "polars", "experta")}


def fingerprint(job: Job, kb: KnowledgeBase, states: Mapping[str, State]) -> dict[str, object]:
    """What must be unchanged for a run to be resumed; the bytes of the files are compared separately."""
    inputs = [[file, state.size, state.written] for file, state in states.items()]
    inputs += [[STDIN, 0, 0]] if STDIN in job.files else []
    rows = job.wanted.rows
    return {"kb": identity(kb), "made_by": versions(), "options": job.options, "rows": rows, "inputs": inputs}


def inputs_of(job: Job) -> Iterator[str]:
    """Every file that is read, `-` for standard input."""
    for found in find_all(job.files):
        if not isinstance(found, Problem):
            yield STDIN if found is None else str(found)


@dataclass(frozen=True, slots=True)
class State:
    """The identity of a file, its size in bytes, and the times of its last change in nanoseconds."""

    device: int = 0
    inode: int = 0
    size: int = 0
    written: int = 0
    changed: int = 0


def state_of(file: str) -> State:
    """The state of a file; all 0 if it cannot be determined."""
    try:
        found = os.stat(file)
    except OSError:
        return State()
    return State(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def part_of(path: Path) -> Path:
    """The hidden file that will be renamed to this path."""
    return path.with_name(f".{path.name}.part")


def journal_of(job: Job) -> Path:
    """The path of the journal of a job."""
    return job.out.with_name(f".{job.out.name}.journal")
