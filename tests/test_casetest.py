"""`cartsign test`: what becomes of cases, and what is said of those that do not give what they must.

Each `NAME.yaml` in `golden/casetest/` is run on the knowledge base of the golden pages; what is printed is
compared with `NAME.out`. `pytest --update-golden` writes them anew: read the difference before it is kept.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result
from jsonschema import validate

from engine import KnowledgeBase, load
from engine.casetest.expectation import NONE, differences
from engine.casetest.report import paragraph
from engine.casetest.running import runner
from engine.casetest.spelling import misspelt, shape_of
from facts.case import Case
from facts.files.cases import read_cases

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "casetest"
PAGES = str(GOLDEN.parent / "pages" / "base.yaml")
WELLS = str(ROOT / "tests" / "bases" / "wells-dvt")
FILES = sorted(GOLDEN.glob("*.yaml"))

Run = Callable[..., Result]
Write = Callable[[str, str], str]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_said(
    file: Path, run: Run, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(GOLDEN)
    told = run("test", file.name, "--kb", "../pages/base.yaml")
    golden = file.with_suffix(".out")
    if request.config.getoption("--update-golden"):
        golden.write_text(told.output, encoding="utf-8")
    assert told.output == golden.read_text(encoding="utf-8")
    assert told.exit_code == 1


def test_every_golden_file_has_its_cases() -> None:
    assert FILES
    assert {path.stem for path in GOLDEN.glob("*.out")} == {path.stem for path in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_columns_say_the_same(file: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the questions behind a pending item, which they leave out and of which they say so."""
    monkeypatch.chdir(GOLDEN)
    told = [
        run("test", file.name, "--kb", "../pages/base.yaml", *target).output for target in ([], ["--columns"])
    ]
    on_experta, in_columns = (text.splitlines() for text in told)
    other = [line for line in in_columns if line not in on_experta]
    assert bool(other) is (file.stem == "advice")
    assert not other or other == [
        "  - advice.pending.sit_up has no `questions`, only `item`, `waits_for`",
        "      only the columns give this result; for a pending item they leave out the questions",
    ]


# Every case of the bundled knowledge base


@pytest.mark.parametrize(
    "target",
    [pytest.param([], marks=pytest.mark.sweep), ["--columns"]],
    ids=["experta", "columns"],
)
def test_the_bundled_cases_pass(target: list[str], run: Run) -> None:
    told = run("test", *target)
    assert told.exit_code == 0
    assert re.fullmatch(r"\d+ cases: \d+ passed\n", told.output)


@pytest.fixture(scope="module")
def cases(kb: KnowledgeBase) -> list[Case]:
    found = read_cases([ROOT / "kb" / "cases"], kb.questions)
    return [case for case in found if isinstance(case, Case)]


def with_none(value: object) -> object:
    """An assessment as an expectation, which says `none` for what is empty."""
    if isinstance(value, list):
        return [with_none(each) for each in value] or "none"
    if isinstance(value, dict):
        return {key: with_none(each) for key, each in value.items() if each != {}}
    return value


def test_a_whole_assessment_can_be_expected(kb: KnowledgeBase, bundled) -> None:
    shape = shape_of(kb)
    for assessment in bundled("experta"):
        plain = with_none(json.loads(json.dumps(assessment)))
        assert not list(misspelt(plain, shape, "expect"))
        assert not differences(assessment, plain, {})


def test_what_can_be_expected_is_what_the_schema_has(kb: KnowledgeBase) -> None:
    schema = json.loads((ROOT / "engine" / "schemas" / "assessment.schema.json").read_text())
    only_of_some = {"kept", "classes"}
    assert list(shape_of(kb).fields) == [name for name in schema["properties"] if name not in only_of_some]
    classes = load(ROOT / "tests" / "bases" / "curb-65")
    assert list(shape_of(classes).fields) == [name for name in schema["properties"] if name != "kept"]


def misspellings(named: object) -> Iterator[object]:
    """An expectation with one of its words misspelt, once for each word."""
    if isinstance(named, dict):
        for key, each in named.items():
            yield {(f"{key}x" if other == key else other): value for other, value in named.items()}
            for wrong in misspellings(each):
                yield {**named, key: wrong}
    elif isinstance(named, list):
        for at, each in enumerate(named):
            for wrong in misspellings(each):
                yield [*named[:at], wrong, *named[at + 1 :]]
    else:
        yield f"{named}x"


def test_a_misspelt_word_is_always_found(kb: KnowledgeBase, cases: list[Case]) -> None:
    """In `expect` as in `expect_not`, where a misspelt rule would never fire, and so never fail."""
    shape, tried = shape_of(kb), 0
    for case in cases:
        for side, expected in (("expect", case.expect), ("expect_not", case.expect_not)):
            assert not list(misspelt(expected, shape, side))
            for wrong in misspellings(expected):
                tried += 1
                assert list(misspelt(wrong, shape, side)), (case.id, wrong)
    assert tried > 2000


def test_every_difference_is_explained_briefly(kb: KnowledgeBase, cases: list[Case]) -> None:
    """Each case with what it must and must not give exchanged, so that all of it is wrong."""
    run = runner(kb)
    for case in cases[::3]:
        outcome = run(replace(case, expect=case.expect_not, expect_not=case.expect))
        assert outcome.verdict == "failed"
        assert all(why for each, why in outcome.differences if each.found != NONE)
        lines = list(paragraph(outcome))
        assert len(lines) < 8 * len(outcome.differences) + 8


# Outcomes and exit codes

GOOD = "id: good\nanswers: {cough: dry}\nexpect: {fired: [a-cough]}\n"
BAD = "id: bad\nanswers: {cough: dry}\nexpect: {fired: [flu-for-sure]}\n"
SILENT = "id: silent\nanswers: {cough: dry}\n"

ENDS = [
    (GOOD, 0, "1 case: 1 passed"),
    (BAD, 1, "1 case: 1 failed"),
    (SILENT, 1, "1 case: 1 without expectation"),
    (SILENT + "expect: {}\nexpect_not:\n", 1, "1 case: 1 without expectation"),
    (BAD + "todo: later\n", 0, "1 case: 1 todo"),
    (SILENT + "todo: later\n", 0, "1 case: 1 todo"),
    (GOOD + "todo: later\n", 1, "1 case: 1 no longer todo"),
    (f"{GOOD}---\n{BAD}---\n{SILENT}", 1, "3 cases: 1 passed, 1 failed, 1 without expectation"),
    (f"{GOOD}---\n{GOOD}", 1, "1 case: 1 passed; 1 cannot be read"),
    ("", 4, "0 cases: none; 1 cannot be read"),
    ("id: [", 4, "0 cases: none; 1 cannot be read"),
    ("id: x\nanswers: {}\nexpect: yes\n", 4, "0 cases: none; 1 cannot be read"),
]


@pytest.mark.parametrize(("text", "code", "line"), ENDS)
def test_how_a_run_ends(text: str, code: int, line: str, run: Run, write: Write) -> None:
    told = run("test", write("cases.yaml", text), "--kb", PAGES)
    assert told.exit_code == code
    assert told.stdout.splitlines()[-1] == line
    assert "Traceback" not in told.output


@pytest.mark.parametrize("name", ["cases.json", "cases.jsonl"])
def test_todo_in_other_formats(name: str, run: Run, write: Write) -> None:
    case = {"id": "x", "answers": {}, "expect": {"fired": ["a-cough"]}, "todo": "not yet"}
    told = run("test", write(name, json.dumps(case)), "--kb", PAGES)
    assert told.exit_code == 0
    assert "todo: not yet" in told.stdout


def test_cases_on_standard_input(run: Run) -> None:
    told = run(
        "test", "-", "--kb", PAGES, stdin='{"id": "x", "answers": {}, "expect": {"open": ["a-cough"]}}'
    )
    assert told.output == "1 case: 1 passed\n"


def test_a_csv_file_expects_nothing(run: Run, write: Write) -> None:
    told = run("test", write("cases.csv", "id,cough\nx,dry\n"), "--kb", PAGES)
    assert told.exit_code == 1
    assert "1 without expectation" in told.stdout


def test_a_knowledge_base_without_cases(run: Run) -> None:
    told = run("test", "--kb", PAGES)
    assert told.exit_code == 2
    assert "error[no-cases]: the knowledge base has no folder `cases`" in told.stderr
    assert "cartsign test FILE..." in told.stderr


def test_an_empty_folder_of_cases(run: Run, write: Write) -> None:
    write("kb/base.yaml", Path(PAGES).read_text())
    write("kb/cases/README.md", "none yet")
    told = run("test", "--kb", "kb")
    assert told.exit_code == 4
    assert "error[empty-folder]" in told.stderr


def test_a_knowledge_base_in_its_place(run: Run) -> None:
    named, optional = (run("test", *words, WELLS) for words in ([], ["--kb"]))
    assert named.exit_code == 0
    assert named.stdout == optional.stdout


def test_a_broken_knowledge_base(run: Run, write: Write) -> None:
    told = run("test", "--kb", write("kb.yaml", "rules: {x: }"))
    assert told.exit_code == 2
    assert "error[" in told.stderr


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["good"], "1 case: 1 passed"),
        (["g*"], "1 case: 1 passed"),
        (["good", "bad"], "2 cases: 1 passed, 1 failed"),
        (["*"], "3 cases: 1 passed, 1 failed, 1 without expectation"),
    ],
)
def test_some_cases(words: list[str], line: str, run: Run, write: Write) -> None:
    """Others that cannot be read are none of them."""
    file = write("cases.yaml", f"{GOOD}---\n{BAD}---\n{SILENT}---\nid: torn\n")
    chosen = [word for each in words for word in ("--case", each)]
    told = run("test", file, "--kb", PAGES, *chosen)
    assert told.stdout.splitlines()[-1] == line
    assert not told.stderr


def test_a_case_that_is_not_there(run: Run, write: Write) -> None:
    told = run("test", write("cases.yaml", f"{GOOD}---\n{SILENT}"), "--kb", PAGES, "--case", "god")
    assert told.exit_code == 2
    assert "error[unknown-case]: there is no case `god`\n  help: did you mean `good`?" in told.stderr


# Reports

HOSTILE = (
    'id: "a\\u001b[31m<&]]>\\u202e"\nabout: "\\ufffe <b>"\nanswers: {cough: dry}\nexpect: {fired: ["<x>&"]}\n'
)


def test_junit(run: Run, write: Write, tmp_path: Path) -> None:
    late = BAD.replace("bad", "late") + "todo: later & so\n"
    file = write("cases.yaml", f"{GOOD}---\n{BAD}---\n{SILENT}---\n{late}---\nid: torn\n")
    other = write("more.yaml", GOOD.replace("good", "more"))
    told = run("test", file, other, "--kb", PAGES, "--junit", "report.xml")
    assert told.exit_code == 1
    root = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
    }
    assert [suite.get("name") for suite in root] == ["cases.yaml", "more.yaml"]
    found = {test.get("name"): test for test in root.iter("testcase")}
    assert list(found) == ["good", "bad", "silent", "late", "cases.yaml:17:1", "more"]
    assert found["bad"].get("line") == "5"
    assert found["bad"].get("file") == "cases.yaml"
    assert float(found["bad"].get("time", 0)) > 0
    (failure,) = found["bad"]
    assert failure.get("message") == "fired has no `flu-for-sure`"
    assert "rule `flu-for-sure` is open: `fever_days: at_least 30` waits for an answer" in str(failure.text)
    assert [child.tag for child in found["late"]] == ["skipped"]
    assert found["late"][0].get("message") == "later & so"
    assert "no-answers" in str(found["cases.yaml:17:1"][0].get("type"))


def test_hostile_words(run: Run, write: Write, tmp_path: Path) -> None:
    told = run("test", write("cases.yaml", HOSTILE), "--kb", PAGES, "--junit", "report.xml", "--update")
    assert "\x1b" not in told.output
    assert "\u202e" not in told.output
    ElementTree.parse(tmp_path / "report.xml")


@pytest.mark.parametrize("place", ["no/such/report.xml", "report.txt", "", "kb", "cases.xml/x.xml"])
def test_a_place_that_no_report_can_go_to(place: str, run: Run, write: Write) -> None:
    told = run("test", write("cases.yaml", GOOD), "--kb", PAGES, "--junit", place)
    assert told.exit_code == 2
    assert "error[output-" in told.stderr


def test_json(run: Run, write: Write) -> None:
    file = write("cases.yaml", f"{GOOD}---\n{BAD}---\nid: torn\n")
    told = run("test", file, "--kb", PAGES, "--json")
    document = json.loads(told.stdout)
    assert document["format"] == "cartsign.test/1"
    assert document["target"] == "experta"
    assert document["fails"] is True
    assert [(each["id"], each["line"], each["verdict"]) for each in document["cases"]] == [
        ("good", 1, "passed"),
        ("bad", 5, "failed"),
    ]
    (difference,) = document["cases"][1]["differences"]
    assert difference["path"] == ["fired", "flu-for-sure"]
    assert difference["sentence"] == "fired has no `flu-for-sure`"
    assert difference["why"][0].startswith("rule `flu-for-sure` is open: ")
    assert document["unreadable"][0]["code"] == "no-answers"


def test_it_runs_without_pytest() -> None:
    code = "import sys; sys.modules['pytest'] = None; from engine.commands import main; main()"
    words = [sys.executable, "-c", code, "test", "--case", "drawer-and-freezer"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "1 case: 1 passed\n", done.stderr


SAFE = """
questions: {{fever: {{ask: Do you have a fever?, kind: yes_no}}}}
findings: {{ill: ill}}
rules: {{ill: {{when: {{fever: yes}}, then: {{finding: ill}}, because: It is one., ours: yes}}}}
safety: {{a-property: {{{0}, because: It must., ours: yes}}}}
"""


@pytest.mark.parametrize(
    ("says", "broken_by"),
    [
        ("never: {finding: ill}", ["hot"]),
        ("must: {finding: ill}", ["cold", "nobody"]),
        ("unanswered: fever, must: {finding: ill}", ["nobody"]),
        ("not_ruled_out: {finding: ill}", ["cold"]),
        ("when: {fever: yes}, must: {finding: ill}", []),
        ("stays: {finding: ill}", []),
    ],
)
def test_safety_properties_are_held_against_the_cases(
    says: str, broken_by: list[str], run: Run, write: Write
):
    base = write("kb.yaml", SAFE.format(says))
    cases = "".join(
        f'{{"id": "{id}", "answers": {{{given}}}, "expect": {{"in_scope": null}}}}\n'
        for id, given in (("hot", '"fever": true'), ("cold", '"fever": false'), ("nobody", ""))
    )
    file = write("cases.jsonl", cases)
    told = run("test", file, "--kb", base)
    found = json.loads(run("test", file, "--kb", base, "--json").stdout)["violated"]
    assert found == ([{"property": "a-property", "cases": broken_by}] if broken_by else [])
    assert told.exit_code == bool(broken_by)
    assert ("error[property-violated]" in told.output) is bool(broken_by)
    assert told.stdout.endswith("1 property broken\n" if broken_by else "3 passed\n")


SCHEMA = json.loads((ROOT / "engine" / "schemas" / "test.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("more", [[], ["--columns"], ["--update"]], ids=" ".join)
def test_the_document_fits_its_schema(file: Path, more: list[str], run: Run, write: Write) -> None:
    copied = write("cases.yaml", file.read_text(encoding="utf-8"))
    told = run("test", copied, "--kb", PAGES, "--json", *more)
    validate(json.loads(told.stdout), SCHEMA)


def test_a_document_with_properties_that_do_not_hold_and_rows_that_cannot_be_read_fits(
    run: Run, write: Write
):
    base = write("kb.yaml", SAFE.format("must: {finding: ill}"))
    told = run("test", write("cases.jsonl", '{"id": "a", "answers": {}}\n{"id": '), "--kb", base, "--json")
    found = json.loads(told.stdout)
    validate(found, SCHEMA)
    assert found["violated"]
    assert found["unreadable"]
