"""The words of `cartsign assess`, as values."""

from __future__ import annotations

from dataclasses import dataclass

from engine.assessments.chunks import Shape, Target
from engine.page import View
from facts.other_names.renaming import AS_IT_IS, Renaming

NESTED = (".jsonl", ".ndjson")
"""How files end that complete assessments are written to, if nothing else is said."""
EXPECT = "expect"


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the command line."""

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
        """The columns that are carried along; an id is in any case."""
        named = (name.strip() for each in self.keep for name in each.split(","))
        return tuple(dict.fromkeys(name for name in named if name and name != "id"))

    @property
    def carry(self) -> tuple[str, ...]:
        """What is read beside answers."""
        return tuple(dict.fromkeys([*self.kept, self.expect or EXPECT]))

    @property
    def is_run(self) -> bool:
        """Whether something is asked for that only a run of many cases has."""
        asked = (self.keep, self.expect, self.report, self.near_misses, self.unique_id, self.resume)
        forms = self.output is not None and not self.output.endswith(NESTED)
        return any(asked) or forms or self.shape is not None or self.target == "columns"
