"""The smallest change of answers that makes something hold, and every other one of that size.

In: the name of a definition and the valuation of a case. Out: alternatives, each a few answers to give, to
change or to take back. An answer that is not `changeable` stays, no answer is given to a question that does
not apply, and no answers clash that did not clash before.
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
"""Maximum number of ways to answer the same questions where two or more of them are numbers."""
MOST_SETS = 300
"""Maximum number of sets of questions."""

ALONE = Lock()
"""Held during a search: z3 has one memory for the whole process, and no two threads may use it at once."""
z3.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())


@dataclass(frozen=True, slots=True)
class Changes:
    """The number of answers that have to change, None where no change does it, and the alternatives.

    `complete` says that these are all of that size; `decided` is false where time ran out before there was
    one. `is_open` says whether it can come to hold while every given answer stays; None where time ran out.
    """

    size: int | None
    alternatives: tuple[Alternative, ...] = ()
    complete: bool = True
    decided: bool = True
    is_open: bool | None = True


def smallest_changes(case: Valuation, name: str) -> Changes:
    """The smallest changes of answers that make the definition called `name` true; none where it is."""
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
    """Whether one of these changes leaves every given answer as it is."""
    return any(all(step.before is None for step in each) for each in found)


def _most(questions: list[str], case: Valuation) -> int:
    kinds = [case.prepared.kb.questions[each].kind for each in questions]
    return MOST_BOXES if sum(isinstance(kind, Number) for kind in kinds) > 1 else MOST_WAYS
