"""The conditions of an assessment, in columns: each that is not ruled out, ranked, with its rules.

In: the truth columns. Out: a list of structs per row. The support of a condition, the support it could reach
and the number of rules against it become truths of their own, so that each rank of a condition is a slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import polars as pl

from engine.assessments.nested import Entry, Nested, nested
from engine.columns.held import maybe, rule, true
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import SUPPORT, Support
from engine.model.names import name_of

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


def grading(prepared: Prepared) -> Iterator[pl.Expr]:
    """For each condition, truths for its exact support (`has:NAME:SUPPORT`), for the exact support it could
    reach (`could:NAME:SUPPORT`), and, if rules count against it, the number of them that fired
    (`against:NAME`).
    """
    for name in prepared.kb.conditions:
        grades = _grades(name, prepared)
        for kind, held in (("has", true), ("could", maybe)):
            truths = [held(name_of("condition", name, grade)) for grade in grades]
            exact = [truth & ~higher for truth, higher in pairwise(truths)] + truths[-1:]
            yield from (
                each.alias(f"{kind}:{name}:{grade}") for grade, each in zip(grades, exact, strict=True)
            )
        yield from (
            (~true(name_of("condition", name, grade))).alias(f"has:{name}:none") for grade in grades[:1]
        )
        if ids := _against(name, prepared):
            fired = [true(name_of("rule", id)).cast(pl.UInt32) for id in ids]
            yield pl.sum_horizontal(fired).alias(f"against:{name}")


def _against(name: str, prepared: Prepared) -> list[str]:
    return prepared.rules_for.get(name_of("condition", name, "against"), [])


def _for(name: str, grade: Support, prepared: Prepared) -> list[str]:
    return prepared.rules_for.get(name_of("condition", name, grade), [])


def _grades(name: str, prepared: Prepared) -> Grades:
    return [grade for grade in SUPPORT if _for(name, grade, prepared)]


def _entry(name: str, prepared: Prepared) -> Entry:
    grades = _grades(name, prepared)
    constants = {"name": name, "serious": prepared.kb.conditions[name].serious}
    heads = [
        (_has(name, support) & _could(name, reach), {**constants, "support": support, "could_reach": reach})
        for support, reach in product((None, *grades), grades)
        if support is None or grades.index(support) <= grades.index(reach)
    ]
    rules = dict.fromkeys(id for grade in reversed(grades) for id in _for(name, grade, prepared))
    present = maybe(name_of("condition", name, grades[0])) if grades else pl.lit(False)
    against = [(rule(id) & present, id) for id in _against(name, prepared)]
    return Entry(heads, {"against": against, "rules": [(rule(id), id) for id in rules]})


def _has(name: str, support: Support | None) -> pl.Expr:
    return pl.col(f"has:{name}:{support or 'none'}")


def _could(name: str, reach: Support) -> pl.Expr:
    return pl.col(f"could:{name}:{reach}")


def _ranks(name: str, prepared: Prepared) -> Iterator[tuple[tuple[bool, bool, int, int], pl.Expr]]:
    """The ranks that a condition can have, each with its truth."""
    ids, serious = _against(name, prepared), prepared.kb.conditions[name].serious
    for grade, is_open in product(_grades(name, prepared), (False, True)):
        truth = _has(name, None) & _could(name, grade) if is_open else _has(name, grade)
        for count in range(len(ids) + 1):
            key = (not serious, is_open, -SUPPORT.index(grade), count)
            yield key, truth & (pl.col(f"against:{name}") == count) if ids else truth
