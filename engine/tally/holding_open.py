"""Counts of the questions that hold cases open, and of the cases that a single answer would settle.

In: a canonical frame. Out: counts by question. A question holds a case open if it is open
(`engine.meaning.asking`) for a level above the established one; in a knowledge base without levels, for any
rule. `ask_next` and `kept_open_by` rank these questions by a level. If only one question holds a case open,
its answer settles the case, since answers never open further questions. Liveness costs more than the rules,
so in a large segment only every n-th row is examined, always the same rows, and the counts are scaled to all
rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from engine.columns.liveness import asking
from engine.columns.steps import applied
from engine.columns.truth import layers
from engine.columns.wide import PLANNING, WidePlan
from engine.meaning.network import Gate, within
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.tally.tally import Key
from facts.tables.frame import flag_of, schema_of

MOST = 5_000
"""Maximum number of rows examined per segment; this many cost hardly more than one."""
HOLDING = "# holding"
"""The column with the number of questions that hold a case open; no question has this name."""
KINDS = ("holds", "alone", "unknown")


@dataclass(frozen=True, slots=True)
class Holding:
    """Counts questions. `steps` are applied in order."""

    questions: tuple[str, ...]
    columns: tuple[str, ...]
    """The columns of a canonical frame that are needed."""
    steps: tuple[tuple[pl.Expr, ...], ...]
    sums: tuple[pl.Expr, ...]

    def counts(self, answers: pl.DataFrame) -> dict[Key, int]:
        """The counts over the rows of a canonical frame."""
        every = max(1, -(-answers.height // MOST))
        looked_at = -(-answers.height // every)
        # Indexing takes half the time of `gather_every`. `id` keeps the height if no other column is needed.
        rows = pl.int_range(0, answers.height, every, eager=True, dtype=pl.UInt32)
        columns = applied(answers.select("id", *self.columns)[rows].lazy(), self.steps)
        kinds = [("question", name, kind) for name in self.questions for kind in KINDS]
        counted = columns.select(self.sums).collect(optimizations=PLANNING).row(0)
        sums = zip([("held_open",), *kinds], counted, strict=True)
        scaled = {key: count * answers.height // looked_at for key, count in sums if count}
        return {("looked_at",): looked_at, **scaled}


def holding(wide: WidePlan) -> Holding:
    """What to count for the questions of a knowledge base; reuses the columns of its wide results."""
    prepared, kb = wide.prepared, wide.prepared.kb
    roots, least = _roots(prepared), 1 if kb.levels else 0
    net = within(wide.net, [*roots, *(name_of("triage", level) for level in kb.levels)])
    live = asking(net, prepared, {*roots}, least)
    holds = {name: each for name in kb.questions if (each := live.is_open(name, least)) is not None}
    sums = tuple(_sums(holds, kb))
    steps = [
        *layers(net, wide.made),
        *live.strata,
        [pl.sum_horizontal([pl.lit(0), *holds.values()]).alias(HOLDING)],
    ]
    # Gates read no answers; all other nodes may, and the sums read the "I don't know" flags.
    reading = [
        each for name, node in net.nodes.items() if not isinstance(node, Gate) for each in wide.made[name]
    ]
    used = {name for each in (*reading, *sums) for name in each.meta.root_names()}
    columns = tuple(name for name in schema_of(kb.questions) if name in used)
    return Holding(tuple(holds), columns, tuple(tuple(step) for step in steps if step), sums)


def _sums(holds_by: Mapping[str, pl.Expr], kb: KnowledgeBase) -> Iterator[pl.Expr]:
    """The number of cases held open, and for each question the counts of all kinds."""
    yield (pl.col(HOLDING) > 0).sum()
    for name, holds in holds_by.items():
        counted = (holds, holds & (pl.col(HOLDING) == 1), holds & pl.col(flag_of(kb.questions[name])))
        yield from (each.sum().alias(f"{name}:{kind}") for kind, each in zip(KINDS, counted, strict=True))


def _roots(prepared: Prepared) -> list[str]:
    """The rules for which a question can hold a case open."""
    kb = prepared.kb
    urgent = {id for level in kb.levels for id in prepared.rules_for[name_of("triage", level)]}
    return [name_of("rule", id) for id in kb.rules if id in urgent or not kb.levels]
