"""The smallest changes of answers that make claims true.

In: the valuation of a case, and claims. Out: alternatives, each with a few answers to give,
change or withdraw. Answers to questions that are not `changeable` stay, no question that does not apply gets
an answer, and no new clash arises.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from threading import Lock

import z3

from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase
from engine.solver.core import Excluded, excluded
from engine.solver.search import Alternative, Search
from engine.solver.world import Claim, Undecided, World
from facts.vocabulary import Number

MOST_WAYS = 300
"""Maximum number of ways to answer the same questions."""
MOST_BOXES = 12
"""Maximum number of ways to answer the same questions if two or more of them are numbers."""
MOST_SETS = 300
"""Maximum number of sets of questions."""

ALONE = Lock()
"""Held during a search: z3 uses one context for the whole process, which is not thread-safe."""
z3.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())


@dataclass(frozen=True, slots=True)
class Changes:
    """The number of answers that must change (None if no change is enough), and the alternatives.

    `complete`: these are all alternatives of that size. `decided` is False if time ran out before any was
    found. `is_open`: whether the claims can become true while every given answer stays; None if time ran out.
    `excluded`: why no change is enough, if that was found.
    """

    size: int | None
    alternatives: tuple[Alternative, ...] = ()
    complete: bool = True
    decided: bool = True
    is_open: bool | None = True
    excluded: tuple[Excluded, ...] = ()


def smallest_changes(case: Valuation, *wanted: Claim) -> Changes:
    """The smallest changes of answers that make these claims true; size 0 if they are."""
    if all((holds(each.part, case) is each.truth) is each.holds for each in wanted):
        return Changes(0, ((),))
    with ALONE:
        return _searched(Search(case, wanted, world_of(case.prepared.kb)))


@lru_cache(maxsize=1)
def world_of(kb: KnowledgeBase) -> World:
    """All possible cases of a knowledge base, cached for the knowledge base used last."""
    return World(kb)


def _searched(search: Search) -> Changes:
    case = search.case
    found: list[Alternative] = []
    size: int | None = None
    complete = True
    try:
        size = search.size()
        sets = search.sets(size) if size is not None else iter(())
        for questions in islice(sets, MOST_SETS):
            ways = search.ways(questions)
            found += islice(ways, _most(questions, case))
            complete = complete and next(ways, None) is None
        complete = complete and next(sets, None) is None
        is_open = size is not None and (_only_adds(found) or search.is_open())
    except Undecided:
        is_known = _only_adds(found) or None
        return Changes(size, search.in_order(found), False, decided=bool(found), is_open=is_known)
    if size is None:
        return Changes(None, is_open=False, excluded=_excluded(search))
    return Changes(size, search.in_order(found), complete, is_open=is_open)


def _excluded(search: Search) -> tuple[Excluded, ...]:
    """Why no change is enough; empty if time runs out."""
    try:
        return excluded(search)
    except Undecided:
        return ()


def _only_adds(found: list[Alternative]) -> bool:
    """Whether one of these changes leaves every given answer unchanged."""
    return any(all(step.before is None for step in each) for each in found)


def _most(questions: list[str], case: Valuation) -> int:
    kinds = [case.prepared.kb.questions[each].kind for each in questions]
    return MOST_BOXES if sum(isinstance(kind, Number) for kind in kinds) > 1 else MOST_WAYS
