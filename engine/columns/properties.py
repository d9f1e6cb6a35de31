"""The properties of a knowledge base, checked against many cases in columns.

In: a knowledge base, a canonical frame, and for `stays` the same cases with more answers. Out: whether each
case satisfies each property. The properties have a network of their own, so that only what they read is
evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import polars as pl

from engine.columns.steps import applied
from engine.columns.truth import answered, strata
from engine.meaning.definitions import with_properties
from engine.meaning.network import network
from engine.model.knowledge_base import KnowledgeBase, Property
from engine.model.names import name_of


def verdicts(kb: KnowledgeBase, frame: pl.DataFrame, extended: pl.DataFrame | None = None) -> pl.DataFrame:
    """One Boolean column per property, under its name: whether each case satisfies it, null if it does not
    apply.

    `frame` is canonical (`facts.tables.canonical`). `extended` has the same cases with more answers, row by
    row; without it, properties with `stays` are left out. Raises `ValueError` if the two frames differ in
    height.
    """
    if extended is not None and extended.height != frame.height:
        raise ValueError(f"{frame.height} cases, and {extended.height} with more answers")
    judged = [each for each in kb.safety.values() if extended is not None or each.verb != "stays"]
    speaks = [speaks_of(each, kb).alias(f"{each.name}:speaks") for each in judged]
    roots = [name for each in judged for name in _reads(each, kb)]
    known = _evaluated(kb, roots, frame, [*speaks, *(_truth(each) for each in judged)])
    if extended is not None:
        staying = [each for each in judged if each.verb == "stays"]
        later = [_truth(each).name.suffix(":later") for each in staying]
        known = known.hstack(
            _evaluated(kb, [name_of("property", each.name) for each in staying], extended, later)
        )
    return known.select(pl.when(f"{each.name}:speaks").then(kept(each)).alias(each.name) for each in judged)


def violations(found: pl.DataFrame) -> dict[str, list[int]]:
    """The rows, from 0, that violate each property; properties without violations are left out."""
    rows = {column.name: (~column).fill_null(False).arg_true().to_list() for column in found}
    return {name: each for name, each in rows.items() if each}


def speaks_of(each: Property, kb: KnowledgeBase) -> pl.Expr:
    """Whether a property covers a case."""
    met = pl.col(name_of("property", each.name, "when")).fill_null(False)
    if not each.unanswered:
        return met
    return met & pl.any_horizontal([_open(question, kb) for question in each.unanswered])


def _open(question: str, kb: KnowledgeBase) -> pl.Expr:
    """Whether a question may apply and is unanswered."""
    silent = ~answered(kb.questions[question])
    return (
        silent & pl.col(name_of("asked", question)).fill_null(True) if question in kb.asked_when else silent
    )


def kept(each: Property) -> pl.Expr:
    """Whether a case that a property covers satisfies it; null for `stays` if it was not true before."""
    truth = pl.col(each.name)
    match each.verb:
        case "must":
            return truth.fill_null(False)
        case "never":
            return ~truth.fill_null(False)
        case "not_ruled_out":
            return truth.fill_null(True)
        case "stays":
            return pl.when(truth).then(pl.col(f"{each.name}:later").fill_null(False))
        case _:
            assert_never(each.verb)


def _truth(each: Property) -> pl.Expr:
    return pl.col(name_of("property", each.name)).alias(each.name)


def _reads(each: Property, kb: KnowledgeBase) -> list[str]:
    """The definitions needed to evaluate a property."""
    asked = [name_of("asked", question) for question in each.unanswered if question in kb.asked_when]
    return [name_of("property", each.name), name_of("property", each.name, "when"), *asked]


def _evaluated(
    kb: KnowledgeBase, roots: Iterable[str], frame: pl.DataFrame, columns: list[pl.Expr]
) -> pl.DataFrame:
    """Columns computed from the truth of these definitions."""
    steps = list(strata(network(kb, with_properties(kb), roots), kb.questions))
    return applied(frame.lazy(), steps).select(columns).collect()
