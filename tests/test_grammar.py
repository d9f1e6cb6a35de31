"""One grammar for the command line: the base in its place or with `--kb`, cases and names in theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

KB = """\
knowledge_base: {name: cold}
sources: {A: {title: On colds}}
claims: {A-1: {source: A, claim: A fever means a cold., kind: x, modality: states, encodable: yes}}
questions: {fever: {ask: Do you have a fever?, kind: yes_no}}
findings: {ill: signs of illness}
rules:
  a-fever: {when: {fever: yes}, then: {finding: ill}, because: It is so., claims: [A-1]}
"""
CASES = """\
- {id: hot, about: a fever, answers: {fever: yes}, expect: {fired: [a-fever]}}
- {id: cool, about: no fever, answers: {fever: no}, expect_not: {fired: [a-fever]}}
"""
ABOUT_A_BASE = {
    "check": [],
    "test": [],
    "coverage": [],
    "claims": [],
    "graph": [],
    "sample": ["3", "-o", "out.csv"],
    "test of cases": ["mine.yaml"],
    "coverage of cases": ["mine.yaml", "more.jsonl"],
    "claims of an article": ["A"],
    "graph of a rule": ["a-fever"],
}


@pytest.fixture
def folder(write):
    """Two knowledge bases, one a folder with cases and one a file, and cases beside them."""
    write("kb/questions/q.yaml", KB)
    write("kb/cases/cases.yaml", CASES)
    write("other.yaml", KB)
    write("mine.yaml", CASES)
    write("more.jsonl", '{"id": "x", "answers": {"fever": true}}\n')
    write("mixed/kb.yaml", KB)
    write("mixed/cases.yaml", CASES)


@pytest.mark.parametrize("command", ABOUT_A_BASE)
def test_the_base_in_its_place_is_the_base_of_the_option(command, folder, run):
    name, words = command.split()[0], ABOUT_A_BASE[command]
    wanted = run(name, *words, "--kb", "kb")
    assert wanted.exit_code == 0, wanted.stderr
    for same in (["kb", *words], [*words, "kb"], ["kb/", *words, "--kb", "./kb"], [*words, "--kb", "kb"]):
        shown = run(name, *same)
        assert (shown.exit_code, shown.stderr) == (0, "")
        assert shown.stdout.replace("kb/:", "kb:") == wanted.stdout


def test_a_base_that_is_a_file(folder, run):
    assert run("test", "other.yaml", "mine.yaml").stdout == "2 cases: 2 passed\n"
    assert run("claims", "A-1", "other.yaml").stdout.startswith("A-1")


@pytest.mark.parametrize(
    "words",
    [
        ["test", "mine.yaml", "--kb", "kb"],
        ["test", "kb/cases", "--kb", "kb"],
        ["coverage", "more.jsonl", "--kb", "kb"],
        ["assess", "mine.yaml", "--kb", "kb"],
        ["explain", "hot", "--kb", "kb"],
        ["explain", "more.jsonl", "--kb", "kb"],
        ["graph", "--of", "hot", "kb"],
    ],
)
def test_cases_in_their_place(words, folder, run):
    shown = run(*words)
    assert (shown.exit_code, shown.stderr) == (0, "")


def test_a_folder_with_the_base_beside_cases_is_cases_where_the_base_is_named(folder, run):
    shown = run("test", "mixed", "--kb", "mixed/kb.yaml")
    assert "2 passed" in shown.stdout
    assert "mixed/kb.yaml" in shown.stderr


TWO = "`kb` and `other.yaml` are two knowledge bases\n  help: remove one of them"
NOT_A_BASE = "this is a file or folder of cases, not a knowledge base"
NOT_CASES = "kb: error[not-cases]: this is a knowledge base, not a file of cases"
OWN = "help: name cases here, and the knowledge base with `--kb kb`; its own cases are in `kb/cases`"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check kb --kb other.yaml", TWO),
        ("test kb --kb other.yaml", TWO),
        ("claims kb other.yaml", TWO),
        ("graph a-fever kb --kb other.yaml", TWO),
        ("check mine.yaml", f"mine.yaml: error[not-a-base]: {NOT_A_BASE}"),
        ("check more.jsonl", NOT_A_BASE),
        ("check kb/cases", "did you mean `kb`?"),
        ("claims --kb mine.yaml", NOT_A_BASE),
        ("test mine.yaml --kb more.jsonl", NOT_A_BASE),
        ("assess mine.yaml --kb kb/cases", "did you mean `kb`?"),
        ("check kbb", "did you mean `kb`?"),
        ("coverage --kb kbb", "did you mean `kb`?"),
        ("claims kbb", "did you mean the knowledge base `kb`?"),
        ("claims ./kbb", "did you mean the knowledge base `./kb`?"),
        ("claims mine.yaml", "`mine.yaml` is not a knowledge base"),
        ("graph kbb", "did you mean the knowledge base `kb`?"),
        ("graph more.jsonl --kb kb", "`more.jsonl` is not a knowledge base"),
        ("graph a-fevr kb", "did you mean `a-fever`?"),
        ("sample kbb 3 -o out.csv", "did you mean the knowledge base `kb`?"),
        ("sample kb -o out.csv", "Missing argument 'N'"),
        ("sample kb three -o out.csv", "Invalid value for 'N': `three`"),
        ("sample 3 4 -o out.csv", "`4` is neither a knowledge base nor a number of cases"),
        ("assess kb", f"{NOT_CASES}\n  {OWN}"),
        ("assess mine.yaml kb", NOT_CASES),
        ("assess kb --kb kb", NOT_CASES),
        ("explain kb", NOT_CASES),
        ("spark kb -o out", NOT_CASES),
        ("assess other.yaml", "help: name cases here, and the knowledge base with `--kb other.yaml`\n"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_begun(words, said, folder, run):
    before = sorted(Path().rglob("*"))
    shown = run(*words.split())
    assert (shown.exit_code, said in shown.output) == (2, True), shown.output
    assert shown.output.count("error") <= 2
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("word", ["x" * 5_000, "a\udcff", "\x1b[31m", "", ".", "loop", "locked"])
@pytest.mark.parametrize("command", ["claims", "graph", "test", "check"])
def test_odd_words_end_in_words(command, word, folder, run, tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "locked").mkdir(mode=0)
    shown = run(command, word)
    assert shown.exit_code in (1, 2, 4)
    assert "\x1b" not in shown.output


def test_help_speaks_of_any_knowledge_base(run):
    for command in ("assess", "check", "claims", "coverage", "explain", "graph", "sample", "spark", "test"):
        said = run(command, "--help").stdout
        assert "--kb PATH" in said
        assert not any(word in said for word in ("back pain", "article", "bundled"))
