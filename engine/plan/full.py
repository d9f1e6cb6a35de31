"""The complete assessment of many cases: every field of `engine.assessment`, as nested columns.

In: a network and its knowledge base. Out: the shape of the published assessment, with the same names inside;
lists hold names of types that know all of them. What only single cases carry (the questions behind one
pending item) is left out.
"""

from __future__ import annotations

from engine.network import Network
from engine.plan.advising import given, standing
from engine.plan.asking import asking
from engine.plan.gather import ask_next, chosen, fired, inconsistencies, kept_open_by, pending, truths
from engine.plan.listing import Listed
from engine.plan.nesting import Nested
from engine.plan.reach import alone, giving
from engine.plan.shape import Shape, columns, fields
from engine.plan.suspicions import conditions, grading
from engine.valuation import Prepared


def full(net: Network, prepared: Prepared) -> Shape:
    """The shape of whole assessments as they are published."""
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
