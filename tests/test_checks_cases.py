"""What checks say that no case shows is what no assessment has: seen with most of the cases taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from checking import examined

from engine import load
from engine.checks import findings
from engine.checks.cases import never_met, rule_without_case, rule_without_near_miss
from engine.checks.examination import examination
from engine.checks.expectations import unknown_names
from engine.model.knowledge_base import Suspects, Withholds
from engine.model.parts import Always
from facts.case import Case
from facts.files.cases import read_cases

FOLDER = Path(__file__).parent.parent / "kb"
WORD = re.compile(r"`([^`]+)`")


@pytest.fixture(scope="module", params=[4, 9, 40], ids="one-in-{}".format)
def some(request, kb, bundled):
    """A share of the bundled cases, examined, and their assessments by experta."""
    read = [each for each in read_cases([FOLDER / "cases"], kb.questions) if isinstance(each, Case)]
    cases = read[:: request.param]
    ids = {case.id for case in cases}
    assessed = [each for each in bundled("experta") if each["id"] in ids]
    return examination(kb, str(FOLDER), cases), assessed


def names(told) -> set[tuple[str, ...]]:
    """What the messages name."""
    return {tuple(WORD.findall(each.message)) for each in told}


def test_rules_without_a_case(some):
    looked_at, assessed = some
    fired = {id for each in assessed for id in each["fired"]}
    assert names(rule_without_case(looked_at)) == {(id,) for id in looked_at.kb.rules if id not in fired}


def test_rules_without_a_near_miss(some):
    looked_at, assessed = some
    by_id = {each["id"]: each for each in assessed}
    missed = set()
    for case in looked_at.cases:
        named = case.expect_not.get("fired", [])
        for id in named if isinstance(named, list) else [named]:
            if id not in by_id[case.id]["fired"] and id not in by_id[case.id]["open"]:
                missed.add(id)
    can_fail = {id for id, rule in looked_at.kb.rules.items() if not isinstance(rule.when, Always)}
    assert names(rule_without_near_miss(looked_at)) == {(id,) for id in can_fail - missed}


def test_what_no_case_reaches(some):
    looked_at, assessed = some
    kb = looked_at.kb
    conclusions = [(rule.id, each) for rule in kb.rules.values() for each in rule.then]
    met = {
        "condition": {(each["name"], each["support"]) for a in assessed for each in a["conditions"]},
        "level": {
            (reach["level"],) for a in assessed for reach in (a["triage"], *a["triage"]["by_source"].values())
        },
        "holds": {(each["rule"],) for a in assessed for each in a["advice"]["held"]},
        "given": {(each["item"],) for a in assessed for each in a["advice"]["given"]},
        "finding": {(name,) for a in assessed for name in a["findings"]},
        "text": {(name,) for a in assessed for name in a["texts"]},
        "disagreement": {(name,) for a in assessed for name in a["disagreements"]},
        "inconsistency": {(each["name"],) for a in assessed for each in a["inconsistencies"]},
    }
    wanted = {
        "condition": {(c.condition, c.support) for _, c in conclusions if isinstance(c, Suspects)},
        "level": {(name,) for name in kb.levels},
        "holds": {(id,) for id, c in conclusions if isinstance(c, Withholds)},
        "given": {(name,) for name in kb.advice},
        "finding": {(name,) for name in kb.findings},
        "text": {(name,) for name in kb.texts},
        "disagreement": {(name,) for name in kb.disagreements},
        "inconsistency": {(name,) for name in kb.consistency},
    }
    told = list(never_met(looked_at))
    for word, all_of_them in wanted.items():
        said = names(each for each in told if word in WORD.sub("", each.message))
        assert said == all_of_them - met[word], word
    assert len(told) == sum(len(all_of_them - met[word]) for word, all_of_them in wanted.items())


CASE = """\
- id: one
  about: somebody
  answers: {{weeks: 3}}
  expect:
    {}
"""


@pytest.mark.parametrize(
    ("expected", "column", "help"),
    [
        ("fired: [common-il]", 13, "did you mean `common-ill`?"),
        ("triage: {levle: emergency}", 14, "did you mean `level`?"),
        ("triage: {level: emergncy}", 21, "did you mean `emergency`?"),
        ("triage: {by_source: {S9: {level: emergency}}}", 26, "keys: `S1`, `S2`"),
        ("triage: {by_source: {S1: {level: urgent}}}", 38, "levels: `see_doctor`, `emergency`"),
        ("conditions: {infectoin: typical}", 18, "did you mean `infection`?"),
        ("conditions: {infection: typcial}", 29, "did you mean `typical`?"),
        ("conditions: [{name: infectoin}]", 25, "did you mean `infection`?"),
        ("advice: {givn: [lie_down]}", 14, "did you mean `given`?"),
        ("advice: {given: [lie_dwon]}", 22, "did you mean `lie_down`?"),
        ("advice: {held: [{rule: common-il}]}", 28, "did you mean `common-ill`?"),
        ("findigs: [ill]", 5, "did you mean `findings`?"),
        ("ask_next: [fevr]", 16, "did you mean `fever`?"),
        ("inconsistencies: ['asked_when:weakness_onse']", 24, "did you mean `asked_when:weakness_onset`?"),
    ],
)
def test_a_misspelt_name_in_an_expectation_is_told_at_its_place(expected, column, help, tmp_path):
    (found,) = unknown_names(examined(tmp_path / "kb", "", CASE.format(expected)))
    assert (found.span.line, found.span.column) == (5, column)
    assert found.help.startswith(help)


def test_what_an_assessment_really_has_is_known(tmp_path):
    expected = (
        "{in_scope: null, triage: {level: null, ceiling: emergency, settled: false, rules: none,"
        " by_source: {S1: {level: null, ceiling: emergency}}}, conditions: {infection: null},"
        " findings: none, scores: {},"
        " advice: {given_unless: none, pending: [lie_down], held: none, given: none},"
        " texts: none, ask_next: [fever], kept_open_by: none, inconsistencies: none, disagreements: none,"
        " fired: none, open: [common-ill]}"
    )
    assert list(unknown_names(examined(tmp_path / "kb", "", CASE.format(expected)))) == []


def test_odd_expectations_are_not_looked_up_and_do_no_harm(tmp_path):
    for expected in (
        "triage: 3",
        "advice: [lie_down]",
        "conditions: {infection: [1, {x: y}]}",
        "fired: {common-ill: 1}",
    ):
        found = findings(examined(tmp_path / "kb", "", CASE.format(expected)))
        assert all(each.severity == "warning" for each in found)


def test_a_base_of_cases_without_rules_asks_for_nothing(tmp_path):
    (tmp_path / "base.yaml").write_text("questions:\n  fever: {ask: Fever?, kind: yes_no}\n")
    kb = load(tmp_path)
    assert [each.code for each in findings(examination(kb, str(tmp_path), ()))] == ["unused-question"]
