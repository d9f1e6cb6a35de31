"""cartsign: production rules in YAML, fired on experta or compiled to columns.

Programs of others import these names from `cartsign` (`engine/public`). The meaning of the rules is said
once, in `engine.meaning.holds`; both targets give what it gives. All of it may be called from several threads
at once.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
"""As in `typing`, which takes longer to import than all that the command line needs to hear of a signal."""
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
"""Where the other public names live. They are imported on first use, so that the command line, which imports
this package first, can say in its first moments that it was told to end.
"""


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(HOMES[name]), name)


def assess(kb: KnowledgeBase, answers: Mapping[str, object], id: str = "case") -> Assessment:
    """Assess one case: its answers by question, fired on experta.

    Answers: `yes_no` a bool; `choice` an option; `choices` a list of all chosen options, or a mapping from
    option to bool of what is known; `number` a number in the unit of the question; `"unknown"` for "I don't
    know". A question left out, or None, is unanswered, which is never a "no".

    Raises `Rejected` with every problem of the answers.
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
) -> Explanation:
    """Explain one case: proofs of what is named in `why`; of what is named in `why_not` every part and the
    smallest changes of answers (None where z3 is not installed: `cartsign[author]`); and what would differ
    with the answers in `what_if` (None: withdrawn).

    Names are those of rules, findings, conditions, levels, advice and texts, as for `cartsign explain`;
    answers are as for `assess`. Raises `Rejected` with every problem of the answers and the names.
    """
    from engine.explanation import explained
    from engine.meaning.valuation import prepare
    from engine.words.subjects import subjects
    from facts.case import from_mapping

    case, given = from_mapping(answers, kb.questions, id), what_if or {}
    otherwise = dict(from_mapping(given, kb.questions, id).answers)
    withdrawn = dict.fromkeys(name for name in given if name not in otherwise)
    proofs, opened = (subjects(names, kb) if names else None for names in (list(why), list(why_not)))
    changed = None if what_if is None else otherwise | withdrawn
    return explained(prepare(kb), case, proofs, opened, changed)


def assess_frame(kb: KnowledgeBase, frame: polars.DataFrame) -> polars.DataFrame:
    """Assess a Polars frame, a row a case, in columns; see `facts.tables.canonical` for its columns.

    Returns as many rows in the same order, with the columns `id`, `in_scope`, `triage` (struct of `level`,
    `ceiling`, `settled`, `rules`, `by_source`), `conditions` (list of structs, ranked), `findings`, `scores`
    (struct of `low` and `high`, in points), `advice` (struct of `given`, `given_unless`, `held`, `pending`),
    `texts`, `ask_next`, `kept_open_by`, `inconsistencies`, `disagreements`, `fired`, `open`, `reasons`: what
    `assess` gives, without the questions behind a pending item. Names are of `Enum` types that know them all.

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
