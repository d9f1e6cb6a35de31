"""cartsign: production rules in YAML, fired on experta or compiled to columns.

    kb = load("kb")
    assessment = assess(kb, {"walking_effect": "begins", "eased_by": ["leaning_forward"]})
    frame = assess_frame(kb, polars_frame)

The meaning of the rules is said once, in `engine.meaning.holds`; both targets give what it gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.assembly import assemble
from engine.assessment import Assessment
from engine.loading import load
from engine.model import KnowledgeBase
from engine.valuation import prepare
from facts.case import from_mapping
from facts.problem import Problem, Rejected

if TYPE_CHECKING:
    import polars

    from engine.experta_target import Engine
    from engine.plan import Plan

__all__ = ["Assessment", "KnowledgeBase", "Problem", "Rejected", "assess", "assess_frame", "load"]


def assess(kb: KnowledgeBase, answers: Mapping[str, object], id: str = "case") -> Assessment:
    """Assess one case: its answers by question, fired on experta.

    Answers: `yes_no` a bool; `choice` an option; `choices` a list of all chosen options, or a mapping from
    option to bool of what is known; `number` a number in the unit of the question; `"unknown"` for "I don't
    know". A question left out, or None, is unanswered, which is never a "no".

    Raises `Rejected` with every problem of the answers. Not for several threads at once.
    """
    case = from_mapping(answers, kb.questions, id)
    return assemble(_engine(kb).fire(case.answers), case.id)


def assess_frame(kb: KnowledgeBase, frame: polars.DataFrame) -> polars.DataFrame:
    """Assess a Polars frame, a row a case, in columns; see `facts.table.canonical` for its columns.

    Returns as many rows in the same order, with the columns `id`, `in_scope`, `triage` (struct of `level`,
    `ceiling`, `settled`, `rules`, `by_source`), `conditions` (list of structs, ranked), `findings`, `scores`
    (struct of `low` and `high`, in points), `advice` (struct of `given`, `given_unless`, `held`, `pending`),
    `texts`, `ask_next`, `kept_open_by`, `inconsistencies`, `disagreements`, `fired`, `open`, `reasons`: what
    `assess` gives, without the questions behind a pending item.

    Raises `Rejected` with the problems of its columns and cells.
    """
    from facts.table import canonical

    return _plan(kb).apply(canonical(frame, kb.questions).lazy()).collect()


@lru_cache(maxsize=8)
def _engine(kb: KnowledgeBase) -> Engine:
    from engine.experta_target import Engine

    return Engine(prepare(kb))


@lru_cache(maxsize=8)
def _plan(kb: KnowledgeBase) -> Plan:
    from engine.plan import compile_plan

    return compile_plan(prepare(kb))
