"""Parts marked with their truth, and which of them decide."""

from __future__ import annotations

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine.meaning.holds import enough, holds
from engine.meaning.marking import Marked, deciding, marked
from engine.meaning.valuation import Valuation, prepare
from engine.model.parts import All, AnyOf, Count, Not, Part, Ref
from facts.case import from_mapping

T, F, U = Ref("true"), Ref("false"), Ref("unknown")
T2, F2, U2 = Ref("true2"), Ref("false2"), Ref("unknown2")


class Known:
    def __init__(self) -> None:
        self.answers = {}

    def value(self, name: str) -> bool | None:
        return {"t": True, "f": False, "u": None}[name[0]]

    def score(self, name: str):
        raise KeyError(name)


def leaves(part: Part) -> list[str]:
    found = deciding(marked(part, Known()))
    return [each.part.name for each in found if isinstance(each.part, Ref)]


@pytest.mark.parametrize(
    ("part", "decide"),
    [
        (All((T, T2)), ["true", "true2"]),
        (All((T, F)), ["false"]),
        (All((F, F2)), []),
        (All((F, U)), ["false"]),  # were it true, the whole would be open
        (All((T, U)), ["true", "unknown"]),
        (All((U, U2)), ["unknown", "unknown2"]),
        (AnyOf((F, F2)), ["false", "false2"]),
        (AnyOf((T, F)), ["true"]),
        (AnyOf((T, T2)), []),
        (AnyOf((F, U)), ["false", "unknown"]),
        (Not(T), ["true"]),
        (All((T, Not(AnyOf((F, U))))), ["true", "false", "unknown"]),
        (All((F, AnyOf((T, F2)))), ["false"]),
        (Count(2, None, (T, T2, F)), ["true", "true2"]),
        (Count(2, None, (T, F, F2)), ["false", "false2"]),
        (Count(2, None, (T, T2, Ref("true3"))), []),
        (Count(0, 1, (T, F, F2)), ["false", "false2"]),
        (Count(0, 1, (T, T2, F)), ["true", "true2"]),
        (Count(1, 1, (T, F, F2)), ["true", "false", "false2"]),
        (Count(1, 1, (F, F2)), ["false", "false2"]),
        (Count(1, 1, (T, T2, F)), ["true", "true2"]),
        (
            All((AnyOf((U, U2)), Ref("unknown3"))),
            ["unknown3"],
        ),  # no answer to one of two makes the `any` false
    ],
)
def test_a_part_decides_where_the_whole_stands_or_falls_with_it(part, decide):
    assert leaves(part) == decide


@examples(25, 60)
@given(bases_with_cases())
def test_every_part_has_its_truth(read, drawn):
    text, answers = drawn
    kb = read(text)
    prepared = prepare(kb)
    for each in answers:
        case = Valuation(prepared, from_mapping(each, kb.questions).answers)
        for rule in kb.rules.values():
            waiting: list[Marked] = [marked(rule.when, case)]
            while waiting:
                part = waiting.pop()
                assert part.truth is holds(part.part, case)
                waiting += part.inner


def with_truth(whole: Marked, part: Marked, truth: bool) -> bool | None:
    """The truth of the whole, worked out anew with one of its parts true, or false."""
    if whole is part:
        return truth
    values = [with_truth(each, part, truth) for each in whole.inner]
    match whole.part:
        case Not():
            return None if values[0] is None else not values[0]
        case AnyOf():
            return enough(1, values)
        case Count(least, most):
            true, highest = values.count(True), len(values) if most is None else most
            kept = {least <= each <= highest for each in range(true, true + values.count(None) + 1)}
            return kept.pop() if len(kept) == 1 else None
        case All():
            return enough(len(values), values)
        case _:
            return whole.truth


@examples(25, 60)
@given(bases_with_cases())
def test_a_part_decides_just_where_the_whole_worked_out_anew_is_otherwise(read, drawn):
    text, answers = drawn
    kb = read(text)
    prepared = prepare(kb)
    for each in answers:
        case = Valuation(prepared, from_mapping(each, kb.questions).answers)
        for rule in kb.rules.values():
            whole = marked(rule.when, case)
            found = {id(part) for part in deciding(whole)}
            parts, waiting = [], [whole]
            while waiting:
                parts.append(waiting.pop())
                waiting += parts[-1].inner
            for part in parts:
                changes = any(with_truth(whole, part, truth) is not whole.truth for truth in (True, False))
                assert (id(part) in found) is changes
