"""Complete assessments of many cases from columns, as columns of a file or as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.assessments.complete import ORDER, Plan, compile_plan, lines, stored, written
from engine.meaning.valuation import Prepared
from facts.case import Case
from facts.tables.frame import frame_of

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Complete:
    """The plan for complete assessments, as columns or as lines of JSON."""

    plan: Plan
    as_lines: bool

    @property
    def names(self) -> Sequence[str]:
        """The names of the result columns."""
        return ORDER

    def columns(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The fields of the assessments of a canonical frame, without `id`."""
        return self.plan.apply(frame.lazy()).collect().drop("id")

    def lines(self, frame: pl.DataFrame) -> Iterator[str]:
        """The assessments of a canonical frame as lines of JSON."""
        return (line for part in lines(self.plan, frame) for line in part["line"])

    def of_cases(self, cases: Sequence[Case]) -> list[dict[str, object]]:
        """The assessments of cases as plain values; in the form of columns only `fired` and `open`."""
        frame = frame_of(cases, self.plan.prepared.kb.questions)
        if self.as_lines:
            return [json.loads(line) for line in self.lines(frame)]
        kept = self.plan.apply(frame.lazy()).select("fired", "open").collect().to_dicts()
        return [
            {name: [id for id, holds in (said or {}).items() if holds] for name, said in each.items()}
            for each in kept
        ]


def complete(prepared: Prepared, as_lines: bool) -> Complete:
    """The plan for the complete assessments of a knowledge base."""
    return Complete(compile_plan(prepared, written if as_lines else stored), as_lines)
