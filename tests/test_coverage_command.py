"""`cartsign coverage`: what people see, the document, the page, and what becomes of what cannot be meant."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import engine
from engine.commands import coverage as command

GOLDEN = Path(__file__).parent / "golden" / "coverage"
SCHEMA = json.loads(
    (Path(engine.__file__).parent / "schemas" / "coverage.schema.json").read_text(encoding="utf-8")
)
ONE = """
questions: {coughs: {ask: Do you cough?, kind: yes_no}}
findings: {cold: a cold}
rules: {a-cold: {when: {coughs: yes}, then: {finding: cold}, because: It is one., ours: true}}
"""


@pytest.fixture
def base(tmp_path) -> str:
    """A small knowledge base with four cases, in the folder in which the command runs."""
    shutil.copytree(GOLDEN / "base", tmp_path / "colds")
    return "colds"


SEEN = {
    "overview": [],
    "all": ["--all"],
    "rule": ["--rule", "two-of-three", "--rule", "tea-for-everybody"],
}


def compared(name: str, text: str, request: pytest.FixtureRequest) -> str:
    """The golden file, written anew where that is asked for."""
    golden = GOLDEN / name
    if request.config.getoption("--update-golden", default=False):
        golden.write_text(text, encoding="utf-8")
    return golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SEEN)
def test_what_people_see(name, run, base, request):
    shown = run("coverage", *SEEN[name], "--kb", base)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert compared(f"{name}.txt", shown.stdout, request) == shown.stdout


def test_files_of_cases_take_the_place_of_those_of_the_knowledge_base(run, write, base):
    write("mine.yaml", "- {id: one, answers: {coughs: no}}\n- {id: two, answers: {feels: []}}\n")
    shown = run("coverage", "--kb", base, "mine.yaml", "--rule", "a-cold")
    assert "2 of 2 parts" not in shown.stdout
    assert shown.stdout.endswith("0 of 2 parts covered (0.0 %) by 2 cases\n")


def test_cases_can_come_from_standard_input(run, base):
    shown = run("coverage", "--kb", base, "-", "--json", stdin='{"id": "one", "answers": {"coughs": true}}\n')
    assert json.loads(shown.stdout)["cases"] == 1


# Thresholds


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--threshold", "18.1"], 0),
        (["--threshold", "18.2"], 1),
        (["--threshold", "18%"], 0),
        (["--threshold", "0", "--red-flags", "0"], 0),
        (["--threshold", "0", "--red-flags", "12"], 1),
        (["--rule", "at-rest", "--threshold", "100"], 0),
        (["--rule", "two-of-three", "--threshold", "100"], 1),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"], ["--html", "out.html"]], ids=["text", "json", "html"])
def test_exit_code_says_whether_enough_is_covered(words, code, form, run, base):
    shown = run("coverage", "--kb", base, *words, *form)
    assert shown.exit_code == code
    assert ("error[too-little-covered]" in shown.stderr) is bool(code)


def test_a_threshold_that_is_missed_is_said_with_both_shares(run, base):
    shown = run("coverage", "--kb", base, "--threshold", "90", "--red-flags", "100")
    assert shown.stderr == (
        "colds: error[too-little-covered]: only 18.1 % of the parts are covered; the minimum is 90 %\n"
        "  help: add the missing cases\n"
        "colds: error[too-little-covered]: only 11.1 % of the parts of the red flags are covered; "
        "the minimum is 100 %\n"
        "  help: add the missing cases\n"
    )


@pytest.mark.parametrize("option", ["--threshold", "--red-flags"])
@pytest.mark.parametrize("value", ["120", "100.1", "-1", "abc", "", "nan", "1e1", "inf", "5 %%", "٣"])
def test_a_share_is_a_number_from_0_to_100(option, value, run, base):
    shown = run("coverage", "--kb", base, f"{option}={value}")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"`{value}` is not a percentage: write a number from 0 to 100" in shown.stderr


def test_red_flags_are_not_called_covered_where_there_are_none(run, write):
    shown = run("coverage", "--kb", write("kb/kb.yaml", ONE) and "kb", "--red-flags", "100")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith("kb: error[no-red-flags]: no rule is a red flag\n")


# What cannot be meant


def test_a_knowledge_base_without_rules_has_nothing_to_cover(run, write):
    shown = run(
        "coverage", "--kb", write("kb.yaml", "questions: {coughs: {ask: Do you cough?, kind: yes_no}}")
    )
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "kb.yaml: error[no-rules]: the knowledge base has no rules" in shown.stderr


def test_without_cases_nothing_can_be_said(run, write):
    shown = run("coverage", "--kb", write("kb.yaml", ONE))
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == (
        "kb.yaml: error[no-cases]: there are no cases\n"
        "  help: name a file of cases, or write cases in the folder `cases` of the knowledge base\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "error[empty-file]"),
        ("- {id: one, answers: [", "error[yaml-syntax]"),
        ("- {id: one, answers: {caughs: yes}}", "did you mean `coughs`?"),
    ],
)
def test_cases_that_cannot_be_read_are_named_and_nothing_is_said(text, said, run, write, base):
    shown = run("coverage", "--kb", base, write("mine.yaml", text), "--html", "out.html")
    assert (shown.exit_code, shown.stdout) == (4, "")
    assert said in shown.stderr
    assert "rejected because of the problems above: 1 case, row or file" in shown.stderr
    assert not Path("out.html").exists()


def test_a_case_that_cannot_be_read_is_left_out_of_the_count(run, write, base):
    text = "- {id: one, answers: {caughs: yes}}\n- {id: two, answers: {coughs: yes}}\n"
    shown = run("coverage", "--kb", base, write("mine.yaml", text))
    assert shown.exit_code == 1
    assert shown.stdout.endswith(" by 1 case\n")


def test_rules_that_there_are_not_are_all_named_with_what_was_meant(run, base):
    shown = run("coverage", "--kb", base, "--rule", "a-colt", "--rule", "at_rest")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "there is no rule `a-colt`\n  help: did you mean `a-cold`?" in shown.stderr
    assert "there is no rule `at_rest`\n  help: did you mean `at-rest`?" in shown.stderr


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("out.txt", "output-kind"),
        ("", "output-kind"),
        ("no/such/folder/out.html", "output-place"),
        ("colds/out.html", "output-is-input"),
        ("colds/cases/out.html", "output-is-input"),
    ],
)
def test_a_place_that_cannot_be_meant(out, said, run, base):
    shown = run("coverage", "--kb", base, "--html", out)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"error[{said}]" in shown.stderr


def test_the_page_does_not_replace_the_knowledge_base(run, write):
    shown = run("coverage", "--kb", write("kb.html", ONE), "--html", "kb.html")
    assert shown.exit_code == 2
    assert Path("kb.html").read_text() == ONE


def test_a_file_that_changes_meanwhile_is_not_shown(run, base, monkeypatch):
    measured = command.measured

    def meanwhile(kb, cases):
        found = measured(kb, cases)
        Path("colds/rules/flags.yaml").write_text("# all gone\n")
        return found

    monkeypatch.setattr(command, "measured", meanwhile)
    shown = run("coverage", "--kb", base, "--html", "out.html")
    assert shown.exit_code == 2
    assert "colds/rules/flags.yaml:2:3: error[file-changed]" in shown.stderr
    assert not Path("out.html").exists()


# The document


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("kb", ["colds", None])
def test_the_document_fits_the_schema_and_is_the_same_each_time(kb, run, base):
    words = ["coverage", "--json", *(["--kb", kb] if kb else [])]
    shown = run(*words)
    Draft202012Validator(SCHEMA).validate(json.loads(shown.stdout))
    assert run(*words).stdout == shown.stdout


def test_what_the_document_says(run, base):
    document = json.loads(run("coverage", "--kb", base, "--json").stdout)
    assert document["format"] == "cartsign.coverage/2"
    assert document["cases"] == 4
    keys = ("rules", "for_everybody", "fired", "blocked", "parts", "covered", "percent")
    assert document["all"] == dict(zip(keys, (6, 1, 5, 5, 22, 4, 18.1), strict=True))
    assert document["red_flags"] == dict(zip(keys, (2, 0, 1, 2, 9, 1, 11.1), strict=True))
    rules = {rule["id"]: rule for rule in document["rules"]}
    assert list(rules) == ["tea-for-everybody", "a-cold", "weak-or-long", "two-of-three", "never", "at-rest"]
    assert [id for id, rule in rules.items() if rule["red_flag"]] == ["two-of-three", "never"]
    whole, coughs, feels = rules["a-cold"]["parts"]
    assert (whole["part"], whole["innermost"]) == ("all: [coughs: yes, feels: [hot, cold]]", False)
    assert coughs == {
        "part": "coughs: yes",
        "file": "colds/rules/all.yaml",
        "line": 9,
        "column": 12,
        "depth": 1,
        "innermost": True,
        "covered": False,
        "true": {"cases": 2, "decided": 1, "witness": "hot-and-coughing"},
        "false": {"cases": 1, "decided": 0, "witness": "weak-in-bed"},
        "unknown": {"cases": 1, "decided": 1, "witness": "says-nothing"},
        "edges": [],
    }
    assert rules["never"]["parts"][0]["edges"][1] == {
        "value": "days: 89",
        "truth": False,
        "cases": 0,
        "decided": 0,
        "witness": None,
    }
    assert document["score_lines"][0]["covered"]
    assert feels["covered"]
    assert {gap["code"] for gap in document["gaps"]} == {
        *("never-fired", "never-decides", "never-true", "never-false", "edge-untested")
    }
    assert all(gap["file"] and gap["line"] and gap["help"] for gap in document["gaps"])


# The page


class Listing(HTMLParser):
    """What a page is made of: elements, ids, links, and the lines of the files."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.lines: list[str] = []
        self.in_line = self.in_code = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names.add(tag)
        self.attributes |= found.keys()
        self.ids += [found["id"]] if "id" in found else []
        self.links |= {found["href"]} if "href" in found else set()
        self.in_line = self.in_line or found.get("class") == "line"
        if tag == "code" and self.in_line:
            self.lines.append("")
            self.in_code = True

    def handle_endtag(self, tag):
        if tag == "code" and self.in_code:
            self.in_line = self.in_code = False

    def handle_data(self, data):
        if self.in_code:
            self.lines[-1] += data


def page(run, *words: str) -> str:
    shown = run("coverage", *words, "--html", "out.html")
    assert shown.stdout.endswith(", as shown in out.html\n")
    return Path("out.html").read_text(encoding="utf-8")


def test_the_page(run, base, request):
    text = page(run, "--kb", base)
    assert compared("page.html", text, request) == text


@pytest.mark.parametrize("words", [["--kb", "colds"], []], ids=["small", "bundled"])
def test_the_page_shows_every_line_of_the_rules_as_it_is_written(words, run, base):
    folder = Path("colds") if words else Path(__file__).parent.parent / "kb"
    files = sorted((folder / "rules").glob("*.yaml"))
    found = Listing(page(run, *words))
    assert found.lines == [line for file in files for line in file.read_text().removesuffix("\n").split("\n")]
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_every_part_is_coloured(run, base):
    text = page(run, "--kb", base)
    coloured = re.findall(r'<span class="part (\w+)" title="[^"]+">([^<]*)</span>', text)
    assert [words for state, words in coloured if state == "both"] == [
        *("feels: [hot, cold]", "any", "at_least", "where: bed")
    ]
    assert [words for state, words in coloured if state == "never"] == [
        "at_most: 14",
        "finding",
        "cold",
        "ill",
    ]
    assert ("true", "coughs: yes") in coloured
    assert ("false", "days: {at_least: 90}") in coloured


def test_the_page_needs_nothing_from_elsewhere(run, base):
    text = page(run, "--kb", base)
    assert "default-src 'none'" in text
    assert not re.findall(r"https?://|url\(|@import|src=", text)


def test_nobody_can_write_on_the_page(run, write, base):
    hostile = '<script>alert("x")</script>'
    rules = Path("colds/rules/flags.yaml")
    rules.write_text(rules.read_text() + f"    # {hostile} `{{{{ kb }}}}`\n")
    write("mine.yaml", f"- {{id: '{hostile}', answers: {{coughs: yes, feels: [hot]}}}}\n")
    write("more.yaml", '- {id: "a\\u202Eb", answers: {coughs: no, feels: [hot]}}\n')
    text = page(run, "--kb", base, "mine.yaml", "more.yaml")
    found = Listing(text)
    assert f"    # {hostile} `{{{{ kb }}}}`" in found.lines
    assert found.names.isdisjoint({"script", "img", "iframe", "link"})
    assert not {name for name in found.attributes if name.startswith("on")}
    assert "\u202e" not in text
    assert "\\u202e" in text


def test_a_base_in_one_file_has_a_page(run, write):
    write("kb.yaml", ONE)
    write("mine.yaml", "- {id: one, answers: {coughs: yes}}\n- {id: two, answers: {coughs: no}}\n")
    found = Listing(page(run, "--kb", "kb.yaml", "mine.yaml"))
    assert found.lines == ONE.removesuffix("\n").split("\n")


def test_rules_that_begin_in_one_line_are_all_marked(run, write):
    rule = "{when: {coughs: yes}, then: {finding: cold}, because: b, ours: true}"
    write("kb.yaml", ONE.replace("rules: {a-cold:", f"rules: {{again: {rule}, a-cold:"))
    write("mine.yaml", "- {id: one, answers: {coughs: yes}}\n")
    text = page(run, "--kb", "kb.yaml", "mine.yaml")
    assert {"rule.again", "rule.a-cold"} <= set(Listing(text).ids)
    assert text.count('<span class="part true" title="never decides as false: true 1 of 1 (one)') == 2
