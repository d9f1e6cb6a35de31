"""The conditions of an assessment, in columns: each that is not ruled out, ranked, with its rules.

In: the truth columns. Out: a list of structs a row. That a condition has just this support, could reach that
one and has so many rules against it are truths of their own, so that the rank of a condition is a slot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import polars as pl

from engine.model import SUPPORT, Support
from engine.plan.listing import Entry, Nested, nested
from engine.plan.reach import maybe, rule, true
from engine.valuation import Prepared

Grades = list[Support]
"""The supports that a rule can give a condition, weakest first."""


def conditions(prepared: Prepared) -> Nested:
    """The column `conditions`."""
    kb = prepared.kb
    names, ids = pl.Enum(list(kb.conditions)), pl.Enum(list(kb.rules))
    support = pl.Enum(SUPPORT)
    ranked = [
        (key, truth, place)
        for place, name in enumerate(kb.conditions)
        for key, truth in _ranks(name, prepared)
    ]
    ranked.sort(key=lambda each: (each[0], each[2]))
    return nested(
        "conditions",
        [_entry(name, prepared) for name in kb.conditions],
        {"name": names, "support": support, "could_reach": support, "serious": pl.Boolean},
        {"against": ids, "rules": ids},
        [(truth, place) for _, truth, place in ranked],
    )


def opposing(prepared: Prepared) -> list[pl.Expr]:
    """For each condition that rules count against the column `against:NAME`: how many fired."""
    counted = ((name, _against(name, prepared)) for name in prepared.kb.conditions)
    return [
        pl.sum_horizontal([true(f"rule:{id}").cast(pl.UInt32) for id in ids]).alias(f"against:{name}")
        for name, ids in counted
        if ids
    ]


def _against(name: str, prepared: Prepared) -> list[str]:
    return prepared.rules_for.get(f"condition:{name}:against", [])


def _for(name: str, grade: Support, prepared: Prepared) -> list[str]:
    return prepared.rules_for.get(f"condition:{name}:{grade}", [])


def _grades(name: str, prepared: Prepared) -> Grades:
    return [grade for grade in SUPPORT if _for(name, grade, prepared)]


def _just(name: str, grades: Grades, held: Callable[[str], pl.Expr]) -> dict[Support, pl.Expr]:
    """For each grade whether it is the strongest that holds."""
    truths = [held(f"condition:{name}:{grade}") for grade in grades]
    last = truths[-1:]
    weaker = [truth & ~stronger for truth, stronger in zip(truths, truths[1:], strict=False)]
    return dict(zip(grades, [*weaker, *last], strict=True))


def _entry(name: str, prepared: Prepared) -> Entry:
    grades = _grades(name, prepared)
    has, could = _supports(name, grades), _just(name, grades, maybe)
    constants = {"name": name, "serious": prepared.kb.conditions[name].serious}
    heads = [
        (has[support] & could[reach], {**constants, "support": support, "could_reach": reach})
        for support, reach in product(has, grades)
        if support is None or grades.index(support) <= grades.index(reach)
    ]
    rules = dict.fromkeys(id for grade in reversed(grades) for id in _for(name, grade, prepared))
    present = maybe(f"condition:{name}:{grades[0]}") if grades else pl.lit(False)
    against = [(rule(id) & present, id) for id in _against(name, prepared)]
    return Entry(heads, {"against": against, "rules": [(rule(id), id) for id in rules]})


def _supports(name: str, grades: Grades) -> dict[Support | None, pl.Expr]:
    """For each support, and for none, whether it is the strongest established."""
    none = ~true(f"condition:{name}:{grades[0]}") if grades else pl.lit(True)
    return {None: none, **_just(name, grades, true)}


def _ranks(name: str, prepared: Prepared) -> Iterator[tuple[tuple[bool, bool, int, int], pl.Expr]]:
    """The ranks that a condition can have, and when it has them."""
    grades, ids = _grades(name, prepared), _against(name, prepared)
    has, could = _supports(name, grades), _just(name, grades, maybe)
    serious = prepared.kb.conditions[name].serious
    for grade, is_open in product(grades, (False, True)):
        truth = has[None] & could[grade] if is_open else has[grade]
        for count in range(len(ids) + 1):
            key = (not serious, is_open, -SUPPORT.index(grade), count)
            yield key, truth & (pl.col(f"against:{name}") == count) if ids else truth
