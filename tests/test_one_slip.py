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
    assert done.output.count("no question is called `fever`") == 1
    assert "also in 1 other place: kb/base.yaml:13:12" in done.output


@COMMANDS
def test_a_question_renamed_in_all_rules_and_in_no_case(command, run, base):
    base(renamed(FINE).replace("{fever: yes}", "{temperature: yes}"), MANY)
    done = run(*command)
    assert done.output.count("error[unknown-question]: no question is called `fever`") == 1
    places = ", ".join(f"kb/cases/cases.yaml:{line}:13" for line in (7, 11, 15, 19))
    assert f"also in 29 other places: {places}, ..." in done.output


def test_a_renamed_rule_that_many_cases_expect(run, base):
    base(FINE.replace("a-fever:", "feverish:"), MANY + CASES)
    done = run("check", "kb")
    assert done.output.count("no rule is called `a-fever`") == 1
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
    assert run("check", "kb").output.count("error[wrong-type]: a part is a mapping, not an empty list") == 2


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
