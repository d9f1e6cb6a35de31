"""Points with up to six decimals add up exactly, on every machine, from the smallest sum to the largest."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.loading import read_knowledge_base
from engine.model.scores import decimals_of
from facts.case import from_mapping

BASE = """
questions:
  weak: {ask: Weak?, kind: yes_no}
  dose: {ask: How much?, kind: number, unit: grams, minimum: 0, maximum: 2000, decimals: 6}
findings: {high: it is high}
scores:
  published: {ours: true, parts: [{points: -7.1082, when: always}, {question: dose, times: 0.000123}]}
  coarse: {ours: true, parts: [{points: 2.5, when: {weak: yes}}, {points: 1000, when: always}]}
rules:
  high: {when: {score: {published: {at_least: -7.108199}}}, then: {finding: high}, because: b, ours: true}
"""


@pytest.mark.parametrize("dose", ["0", "0.000123", "0.00813", "0.008131", "0.5", "1.999999", "1999.999999"])
def test_a_sum_is_exact_to_its_last_decimal(assess, dose):
    exact = Fraction("-7.1082") + Fraction(dose) * Fraction("0.000123")
    found = assess(BASE, {"dose": float(dose), "weak": True})
    assert found["scores"]["published"] == {"low": float(exact), "high": float(exact)}
    assert found["scores"]["coarse"] == {"low": 1002.5, "high": 1002.5}
    assert found["findings"] == (["high"] if exact >= Fraction("-7.108199") else [])


LARGE = """
questions: {dose: {ask: How much?, kind: number, unit: grams, minimum: 0, maximum: 8000, decimals: 6}}
findings: {high: it is high}
scores: {fine: {ours: true, parts: [{question: dose, times: 0.281111}]}}
rules: {high: {when: {score: {fine: {above: 1}}}, then: {finding: high}, because: b, ours: true}}
"""


def test_the_largest_sums_that_are_let_pass_are_the_same_on_every_machine(target, read):
    kb = read(LARGE)
    assert decimals_of(kb.scores["fine"]) == 12
    doses = [f"7999.{999_999 - 17 * step:06}" for step in range(200)]
    exact = [float(Fraction(dose) * Fraction("0.281111")) for dose in doses]
    found = target(kb, [from_mapping({"dose": float(dose)}, kb.questions) for dose in doses])
    assert [each["scores"]["fine"] for each in found] == [{"low": each, "high": each} for each in exact]


def test_larger_sums_are_refused_with_what_to_do(tmp_path):
    path = tmp_path / "base.yaml"
    path.write_text(LARGE.replace("0.281111", "0.281499"))
    kb, problems = read_knowledge_base(path)
    assert kb is None
    assert [each.message for each in problems] == ["score `fine` can exceed 2251 points"]


@pytest.mark.parametrize(("points", "decimals"), [("2", 0), ("0.5", 1), ("7.1082", 4), ("0.000001", 6)])
def test_a_score_has_the_decimals_of_its_points(read, points, decimals):
    text = BASE.replace("2.5, when: {weak: yes}", f"{points}, when: {{weak: yes}}")
    assert decimals_of(read(text).scores["coarse"]) == decimals
