"""The truth of names worked out on demand: chains of any length, read from either end."""

from __future__ import annotations

import pytest
from test_targets import chain

from engine.meaning.valuation import DEEPEST, Valuation, prepare
from facts.case import from_mapping


@pytest.mark.parametrize(
    "length", [1, DEEPEST - 1, DEEPEST, DEEPEST + 1, 2 * DEEPEST, 2 * DEEPEST + 1, 2_000]
)
@pytest.mark.parametrize(("answers", "truth"), [({"q": True}, True), ({"q": False}, False), ({}, None)])
def test_the_last_of_a_chain_is_as_true_as_the_first(length, answers, truth, read):
    kb = read(chain(length))
    case = Valuation(prepare(kb), from_mapping(answers, kb.questions).answers)
    assert case.value(f"finding:f{length - 1}") is truth
    assert {case.value(f"finding:f{at}") for at in range(length)} == {truth}
