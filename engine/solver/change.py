"""The smallest changes of answers that make a definition true.

In: the name of a definition and the valuation of a case. Out: alternatives, each with a few answers to give,
change or withdraw. Answers to questions that are not `changeable` stay, no question that does not apply gets
an answer, and no new clash arises.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from threading import Lock

import z3

from engine.meaning.valuation import Valuation
from engine.solver.search import Alternative, Search, Undecided
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
    found. `is_open`: whether the definition can become true while every given answer stays; None if time ran
    out.
    """

    size: int | None
    alternatives: tuple[Alternative, ...] = ()
    complete: bool = True
    decided: bool = True
    is_open: bool | None = True


def smallest_changes(case: Valuation, name: str) -> Changes:
    """The smallest changes of answers that make the definition `name` true; size 0 if it already is."""
    if case.value(name):
        return Changes(0, ((),))
    with ALONE:
        return _searched(case, name)


def _searched(case: Valuation, name: str) -> Changes:
    search = Search(case, name)
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
        is_open = case.value(name) is None and size is not None and (_only_adds(found) or search.is_open())
    except Undecided:
        is_known = _only_adds(found) or None
        return Changes(size, search.in_order(found), False, decided=bool(found), is_open=is_known)
    return Changes(size, search.in_order(found), complete, is_open=is_open)


def _only_adds(found: list[Alternative]) -> bool:
    """Whether one of these changes leaves every given answer unchanged."""
    return any(all(step.before is None for step in each) for each in found)


def _most(questions: list[str], case: Valuation) -> int:
    kinds = [case.prepared.kb.questions[each].kind for each in questions]
    return MOST_BOXES if sum(isinstance(kind, Number) for kind in kinds) > 1 else MOST_WAYS
