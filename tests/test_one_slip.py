"""One slip is one message, however many places it has: a renamed question, a renamed rule."""

from __future__ import annotations

import json

import pytest
from test_check_command import CASES, FINE

MANY = "".join(
    f"- id: {at}\n  about: person {at}\n  answers: {{fever: yes}}\n  expect: {{fired: [a-fever]}}\n"
    for at in range(30)
)


@pytest.fixture
def base(write):
    def of(text: str, cases: str) -> str:
        write("kb/base.yaml", text)
        write("kb/cases/cases.yaml", cases)
        return "kb"

    return of


def renamed(text: str) -> str:
    return text.replace("fever: {ask", "temperature: {ask")


COMMANDS = pytest.mark.parametrize(
    "command", [("check", "kb"), ("test", "--kb", "kb"), ("coverage", "--kb", "kb")], ids=lambda each: each[0]
)


@COMMANDS
def test_a_question_renamed_in_the_questionnaire_alone(command, run, base):
    base(renamed(FINE).replace("{finding: ill}\n    then: {give", "{fever: no}\n    then: {give"), MANY)
    done = run(*command)
    assert done.output.count("there is no question `fever`") == 1
    assert "also in 1 other place: kb/base.yaml:13:12" in done.output


@COMMANDS
def test_a_question_renamed_in_all_rules_and_in_no_case(command, run, base):
    base(renamed(FINE).replace("{fever: yes}", "{temperature: yes}"), MANY)
    done = run(*command)
    assert done.output.count("error[unknown-question]: there is no question `fever`") == 1
    places = ", ".join(f"kb/cases/cases.yaml:{line}:13" for line in (7, 11, 15, 19))
    assert f"also in 29 other places: {places}, ..." in done.output


def test_a_renamed_rule_that_many_cases_expect(run, base):
    base(FINE.replace("a-fever:", "feverish:"), MANY + CASES)
    done = run("check", "kb")
    assert done.output.count("there is no rule `a-fever`") == 1
    assert "also in 31 other places: " in done.output


def test_other_programs_are_given_every_place(run, base):
    base(renamed(FINE).replace("{fever: yes}", "{temperature: yes}"), MANY)
    found = json.loads(run("check", "kb", "--json").stdout)["problems"]
    assert len([each for each in found if each["code"] == "unknown-question"]) == 30


def test_two_slips_that_are_worded_alike_are_two(run, base):
    base(
        FINE.replace("{finding: ill}\n    then: {give", "[]\n    then: {give").replace("{fever: yes}", "[]"),
        "",
    )
    assert (
        run("check", "kb").output.count("error[wrong-type]: a part must be a mapping, not an empty list") == 2
    )


@pytest.mark.parametrize("command", [("check", "kb"), ("test", "--kb", "kb")], ids=lambda each: each[0])
@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("fierd: [a-fever]", "an assessment has no `fierd`"),
        ("findngs: [ill]", "an assessment has no `findngs`"),
        ("advice: {gvien: [lie_down]}", "`advice` has no `gvien`"),
    ],
)
def test_a_misspelt_field_is_told_the_same_by_both_commands(command, slip, said, run, base):
    """Also where another field was misspelt before: each has its own remedy."""
    cases = CASES.replace("in_scope: null", "finding: [ill]") + (
        f"- id: slip\n  about: somebody\n  answers: {{fever: yes}}\n  expect: {{{slip}}}\n"
    )
    base(FINE, cases)
    output = run(*command).output
    meant = {"fierd": "fired", "findngs": "findings", "advice": "given"}[slip.partition(":")[0]]
    assert said in output
    assert f"did you mean `{meant}`?" in output
    assert "an assessment has no `finding`" in output


FLAG = """
knowledge_base: {name: flagged}
questions:
  fever: {ask: Do you have a fever?, kind: yes_no}
  rash: {ask: Do you have a rash?, kind: yes_no}
triage:
  rest: {text: Rest}
  go: {text: Go, red_flag: true, sooner: Go if, signs: [it burns]}
findings: {calm: nothing alarming}
rules:
  rest: {when: {fever: no}, then: {triage: rest}, because: It passes., ours: true}
  calm:
    when: {fever: no}
    unless: {triage_at_least: go}
    then: {finding: calm}
    because: So it is.
    ours: true
  go: {when: {fever: yes}, then: {triage: go}, because: It burns., ours: true}
"""
WARM = "".join(
    f"- id: c{at}\n  about: person {at}\n  answers: {{fever: no}}\n"
    "  expect: {triage: {settled: true}, findings: [calm]}\n  expect_not: {fired: [go]}\n"
    for at in range(9)
) + (
    "- id: hot\n  about: somebody hot\n  answers: {fever: yes}\n"
    "  expect: {triage: {level: go}}\n  expect_not: {fired: [rest, calm]}\n"
)
NEW = "  rash: {when: {rash: yes}, then: {triage: go}, because: It spreads., ours: true}\n"


def test_a_new_red_flag_is_one_failure_with_its_places(run, base):
    base(FLAG + NEW, WARM)
    said = run("test", "--kb", "kb").output
    assert said.count(": failed") == 1
    places = ", ".join(f"kb/cases/cases.yaml:{line}" for line in (6, 11, 16, 21, 26))
    assert f"8 other cases fail only because `rash: yes` waits for an answer: {places}, ..." in said
    assert said.endswith("10 cases: 1 passed, 9 failed\n")


def test_a_new_red_flag_is_one_finding_of_check(run, base):
    base(FLAG + NEW, WARM)
    said = run("check", "kb").output
    assert "every case leaves rule `rash` open, and therefore 2 other things: `calm`, `calm`" in said
    assert said.count("warning[") == 1
    base(FLAG, WARM)
    assert "open-in-every-case" not in run("check", "kb").output
