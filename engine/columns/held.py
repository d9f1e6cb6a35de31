"""Expressions over the truth columns: a rule, the highest of several names, clashes of answers.

In: names and a prepared knowledge base. Out: expressions over the columns that `engine.columns.truth` makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import polars as pl

from engine.columns.truth import answered
from engine.meaning.valuation import Prepared
from engine.model.classes import Classes
from engine.model.names import name_of, parsed

Named = TypeVar("Named", bound=str)


def rule(id: str) -> pl.Expr:
    """The truth of a rule: true if it fired, false if blocked, null if open."""
    return pl.col(name_of("rule", id))


def true(name: str) -> pl.Expr:
    """Whether a name is established; never null."""
    return pl.col(name).fill_null(False)


def maybe(name: str) -> pl.Expr:
    """Whether a name is not ruled out; never null."""
    return pl.col(name).fill_null(True)


def highest(truths: Mapping[Named, pl.Expr], names: Iterable[str]) -> pl.Expr:
    """The last name in `truths` that holds, null if none does, as an `Enum` of `names`."""
    dtype = pl.Enum(list(names))
    held = [pl.when(truth).then(pl.lit(name, dtype=dtype)) for name, truth in truths.items()]
    return pl.coalesce([*reversed(held), pl.lit(None, dtype=dtype)])


def class_of(classes: Classes) -> pl.Expr:
    """The class that is decided, null if none is."""
    names = [each.name for each in classes.classes]
    return highest({name: true(name_of("class", classes.of, name)) for name in names}, names)


def clashes(prepared: Prepared) -> dict[str, pl.Expr]:
    """The truth of each clash: answers that contradict each other, or an answer to a question that does not
    apply.

    The keys are the names that assessments use: `NAME`, or `asked_when:QUESTION`.
    """
    found: dict[str, pl.Expr] = {}
    for name in prepared.clashing:
        kind, about, _ = parsed(name)
        if kind == "asked":
            found[name_of("asked_when", about)] = ~pl.col(name) & answered(prepared.kb.questions[about])
        else:
            found[about] = pl.col(name)
    return found
