"""The smallest change of answers that makes something hold, and every other one of that size.

In: the name of a definition and the valuation of a case. Out: alternatives, each a few answers to give or to
change. An answer that was given is never withdrawn, one that is not `changeable` is never changed, and no
change makes answers clash that did not clash before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from threading import Lock

import z3

from engine.solver.search import Alternative, Search, Undecided
from engine.valuation import Valuation

MOST_WAYS = 300
"""So many ways to answer the same questions are looked for."""
MOST_SETS = 300
"""So many sets of questions are looked for, of which each has its ways."""

ALONE = Lock()
"""Held during a search: z3 has one memory for the whole process, and no two threads may use it at once."""
z3.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())


@dataclass(frozen=True, slots=True)
class Changes:
    """How many answers have to be given or changed, None where no change does it, and which.

    `complete` says that these are all of that size; `decided` is false where time ran out before that was
    known.
    """

    size: int | None
    alternatives: tuple[Alternative, ...] = ()
    complete: bool = True
    decided: bool = True


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
            found += islice(ways, MOST_WAYS)
            complete = complete and next(ways, None) is None
        complete = complete and next(sets, None) is None
    except Undecided:
        return Changes(size, search.in_order(found), complete=False, decided=size is not None)
    return Changes(size, search.in_order(found), complete)
