"""What the truth columns say of names: a rule, the highest of several, answers that clash.

In: names, and a prepared knowledge base. Out: expressions over the columns that `engine.columns.truth` makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from engine.columns.truth import answered
from engine.meaning.valuation import Prepared
from engine.model.names import name_of, parsed


def rule(id: str) -> pl.Expr:
    """The truth of a rule."""
    return pl.col(name_of("rule", id))


def true(name: str) -> pl.Expr:
    """Whether a name is established, never null."""
    return pl.col(name).fill_null(False)


def maybe(name: str) -> pl.Expr:
    """Whether a name is not ruled out, never null."""
    return pl.col(name).fill_null(True)


def highest(truths: Mapping[str, pl.Expr], names: Iterable[str]) -> pl.Expr:
    """The last name whose truth holds, of a type that knows all names; null where none does."""
    dtype = pl.Enum(list(names))
    held = [pl.when(truth).then(pl.lit(name, dtype=dtype)) for name, truth in truths.items()]
    return pl.coalesce([*reversed(held), pl.lit(None, dtype=dtype)])


def clashes(prepared: Prepared) -> dict[str, pl.Expr]:
    """When answers clash, or one was given to a question that does not apply, by the name of the clash."""
    found: dict[str, pl.Expr] = {}
    for name in prepared.clashing:
        kind, about, _ = parsed(name)
        if kind == "asked":
            found[name_of("asked_when", about)] = ~pl.col(name) & answered(prepared.kb.questions[about])
        else:
            found[about] = pl.col(name)
    return found
