"""Coverage asks for the edges of thresholds and the lines of scores, and for no case that cannot be."""

from __future__ import annotations

import pytest

from engine.coverage.gaps import gaps
from engine.coverage.measure import measured
from engine.coverage.summary import summed
from facts.case import from_mapping

BASE = """
questions:
  temp: {{ask: How hot?, kind: number, unit: degrees, minimum: 34, maximum: 43, decimals: 1}}
  signs: {{ask: Which signs?, kind: choices, options: {{a: a, b: b, c: c}}}}
  strength: {{ask: How strong?, kind: choice, options: {{mild: mild, severe: severe, some: some}}}}
  cough: {{ask: Do you cough?, kind: yes_no}}
findings: {{ill: signs of illness}}
scores:
  s:
    ours: true
    parts:
      - {{points: 1, when: {{cough: yes}}}}
      - {{question: strength, points: {{mild: 1, severe: 2}}}}
rules:
  r: {{when: {when}, then: {{finding: ill}}, because: b, ours: true}}
"""


def lacking(read, when: str, *answers: dict[str, object]) -> list[str]:
    """The first words of what the cases do not show."""
    kb = read(BASE.format(when=when))
    found = measured(kb, [from_mapping(each, kb.questions, f"c{at}") for at, each in enumerate(answers)])
    said = [gap.message.partition(",")[0] for gap in gaps(found.rules, found.lines)]
    total = summed(found.rules, found.lines)
    assert (total.covered == total.parts) == (not said)
    return said


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        ("{at_least: 38}", 38, 37.9),
        ("{above: 38}", 38.1, 38),
        ("{at_most: 38}", 38, 38.1),
        ("{below: 38}", 37.9, 38),
        ("{at_least: 37.95}", 38, 37.9),
        ("{below: 37.95}", 37.9, 38),
    ],
)
def test_both_edges_of_a_threshold_are_asked_for(bound, inside, outside, read):
    when = f"{{temp: {bound}}}"
    far = [{"temp": 34}, {"temp": 43}]
    edges = {f"no case has `temp: {inside}`", f"no case has `temp: {outside}`"}
    assert set(lacking(read, when, *far)) == edges
    assert lacking(read, when, *far, {"temp": inside}) == [f"no case has `temp: {outside}`"]
    assert lacking(read, when, {"temp": inside}, {"temp": outside}) == []


def test_an_edge_counts_where_the_part_decides(read):
    when = "{temp: {at_least: 38}, cough: yes}"
    cases = [{"temp": 40, "cough": True}, {"temp": 35, "cough": True}, {"temp": 40, "cough": False}]
    far = {"no case in which it decides has `temp: 38`", "no case has `temp: 37.9`"}
    assert set(lacking(read, when, *cases, {"temp": 38, "cough": False})) == far
    assert lacking(read, when, *cases, {"temp": 38, "cough": True}, {"temp": 37.9, "cough": True}) == []


def test_counts_of_options_have_edges_too(read):
    when = "{signs: {at_least: 2}}"
    assert set(lacking(read, when, {"signs": ["a", "b", "c"]}, {"signs": []})) == {
        "no case has `signs: 2 chosen`",
        "no case has `signs: 1 chosen`",
    }
    assert lacking(read, when, {"signs": ["a", "b"]}, {"signs": ["c"]}) == []


def test_sums_next_to_the_bound_on_a_score_and_its_lines(read):
    when = "{score: {s: {at_least: 2}}}"
    found = lacking(read, when, {"cough": True, "strength": "severe"}, {"cough": False, "strength": "some"})
    assert "no case has `score s: 2`" in found
    assert "no case has `score s: 1`" in found
    assert [each for each in found if each.startswith("line")] == [
        "line 1 of score `s`",
        "line 2 of score `s`",
    ]
    everything = [
        {"cough": True, "strength": "mild"},
        {"cough": False, "strength": "mild"},
        {"cough": False, "strength": "severe"},
    ]
    assert lacking(read, when, *everything) == []


@pytest.mark.parametrize(
    ("when", "answers"),
    [
        ("{temp: {at_least: 34}, cough: yes}", [{"temp": 40, "cough": True}, {"temp": 40, "cough": False}]),
        (
            "{all: [{strength: severe}, {not: {strength: mild}}]}",
            [{"strength": "severe"}, {"strength": "some"}],
        ),
        ("{any: [{cough: yes}, {cough: no}, {cough: yes}]}", [{"cough": True}, {"cough": False}]),
    ],
)
def test_nobody_is_asked_for_a_case_that_cannot_be(when, answers, read):
    assert lacking(read, when, *answers) == []
