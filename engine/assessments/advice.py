"""The advice of an assessment, in columns: given, given unless, and held, each with its rules.

In: the truth columns. Out: a list of structs per row, and the columns of truths that it reads.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from engine.assessments.nested import Entry, Nested, nested
from engine.columns.held import maybe, rule
from engine.meaning.valuation import Prepared
from engine.model.names import name_of


def standing(prepared: Prepared) -> list[pl.Expr]:
    """For each item, the columns `given:ITEM`, `unless:ITEM` (given, but a hold is open) and `maybe:ITEM`."""
    return [each for item in prepared.kb.advice for each in _standing(item)]


def _standing(item: str) -> Iterator[pl.Expr]:
    give, hold = pl.col(name_of("give", item)), pl.col(name_of("hold", item))
    yield (give & ~hold).alias(f"given:{item}")
    yield (give & hold.is_null()).alias(f"unless:{item}")
    yield maybe(name_of("give", item)).alias(f"maybe:{item}")


def given(prepared: Prepared) -> Iterator[Nested]:
    """The columns `advice.given`, `advice.given_unless` and `advice.held`."""
    items, ids = pl.Enum(list(prepared.kb.advice)), pl.Enum(list(prepared.kb.rules))
    sure, unsure = [], []
    for item in prepared.kb.advice:
        gives, holds = (prepared.advising[name_of(kind, item)] for kind in ("give", "hold"))
        is_given, is_unsure = pl.col(f"given:{item}"), pl.col(f"unless:{item}")
        rules = [(is_given & rule(id), id) for id in gives]
        sure.append(Entry([(is_given, {"item": item})], {"rules": rules}))
        rules = [(is_unsure & rule(id), id) for id in gives]
        unless = [(is_unsure & rule(id).is_null(), id) for id in holds]
        unsure.append(Entry([(is_unsure, {"item": item})], {"rules": rules, "unless": unless}))
    yield nested("advice.given", sure, {"item": items}, {"rules": ids})
    yield nested("advice.given_unless", unsure, {"item": items}, {"rules": ids, "unless": ids})
    yield nested("advice.held", [*_holding(prepared)], {"rule": ids}, {"items": items})


def _holding(prepared: Prepared) -> Iterator[Entry]:
    """An entry for each rule that holds items, with the held items that are given or may still be given."""
    held: dict[str, list[str]] = {}
    for item in prepared.kb.advice:
        for id in prepared.advising[name_of("hold", item)]:
            held.setdefault(id, []).append(item)
    for id in (id for id in prepared.kb.rules if id in held):
        any_of_them = pl.any_horizontal([pl.col(f"maybe:{item}") for item in held[id]])
        items = [(pl.col(f"maybe:{item}") & rule(id), item) for item in held[id]]
        yield Entry([(any_of_them & rule(id), {"rule": id})], {"items": items})
