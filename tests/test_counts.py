"""`at_most` and `exactly` where it matters that parts which hold count against them."""

from __future__ import annotations

import pytest

from engine.meaning.valuation import Valuation, prepare
from engine.page.said import Said, behind
from facts.case import from_mapping

BASE = """
knowledge_base: {name: counts}
questions:
  a: {ask: A?, kind: yes_no}
  b: {ask: B?, kind: yes_no}
  c: {ask: C?, kind: yes_no}
triage: {stay: {text: Stay}, go: {text: Go}}
findings: {f: something}
rules:
  stay: {when: always, then: {triage: stay}, because: b, ours: true}
  go: {when: WHEN, then: {triage: go}, because: b, ours: true}
  found: {when: WHEN, then: {finding: f}, because: b, ours: true}
"""
PARTS = "{a: yes}, {b: yes}, {c: yes}"
AT_MOST, EXACTLY = (f"{{{word}: {{count: 1, of: [{PARTS}]}}}}" for word in ("at_most", "exactly"))


@pytest.mark.parametrize("when", [AT_MOST, EXACTLY])
def test_a_level_that_a_further_yes_takes_back_deserves_a_look(run, write, when):
    found = run("check", write("base.yaml", BASE.replace("WHEN", when)), "--format", "compact").output
    word = when[1:].partition(":")[0]
    assert "not-in-triage" in found
    assert f"`{word}`" in found
    fine = when.replace(word, "at_least").replace("count: 1", "count: 2")
    assert "not-in-triage" not in run("check", write("fine.yaml", BASE.replace("WHEN", fine))).output


def test_a_part_that_matters_by_what_it_takes_back_is_not_superfluous(run, write):
    when = "{exactly: {count: 1, of: [{a: yes}, {all: [{a: yes}, {b: yes}]}]}}"
    found = run("verify", write("base.yaml", BASE.replace("WHEN", when)), "--format", "compact").output
    assert "part-never-matters" not in found
    idle = "{exactly: {count: 1, of: [{a: yes}, {all: [{b: yes}, {b: no}]}]}}"
    found = run("verify", write("idle.yaml", BASE.replace("WHEN", idle)), "--format", "compact").output
    assert "part-never-matters" in found


def test_answers_that_count_against_it_are_not_what_a_page_says_it_rests_on(read):
    answers = {"a": True, "b": False, "c": False}
    for when, expected in ((AT_MOST, []), (EXACTLY, [Said("a")])):
        kb = read(BASE.replace("WHEN", when))
        case = Valuation(prepare(kb), from_mapping(answers, kb.questions).answers)
        assert case.value("finding:f") is True
        assert behind(["finding:f"], case) == expected


def test_too_many_is_a_reason_of_just_so_many_answers(run, write):
    base = write("base.yaml", BASE.replace("WHEN", AT_MOST))
    case = write("case.yaml", "id: x\nanswers: {a: yes, b: no, c: yes}\n")
    why = run("explain", case, "--kb", base, "--why-not", "f").output
    assert "Not concluded, because you said yes to a and yes to c." in why
    case = write("case.yaml", "id: x\nanswers: {b: no, c: no}\n")
    why = run("explain", case, "--kb", base, "--why", "f").output
    assert "because you said no to b and no to c" in why
