"""The columns of wide results as expressions over the truth of rules and findings: no rule is fired here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from engine.plan.truth import answered
from engine.scores import TICKS

from .work import Work


def wide(work: Work) -> Iterator[pl.Expr]:
    """One column each, in the order of the results."""
    kb = work.kb
    yield pl.col("id")
    yield (pl.col("scope") if kb.scope else pl.lit(None, pl.Boolean)).alias("in_scope")
    if kb.levels:
        level, ceiling = _highest(work.grades["level"]), _highest(work.grades["level"], True)
        yield level.alias("level")
        yield ceiling.alias("ceiling")
        yield level.eq_missing(ceiling).alias("settled")
    yield _inconsistent(work).alias("inconsistent")
    for column, grades in work.grades.items():
        if column != "level":
            yield _highest(grades).alias(column)
    for finding in kb.findings:
        yield pl.col(f"finding:{finding}").alias(f"finding.{finding}")
    for score in kb.scores:
        for end in ("low", "high"):
            points = (pl.col(f"score:{score}:{end}") / TICKS).round(9)
            yield points.alias(f"score.{score}.{end}")


def _highest(grades: Mapping[str, list[str]], unless_blocked: bool = False) -> pl.Expr:
    """The highest grade with a rule that fired, or with a rule that is not blocked."""
    dtype = pl.Enum(list(grades))
    reached = [
        pl.when(pl.any_horizontal([pl.col(rule).fill_null(unless_blocked) for rule in rules])).then(
            pl.lit(grade, dtype=dtype)
        )
        for grade, rules in reversed(grades.items())
        if rules
    ]
    return pl.coalesce([*reached, pl.lit(None, dtype=dtype)])


def _inconsistent(work: Work) -> pl.Expr:
    kb = work.kb
    clashes = [pl.col(f"inconsistency:{name}") for name in kb.consistency]
    clashes += [~pl.col(f"asked:{name}") & answered(kb.questions[name]) for name in kb.asked_when]
    return pl.any_horizontal([pl.lit(False), *(each.fill_null(False) for each in clashes)])
