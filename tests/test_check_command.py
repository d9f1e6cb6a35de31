"""`cartsign check`: what it prints in each format, what it explains, and how it ends."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import jsonschema
import pytest

from engine.checks import CHECKS, PROVED
from engine.checks.codes import CODES, meaning_of
from engine.checks.report import relative
from engine.loading.sections import NAMED

ROOT = Path(__file__).parent.parent
FINE = """\
knowledge_base: {name: small}
questions:
  fever: {ask: Do you have a fever?, kind: yes_no}
findings:
  ill: signs of illness
rules:
  a-fever:
    when: {fever: yes}
    then: {finding: ill}
    because: A high temperature means that the body fights.
    ours: true
  another:
    when: {finding: ill}
    then: {give: lie_down}
    because: In bed it fights better.
    ours: true
advice_kinds: {home: At home}
advice:
  lie_down: {kind: home, text: Lie down.}
"""
CASES = """\
- id: hot
  about: somebody with a fever
  answers: {fever: yes}
  expect: {fired: [a-fever, another]}
- id: cool
  about: somebody without a fever
  answers: {fever: no}
  expect: {in_scope: null}
  expect_not: {fired: [a-fever, another]}
"""
FOUND = FINE.replace("Do you have a fever?", "'fever, 100% surely::'")
BROKEN = FINE.replace("{fever: yes}", "{fevr: yes}")


@pytest.fixture
def base(write):
    def of(text: str, cases: str = CASES) -> str:
        write("kb/base.yaml", text)
        write("kb/cases/cases.yaml", cases)
        return "kb"

    return of


def test_a_clean_base_ends_with_0(run, base):
    done = run("check", base(FINE))
    assert (done.exit_code, done.stdout) == (0, "kb: no problems in 2 rules and 1 question of small 0\n")


def test_findings_end_with_1_and_are_counted_by_check(run, base):
    text = FOUND.replace("In bed it fights better.", "A high temperature means that the body fights.")
    done = run("check", base(text, CASES.replace("[a-fever, another]", "[a-fever, anothr]")))
    assert done.exit_code == 1
    assert "kb/base.yaml:3:3: warning[not-a-question]" in done.stdout
    assert "    3 |   fever: {ask:" in done.stdout
    assert "  earlier: kb/base.yaml:7:3" in done.stdout
    assert "kb/cases/cases.yaml:4:29: warning[unknown-name]" in done.stdout
    assert "help: did you mean `another`?" in done.stdout
    assert "1  unknown-name\n" in done.stdout
    assert "kb: 4 problems\n" in done.stdout


def test_a_broken_base_ends_with_2_whatever_the_format(run, base):
    for form in ("pretty", "compact", "json", "github", "sarif"):
        done = run("check", base(BROKEN), "--format", form)
        assert done.exit_code == 2
        assert "unknown-question" in done.stdout


def test_a_broken_case_keeps_the_rest_from_nothing(run, base):
    done = run("check", base(FOUND, CASES + "- id: torn\n  about: x\n  answers: {fevr: yes}\n"))
    assert done.exit_code == 2
    assert "error[unknown-question]" in done.stdout
    assert "warning[not-a-question]" in done.stdout


def test_of_what_cases_lack_nothing_is_said_where_one_is_torn(run, base):
    torn = run("check", base(FINE, CASES.replace("answers: {fever: no}", "answers: {fevr: no}")))
    assert torn.exit_code == 2
    assert "near-miss" not in torn.stdout
    assert "near-miss" in run("check", base(FINE, CASES.split("- id: cool")[0])).stdout


def test_compact_is_a_line_a_problem(run, base):
    done = run("check", base(FOUND), "--format", "compact")
    message = "the text of question `fever` does not end with a question mark"
    assert done.stdout == f"kb/base.yaml:3:3: warning[not-a-question]: {message}\n"


def test_json_keeps_its_schema(run, base):
    schema = json.loads((ROOT / "engine" / "schemas" / "check.schema.json").read_text())
    for text in (FINE, FOUND, BROKEN, FINE.replace("In bed it", "A high temperature means that the body")):
        done = run("check", base(text), "--format", "json")
        plain = json.loads(done.stdout)
        jsonschema.Draft202012Validator(schema).validate(plain)
        assert (plain["kb"] is None) == (text == BROKEN)
        assert plain["errors"] + plain["findings"] == len(plain["problems"])
    found = json.loads(run("check", base(FOUND), "--json").stdout)["problems"]
    assert [(each["code"], each["file"], each["line"]) for each in found] == [
        ("not-a-question", "kb/base.yaml", 3)
    ]


def test_a_missing_base_is_a_problem_without_a_place(run):
    found = json.loads(run("check", "nowhere", "--format", "json").stdout)
    assert found["problems"][0] | {"help": None} == {
        "code": "file-missing",
        "severity": "error",
        "message": "there is no file or folder `nowhere`",
        "help": None,
        "file": "nowhere",
        "line": None,
        "column": None,
        "end": None,
        "earlier": None,
    }


def test_annotations_of_github_are_escaped(run, write):
    write("a,b/base.yaml", FOUND)
    line = run("check", "a,b", "--format", "github").stdout.splitlines()
    assert line[0].startswith("::warning file=a%2Cb")
    assert all(each.count("::") == 2 and "\n" not in each for each in line)
    assert "%0Ahelp: " in line[0]


def test_sarif_has_what_readers_of_it_need(run, base):
    done = run("check", base(FOUND), "--format", "sarif")
    log = json.loads(done.stdout)
    assert log["version"] == "2.1.0"
    (sarif,) = log["runs"]
    rules = sarif["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [check.id for check in CHECKS]
    assert all(rule["shortDescription"]["text"] and rule["help"]["markdown"] for rule in rules)
    (result,) = sarif["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "not-a-question"
    assert result["level"] == "warning"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "kb/base.yaml"}
    assert place["region"] == {"startLine": 3, "startColumn": 3, "endColumn": 8}


def test_sarif_has_the_codes_of_errors_and_earlier_places(run, base):
    log = json.loads(
        run("check", base(FINE + "  lie_down: {kind: home, text: x}\n"), "--format", "sarif").stdout
    )
    (sarif,) = log["runs"]
    (result,) = sarif["results"]
    assert sarif["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] == "error"
    assert result["relatedLocations"][0]["message"]["text"] == "earlier"


def test_paths_are_relative_where_they_lie_below():
    assert relative("/a/b/c.yaml", "/a") == "b/c.yaml"
    assert relative("/x/c.yaml", "/a") == "/x/c.yaml"


@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.id)
def test_every_check_is_explained(check, run):
    page = run("check", "--explain", check.id)
    assert page.exit_code == 0
    for word in (f"{check.id}: ", "\n\nAvoid\n\n    ", "\n\nPrefer\n\n    "):
        assert word in page.stdout
    assert max(map(len, page.stdout.splitlines())) <= 110


def test_a_misspelt_id_is_told_with_the_one_that_was_meant(run):
    done = run("check", "--explain", "never_fire")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean `never-fires`?" in done.stderr


def test_an_id_that_is_like_none_leads_to_the_list(run):
    assert "--list" in run("check", "--explain", "xyzzy").stderr
    listed = run("check", "--list")
    assert listed.exit_code == 0
    ids = [check.id for check in CHECKS]
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [*ids, *PROVED]


def codes_of_readers() -> set[str]:
    """Every code that a reader of knowledge bases or cases gives, as far as it is written in its source."""
    places = ("facts", "engine/loading", "engine/words")
    files = [path for place in places for path in (ROOT / place).rglob("*.py")]
    calls = [node for path in files for node in ast.walk(ast.parse(path.read_text()))]
    found = set()
    for call in calls:
        named = isinstance(call, ast.Call) and ast.unparse(call.func).rsplit(".")[-1]
        if named in ("Problem", "report", "_report", "_wrong", "Check"):
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and re.fullmatch("[a-z]+(-[a-z0-9]+)*", str(first.value)):
                found.add(first.value)
    return found


def test_every_code_of_an_error_is_explained():
    codes = codes_of_readers()
    assert {"missing-key", "no-text", "yaml-syntax", "not-a-case", "alias"} <= codes
    assert [code for code in sorted(codes) if not meaning_of(code)] == []
    assert all(meaning_of(f"unknown-{what}") and meaning_of(f"duplicate-{what}") for what in NAMED.values())


def test_no_code_is_explained_that_there_is_not():
    paths = [path for top in ("engine", "facts") for path in (ROOT / top).rglob("*.py")]
    written = "".join(path.read_text() for path in paths if path.name != "codes.py")
    put_together = {"never-true", "never-false"}
    assert [code for code in CODES if f'"{code}"' not in written and code not in put_together] == []


def test_what_the_loader_refuses_can_be_looked_up(run, base):
    text = FINE.replace("    because: In bed it fights better.\n", "")
    assert "error[missing-key]" in run("check", base(text)).stdout
    assert "`because`" in run("check", "--explain", "missing-key").stdout


def test_the_base_is_named_as_for_the_other_commands_or_alone(run, base):
    path = base(FINE)
    assert run("check", "--kb", path).stdout == run("check", path).stdout
    assert run("check", path, "--kb", path).stdout == run("check", path).stdout
    twice = run("check", path, "--kb", str(ROOT / "kb"))
    assert (twice.exit_code, "remove one of them" in twice.output) == (2, True)


def test_the_bundled_base_and_those_of_the_tests_are_clean(run):
    for path in (ROOT / "kb", *sorted((ROOT / "tests" / "bases").iterdir())):
        done = run("check", str(path), "--format", "compact")
        assert (done.exit_code, done.stdout) == (0, "")


def test_hostile_words_neither_steer_a_terminal_nor_end_in_a_traceback(run, base):
    text = FINE.replace("Do you have a fever?", '"\\e[2J fever"').replace(
        "In bed", '"\\e]0;x\\a In bed"'.strip('"')
    )
    for form in ("pretty", "compact", "json", "github", "sarif"):
        done = run("check", base(text), "--format", form)
        assert done.exit_code in (1, 2)
        assert "\x1b" not in done.stdout
