"""cartsign: production rules in YAML, fired on experta or compiled to columns.

Import these names from `cartsign` (`engine/public`). `engine.meaning.holds` defines what the rules mean, and
both targets give the same results. All functions are thread-safe.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
"""Set by hand: importing `typing` takes longer than everything the command line needs to handle a signal."""
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars

    from engine.assessments.complete import Plan
    from engine.experta_target import Engine
    from engine.explanation import Explanation
    from engine.loading import load
    from engine.model.assessment import Assessment
    from engine.model.knowledge_base import KnowledgeBase
    from facts.problem import Problem, Rejected

__all__ = ["Assessment", "KnowledgeBase", "Problem", "Rejected", "assess", "assess_frame", "explain", "load"]

HOMES = {
    "Assessment": "engine.model.assessment",
    "KnowledgeBase": "engine.model.knowledge_base",
    "Problem": "facts.problem",
    "Rejected": "facts.problem",
    "load": "engine.loading",
}
"""Module of each public name that is not defined here. They are imported on first use: the command line
imports this package first and must be able to handle a signal at once.
"""


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(HOMES[name]), name)


def assess(kb: KnowledgeBase, answers: Mapping[str, object], id: str = "case") -> Assessment:
    """Assess one case by firing the rules on experta.

    `answers` maps questions to answers: for `yes_no` a bool; for `choice` an option; for `choices` a list of
    all chosen options, or a mapping from option to bool that may leave options out; for `number` a number in
    the unit of the question; `"unknown"` for "I don't know". A question that is missing or None is
    unanswered, which is never a "no".

    Raises `Rejected` with all problems of the answers.
    """
    from engine.meaning.assembly import assemble
    from facts.case import from_mapping

    case = from_mapping(answers, kb.questions, id)
    return assemble(_engine(kb).fire(case.answers), case.id)


def explain(
    kb: KnowledgeBase,
    answers: Mapping[str, object],
    why: Iterable[str] = (),
    why_not: Iterable[str] = (),
    what_if: Mapping[str, object] | None = None,
    id: str = "case",
    flip: Iterable[str] = (),
) -> Explanation:
    """Explain one case.

    `why` names what to prove. For each name in `why_not`, the explanation shows every part and the smallest
    changes of answers that would make it hold (None if z3 is not installed: `cartsign[author]`). `what_if`
    has answers to change (None withdraws one); the explanation shows what would differ. `flip` names levels
    and conditions: the smallest changes that would make the level exactly this one, or the condition
    suspected, or no longer suspected if it is.

    Names are those of rules, findings, conditions, levels, advice and texts, as for `cartsign explain`;
    answers are as for `assess`. Raises `Rejected` with all problems of the answers and the names.
    """
    from engine.explanation import explained
    from engine.meaning.valuation import prepare
    from engine.words.subjects import FLIPPED, subjects
    from facts.case import from_mapping

    case, given = from_mapping(answers, kb.questions, id), what_if or {}
    otherwise = dict(from_mapping(given, kb.questions, id).answers)
    withdrawn = dict.fromkeys(name for name in given if name not in otherwise)
    proofs, opened = (subjects(names, kb) if names else None for names in (list(why), list(why_not)))
    changed = None if what_if is None else otherwise | withdrawn
    return explained(prepare(kb), case, proofs, opened, changed, subjects(flip, kb, FLIPPED))


def assess_frame(kb: KnowledgeBase, frame: polars.DataFrame) -> polars.DataFrame:
    """Assess a Polars frame with one case per row, in columns; `facts.tables.canonical` describes its
    columns.

    Returns one row per case in the same order, with the columns `id`, `in_scope`, `triage` (struct of
    `level`, `ceiling`, `settled`, `rules`, `by_source`), `conditions` (list of structs, ranked), `findings`,
    `scores` (struct of `low` and `high`, in points), `advice` (struct of `given`, `given_unless`, `held`,
    `pending`), `texts`, `ask_next`, `kept_open_by`, `inconsistencies`, `disagreements`, `fired`, `open`,
    `reasons`: the same as `assess`, without the questions that a pending item waits for. Names are Polars
    `Enum` values.

    Raises `Rejected` with the problems of its columns and cells.
    """
    from facts.tables.canonical import canonical

    return _plan(kb).apply(canonical(frame, kb.questions).lazy()).collect()


@lru_cache(maxsize=8)
def _engine(kb: KnowledgeBase) -> Engine:
    from engine.experta_target import Engine
    from engine.meaning.valuation import prepare

    return Engine(prepare(kb))


@lru_cache(maxsize=8)
def _plan(kb: KnowledgeBase) -> Plan:
    from engine.assessments.complete import compile_plan
    from engine.meaning.valuation import prepare

    return compile_plan(prepare(kb))
