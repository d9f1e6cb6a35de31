"""Urgency in columns: the level, the ceiling, and what each article says by itself.

In: the truth columns. Out: expressions for levels, null if none, and which rules gave the level.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.assessments.slots import record
from engine.columns.held import class_of, highest, maybe, rule, true
from engine.columns.scoring import in_points
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import citing
from engine.model.names import name_of


def alone(prepared: Prepared) -> dict[str, pl.Expr]:
    """The fields that are not lists; those of `triage` as `triage.FIELD`."""
    kb = prepared.kb
    ends = {
        name: pl.struct(low=in_points(each, "low"), high=in_points(each, "high"))
        for name, each in kb.scores.items()
    }
    found = {
        "id": pl.col("id"),
        "in_scope": pl.col("scope") if kb.scope else pl.lit(None, dtype=pl.Boolean),
        "scores": record(ends) if ends else pl.lit(None),
    }
    if kb.classes:
        found["classes"] = record({name: class_of(each) for name, each in kb.classes.items()})
    triage = levels(prepared) if kb.levels else {}
    return found | {f"triage.{field}": value for field, value in triage.items()}


def levels(prepared: Prepared) -> dict[str, pl.Expr]:
    """The fields of `triage` except `rules`."""
    kb = prepared.kb
    by_level = {level: prepared.rules_for.get(name_of("triage", level), []) for level in kb.levels}
    level = highest({name: true(name_of("triage", name)) for name in kb.levels}, kb.levels)
    ceiling = highest({name: maybe(name_of("triage", name)) for name in kb.levels}, kb.levels)
    sources = {source: _reach(citing(kb, by_level, source)) for source in kb.sources}
    by_source = record(sources) if sources else pl.lit(None)
    return {"level": level, "ceiling": ceiling, "settled": level.eq_missing(ceiling), "by_source": by_source}


def giving(prepared: Prepared) -> dict[str, pl.Expr]:
    """For each rule that concludes a level, whether it fired and concludes the level of the case."""
    concluded: dict[str, list[pl.Expr]] = {}
    names = list(prepared.kb.levels)
    for level, above in zip(names, [*names[1:], None], strict=False):
        is_level = (
            true(name_of("triage", level)) & ~true(name_of("triage", above))
            if above
            else true(name_of("triage", level))
        )
        for id in prepared.rules_for.get(name_of("triage", level), []):
            concluded.setdefault(id, []).append(is_level)
    ordered = [id for id in prepared.kb.rules if id in concluded]
    return {id: rule(id) & pl.any_horizontal(concluded[id]) for id in ordered}


def _reach(by_level: Mapping[str, list[str]]) -> pl.Expr:
    """The highest level with a rule that fired, and the highest with a rule that is not blocked."""
    truths = {level: pl.any_horizontal([rule(id) for id in ids]) for level, ids in by_level.items() if ids}
    return pl.struct(
        level=highest(truths, by_level),
        ceiling=highest({level: truth.fill_null(True) for level, truth in truths.items()}, by_level),
    )
