"""The answers that one version of a knowledge base reads, as formulas over answers that two versions share.

In: how its questions are read off the joint ones, and the variables of these. Out: the answers in the form
that `engine.solver.coding` reads, without variables of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import z3

from engine.solver.answers import Open, Rails, steps
from facts.other_names.formerly import Slot
from facts.other_names.versions import Read, View
from facts.vocabulary import Choice, Choices, Number, Question, Questionnaire, YesNo

Opens = Mapping[str, Open]


def viewed(view: View, own: Questionnaire, joint: Opens) -> dict[str, Open]:
    """The unknown answers to the questions `own` of one version, read off the joint ones."""
    return {name: _viewed(question, view[name], joint) for name, question in own.items()}


def _viewed(question: Question, read: Read, joint: Opens) -> Open:
    kind = question.kind
    slots = [slot for each in read.values() for slot in each]
    match kind:
        case YesNo():
            true, false = _said(joint, slots[0])
            open_ = joint[slots[0][0]]
            if not slots[0][1]:
                return Open(question, open_.known, open_.value, {}, {})
            return Open(question, z3.Or(true, false), true, {}, {})
        case Number():
            return _number(question, kind, joint[slots[0][0]])
        case Choice():
            options = {
                option: _any([joint[name].options[each] for name, each in those])
                for option, those in read.items()
            }
            return Open(question, z3.Or(list(options.values())), None, options, {})
        case Choices():
            rails = {option: _said(joint, slot) for option, (slot,) in read.items()}
            known = z3.Or([rail for each in rails.values() for rail in each])
            return Open(question, known, None, {}, rails)
        case _:
            assert_never(kind)


def _said(joint: Opens, slot: Slot) -> Rails:
    """When the answer to a slot is yes, and when no."""
    open_ = joint[slot[0]]
    if slot[1]:
        return open_.rails[slot[1]]
    assert isinstance(open_.value, z3.BoolRef)
    return Rails(z3.And(open_.known, open_.value), z3.And(open_.known, z3.Not(open_.value)))


def _number(question: Question, kind: Number, open_: Open) -> Open:
    """A number, unknown to a version whose range or whose decimals do not allow it."""
    widest = open_.question.kind
    assert isinstance(widest, Number)
    assert isinstance(open_.value, z3.ArithRef)
    if (kind.minimum, kind.maximum, kind.decimals) == (widest.minimum, widest.maximum, widest.decimals):
        return Open(question, open_.known, open_.value, {}, {})
    scale = 10 ** (widest.decimals - kind.decimals)
    low, high = (steps(end, widest) for end in (kind.minimum, kind.maximum))
    fits = [open_.value >= low, open_.value <= high, *([open_.value % scale == 0] if scale > 1 else [])]
    return Open(
        question, z3.And(open_.known, *fits), open_.value / scale if scale > 1 else open_.value, {}, {}
    )


def _any(formulas: list[z3.BoolRef]) -> z3.BoolRef:
    return formulas[0] if len(formulas) == 1 else z3.Or(formulas)
