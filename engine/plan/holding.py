"""The questions that hold cases open, counted: where the answer to just one of them would settle a case.

In: a canonical frame. Out: counts by question. A question holds a case open if it is open (`engine.asking`)
for a level above the established one, in a knowledge base without levels for any rule at all; these are the
questions that `ask_next` and `kept_open_by` rank by a level. Where it is the only one, its answer settles the
case: every answer only adds, so no question becomes open that was not. What is live costs more than the rules
themselves, so of a large segment only every so many rows are looked at, always the same ones, and what is
counted there is scaled to all of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from engine.model import KnowledgeBase
from engine.network import within
from engine.plan.asking import Asking, asking
from engine.plan.truth import strata
from engine.plan.wide import WidePlan
from engine.summary.tally import Key
from engine.valuation import Prepared, questions_of
from facts.table_layout import flag_of, schema_of

MOST = 5_000
"""So many rows of a segment are looked at, which costs hardly more than to look at one."""
HOLDING = "# holding"
"""The column with the number of questions that hold a case open; no question is called so."""
PRUNED = pl.QueryOptFlags.none(projection_pushdown=True)
"""Of so few rows, to plan a query costs more than what the plan saves."""
KINDS = ("holds", "alone", "unknown")


@dataclass(frozen=True, slots=True)
class Holding:
    """Counts questions. `steps` are applied one after the other."""

    questions: tuple[str, ...]
    columns: tuple[str, ...]
    """The columns of a canonical frame that are read."""
    steps: tuple[tuple[pl.Expr, ...], ...]
    sums: tuple[pl.Expr, ...]

    def counts(self, answers: pl.DataFrame) -> dict[Key, int]:
        """The counts over the rows of a canonical frame."""
        every = max(1, -(-answers.height // MOST))
        looked_at = -(-answers.height // every)
        # Rows by their numbers take half the time of `gather_every`; `id` is there where nothing is asked.
        rows = pl.int_range(0, answers.height, every, eager=True, dtype=pl.UInt32)
        columns = answers.select("id", *self.columns)[rows].lazy()
        for step in self.steps:
            columns = columns.with_columns(step)
        kinds = [("question", name, kind) for name in self.questions for kind in KINDS]
        counted = columns.select(self.sums).collect(optimizations=PRUNED).row(0)
        sums = zip([("held_open",), *kinds], counted, strict=True)
        scaled = {key: count * answers.height // looked_at for key, count in sums if count}
        return {("looked_at",): looked_at, **scaled}


def holding(wide: WidePlan) -> Holding:
    """What counts the questions of a knowledge base, whose rules are those of wide results."""
    prepared, kb = wide.prepared, wide.prepared.kb
    roots = _roots(prepared)
    net = within(wide.net, [*roots, *(f"triage:{level}" for level in kb.levels)])
    live = asking(net, prepared, roots)
    read = {name for root in roots for name in questions_of(root, kb, prepared.definitions)}
    questions = tuple(name for name in kb.questions if name in read)
    steps = [
        *strata(net, kb.questions),
        *live.strata,
        [_holds(name, live, 1 if kb.levels else 0) for name in questions],
        [pl.sum_horizontal([pl.lit(0), *(f"holds:{name}" for name in questions)]).alias(HOLDING)],
    ]
    sums = tuple(_sums(questions, kb))
    used = {name for step in (*steps, sums) for each in step for name in each.meta.root_names()}
    columns = tuple(name for name in schema_of(kb.questions) if name in used)
    return Holding(questions, columns, tuple(tuple(step) for step in steps if step), sums)


def _sums(questions: Iterable[str], kb: KnowledgeBase) -> Iterator[pl.Expr]:
    """How many cases are held open, and for each question the counts of all kinds."""
    yield (pl.col(HOLDING) > 0).sum()
    for name in questions:
        holds = pl.col(f"holds:{name}")
        counted = (holds, holds & (pl.col(HOLDING) == 1), holds & pl.col(flag_of(kb.questions[name])))
        yield from (each.sum().alias(f"{name}:{kind}") for kind, each in zip(KINDS, counted, strict=True))


def _roots(prepared: Prepared) -> list[str]:
    """The rules that questions may hold a case open for."""
    kb = prepared.kb
    urgent = {id for level in kb.levels for id in prepared.rules_for[f"triage:{level}"]}
    return [f"rule:{id}" for id in kb.rules if id in urgent or not kb.levels]


def _holds(question: str, live: Asking, least: int) -> pl.Expr:
    """Whether a question holds a case open; its rank is 0 where it is open, but for no higher level."""
    is_open = live.is_open(question, least)
    return (pl.lit(False) if is_open is None else is_open).alias(f"holds:{question}")
