"""The complete assessment of many cases: every field of `engine.model.assessment`, as nested columns.

In: a network and its knowledge base. Out: the shape of the published assessment, with the same field names;
lists of names are lists of an `Enum`. What only single cases have (the questions of a pending item) is left
out.
"""

from __future__ import annotations

from engine.assessments.advice import given, standing
from engine.assessments.conditions import conditions, grading
from engine.assessments.lists import ask_next, chosen, fired, inconsistencies, kept_open_by, pending, truths
from engine.assessments.nested import Nested
from engine.assessments.shape import Shape, columns, fields
from engine.assessments.slots import Listed
from engine.assessments.urgency import alone, giving
from engine.columns.liveness import asking
from engine.meaning.network import Network
from engine.meaning.valuation import Prepared


def full(net: Network, prepared: Prepared) -> Shape:
    """The shape of complete assessments as published."""
    kb, live = prepared.kb, asking(net, prepared)
    names = {"findings": kb.findings, "texts": kb.texts, "disagreements": kb.disagreements, "open": kb.rules}
    lists: tuple[Listed | Nested, ...] = (
        *(chosen(field, each, names[field]) for field, each in truths(prepared).items()),
        *([chosen("triage.rules", giving(prepared), kb.rules)] if kb.levels else []),
        conditions(prepared),
        *given(prepared),
        pending(prepared),
        ask_next(prepared, live.ranks),
        kept_open_by(prepared, live.ranks),
        inconsistencies(prepared),
        fired(prepared),
    )
    steps = (*live.strata, (*standing(prepared), *grading(prepared)))
    single = alone(prepared)
    return Shape(steps, single, lists, tuple(fields(columns(single, lists))))
