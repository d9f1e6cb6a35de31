"""The questions that hold cases open, counted: where the answer to just one of them would settle a case.

In: a canonical frame. Out: counts by question. A question holds a case open if it is open (`engine.asking`)
for a level above the established one, in a knowledge base without levels for any rule at all; these are the
questions that `ask_next` and `kept_open_by` rank by a level. Where it is the only one, its answer settles the
case: every answer only adds, so no question becomes open that was not. What is live costs more than the rules
themselves, so in a large run only every so many cases are looked at, always the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.network import network
from engine.plan.asking import live_strata, question_ranks
from engine.plan.gather import establishing
from engine.plan.truth import strata
from engine.summary.tally import Key
from engine.valuation import Prepared
from facts.table_layout import flag_of

ALL_OF = 20_000
"""So many cases are all looked at."""
SELDOM = 100
"""Of more, at least one in so many is, which costs some hundredths of the run."""
MOST = 100_000
"""About so many are looked at in the largest run."""


def one_in(cases: int | None) -> int:
    """How many cases there are to each that is looked at, by how many there are in all, None if unknown."""
    if cases is None:
        return SELDOM
    return max(min(-(-cases // ALL_OF), SELDOM), -(-cases // MOST), 1)


@dataclass(frozen=True, slots=True)
class Holding:
    """Counts questions. `steps` are applied one after the other."""

    questions: tuple[str, ...]
    steps: tuple[tuple[pl.Expr, ...], ...]
    sums: tuple[pl.Expr, ...]
    every: int

    def counts(self, answers: pl.DataFrame) -> dict[Key, int]:
        """The counts over every so many rows of a canonical frame, from the first."""
        looked_at = answers.gather_every(self.every)
        columns = looked_at.lazy()
        for step in self.steps:
            columns = columns.with_columns(step)
        cases, *sums = columns.select(self.sums).collect().row(0)
        kinds = [
            ("question", name, kind) for name in self.questions for kind in ("holds", "alone", "unknown")
        ]
        return {
            ("looked_at",): looked_at.height,
            ("held_open",): cases,
            **dict(zip(kinds, sums, strict=True)),
        }


def holding(prepared: Prepared, every: int) -> Holding:
    """What counts the questions of a knowledge base, in every so many cases."""
    kb = prepared.kb
    net = network(kb, prepared.definitions, _roots(prepared))
    steps = [
        *strata(net, kb.questions),
        establishing(prepared),
        *live_strata(net, prepared),
        question_ranks(net, prepared),
        [_holds(name, prepared) for name in kb.questions],
        [pl.sum_horizontal([f"holds:{name}" for name in kb.questions] or [pl.lit(0)]).alias("# holding")],
    ]
    sums = [(pl.col("# holding") > 0).sum().alias("held_open")]
    for name, question in kb.questions.items():
        holds = pl.col(f"holds:{name}")
        sums.append(holds.sum().alias(f"{name}:holds"))
        sums.append((holds & (pl.col("# holding") == 1)).sum().alias(f"{name}:alone"))
        sums.append((holds & pl.col(flag_of(question))).sum().alias(f"{name}:unknown"))
    return Holding(tuple(kb.questions), tuple(tuple(step) for step in steps if step), tuple(sums), every)


def _roots(prepared: Prepared) -> list[str]:
    """The rules that questions may hold a case open for."""
    kb = prepared.kb
    urgent = {id for level in kb.levels for id in prepared.rules_for[f"triage:{level}"]}
    return [f"rule:{id}" for id in kb.rules if id in urgent or not kb.levels]


def _holds(question: str, prepared: Prepared) -> pl.Expr:
    """Whether a question holds a case open; its rank is 0 where it is open, but for no higher level."""
    lowest = 1 if prepared.kb.levels else 0
    return (pl.col(f"open:{question}") >= lowest).fill_null(False).alias(f"holds:{question}")
