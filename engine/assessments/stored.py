"""The complete assessment as stored in files: whatever can be true of a case is a named Boolean.

In: a network and its knowledge base. Out: a shape with the fields of `engine.model.assessment`, most of them
structs with one field per name: `fired.RULE`, `open.RULE`, `findings.NAME`, `advice.given.ITEM`,
`conditions.NAME`. Readers load only the names they need, and a Boolean without nulls takes one bit; lists of
names and Booleans with nulls take several times as long to write. Ordered fields (`ask_next`, `kept_open_by`,
the rules of `triage`) are lists, and so is `reasons`, in the order of the rules that fired, with `because`
and the `claims` joined by `;`. What a rule concludes is in the knowledge base, not in the rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from engine.assessments.lists import Truths, ask_next, chosen, kept_open_by, reasons, truths
from engine.assessments.shape import Shape, columns, fields
from engine.assessments.slots import record
from engine.assessments.urgency import alone, giving
from engine.columns.held import clashes, highest, maybe, rule, true
from engine.columns.liveness import asking
from engine.meaning.network import Network
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import SUPPORT
from engine.model.names import name_of


def stored(net: Network, prepared: Prepared) -> Shape:
    """The shape of complete assessments in files."""
    live = asking(net, prepared)
    lists = (
        *([chosen("triage.rules", giving(prepared), prepared.kb.rules)] if prepared.kb.levels else []),
        ask_next(prepared, live.ranks),
        kept_open_by(prepared, live.ranks),
        reasons(prepared),
    )
    single = {**alone(prepared), **dict(_structs(prepared))}
    return Shape(live.strata, single, lists, tuple(fields(columns(single, lists))))


def _structs(prepared: Prepared) -> Iterator[tuple[str, pl.Expr]]:
    """The fields that have one field per name."""
    kb = prepared.kb
    rules = {id: rule(id) for id in kb.rules}
    sets = {**truths(prepared), "inconsistencies": clashes(prepared), "fired": rules, **_advice(prepared)}
    for field, each in sets.items():
        if each:
            yield field, record({name: truth.fill_null(False) for name, truth in each.items()})
    if kb.conditions:
        yield "conditions", record({name: _condition(name) for name in kb.conditions})


def _advice(prepared: Prepared) -> dict[str, Truths]:
    """For each item, whether it is given, given unless a hold applies, held, or pending."""
    found: dict[str, dict[str, pl.Expr]] = {
        field: {} for field in ("given", "given_unless", "held", "pending")
    }
    for item in prepared.kb.advice:
        give, hold = pl.col(name_of("give", item)), pl.col(name_of("hold", item))
        found["given"][item] = give & ~hold
        found["given_unless"][item] = give & hold.is_null()
        found["held"][item] = maybe(name_of("give", item)) & hold
        found["pending"][item] = give.is_null() & ~true(name_of("hold", item))
    return {f"advice.{field}": each for field, each in found.items()}


def _condition(name: str) -> pl.Expr:
    """The support of a condition and the support it could reach, each null if none."""
    grades = {grade: name_of("condition", name, grade) for grade in SUPPORT}
    return pl.struct(
        support=highest({grade: true(each) for grade, each in grades.items()}, SUPPORT),
        could_reach=highest({grade: maybe(each) for grade, each in grades.items()}, SUPPORT),
    )
