"""Exit codes mean the same for every command, and what is not assessed leaves no earlier results behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

KB = """\
knowledge_base: {name: cold}
questions: {fever: {ask: Do you have a fever?, kind: yes_no}}
findings: {ill: signs of illness}
rules:
  a-fever: {when: {fever: yes}, then: {finding: ill}, because: It is so., ours: true}
"""
FILES = {
    "good.csv": "id,fever,expect\na,yes,\nb,no,\n",
    "good.yaml": "- {id: a, answers: {fever: yes}, expect: {fired: [a-fever]}}\n"
    "- {id: b, answers: {fever: no}, expect_not: {fired: [a-fever]}}\n",
    "one.yaml": "{id: a, answers: {fever: yes}, expect: {fired: [a-fever]}}\n",
    "some.yaml": "- {id: a, answers: {fever: yes}, expect: {fired: [a-fever]}}\n"
    "- {id: b, answers: {fevr: no}}\n",
    "bad.yaml": "{id: b, answers: {fevr: no}}\n",
    "all-bad.csv": "id,fever\na,perhaps\nb,5\n",
    "header.csv": "id,fever\n",
    "none.json": "[]\n",
    "empty.csv": "",
    "torn.json": '[{"id": "a", "answers": {"fever": true}}, {',
    "misspelt.csv": "id,fevr\na,yes\n",
}
READING = {
    "assess": (["assess"], ["-o", "out.jsonl", "--kb", "kb.yaml"]),
    "assess, shown": (["assess"], ["--kb", "kb.yaml"]),
    "assess, lines": (["assess"], ["--json", "--kb", "kb.yaml"]),
    "assess, columns": (["assess"], ["-o", "out.csv", "--kb", "kb.yaml"]),
    "coverage": (["coverage", "kb.yaml"], []),
    "test": (["test", "kb.yaml"], []),
    "test, columns": (["test", "kb.yaml"], ["--columns", "--json"]),
}
CODES = {
    "good.yaml": 0,
    "one.yaml": 0,
    "some.yaml": 1,
    "bad.yaml": 4,
    "all-bad.csv": 4,
    "header.csv": 0,
    "none.json": 0,
    "empty.csv": 4,
    "torn.json": 4,
    "misspelt.csv": 4,
    "nowhere.csv": 4,
    "good.yaml nowhere.csv": 4,
    "good.yaml empty.csv": 4,
    "one.yaml header.csv": 0,
}


@pytest.fixture
def folder(write):
    for name, text in {**FILES, "kb.yaml": KB}.items():
        write(name, text)


@pytest.mark.parametrize("files", CODES)
@pytest.mark.parametrize("command", READING)
def test_commands_that_read_cases(command, files, folder, run):
    before, after = READING[command]
    shown = run(*before, *files.split(), *after)
    code = 2 if command == "coverage" and files in ("header.csv", "none.json") else CODES[files]
    assert shown.exit_code == code, shown.output
    none = "0 cases assessed\n" if command == "assess, lines" and files in ("header.csv", "none.json") else ""
    assert shown.stderr if code else shown.stderr == none


ONE = {
    "one.yaml": 0,
    "good.yaml --case a": 0,
    "some.yaml --case a": 0,
    "some.yaml --case b": 2,
    "good.yaml --case nobody": 2,
    "empty.csv --case a": 4,
    "nowhere.yaml --case a": 4,
}
ONE_ALONE = {
    "good.yaml": 2,
    "some.yaml": 1,
    "bad.yaml": 4,
    "all-bad.csv --row 1": 4,
    "good.yaml --row 3": 2,
    "header.csv": 2,
    "empty.csv": 4,
    "nowhere.yaml": 4,
}


@pytest.mark.parametrize("command", ["explain", "graph", "assess"])
@pytest.mark.parametrize("words", [*ONE, *ONE_ALONE])
def test_commands_about_one_case(command, words, folder, run):
    case = ["--of", *words.split()] if command == "graph" else words.split()
    if command == "assess" and words in ONE_ALONE:
        pytest.skip("assess takes any number of cases")
    shown = run(command, *case, "--kb", "kb.yaml")
    assert shown.exit_code == {**ONE, **ONE_ALONE}[words], shown.output
    assert shown.output


DAYS = {
    "good.csv": (0, 2, 0),
    "header.csv": (0, 0, 0),
    "misspelt.csv": (4, None, 1),
    "some.yaml": (1, 1, 1),
    "nowhere.csv": (4, None, 1),
    "torn.json": (4, None, 1),
    "empty.csv": (4, None, 1),
    "one.yaml": (0, 1, None),
    "all-bad.csv": (4, None, 2),
}


@pytest.mark.parametrize("out", ["out.jsonl", None])
def test_every_day_has_its_own_results_or_none(out, folder, run):
    """Whatever the day before has left: the results, the rejects and the manifest are those of the day."""
    named = ["-o", out] if out else []
    results, rejects, manifest = (
        Path(f"{out or 'assessments.jsonl'}{end}") for end in ("", ".rejects.jsonl", ".manifest.json")
    )
    for day, (code, assessed, rejected) in DAYS.items():
        if out is None and day == "one.yaml":
            continue
        run("assess", "good.yaml", "all-bad.csv", *named, "--kb", "kb.yaml")
        assert [path for path in (results, rejects, manifest) if not path.exists()] == []
        shown = run("assess", day, *named, "--kb", "kb.yaml")
        assert shown.exit_code == code, (day, shown.output)
        assert (len(results.read_text().splitlines()) if results.exists() else None) == assessed, day
        assert (len(rejects.read_text().splitlines()) if rejects.exists() else 0) == (rejected or 0), day
        said = json.loads(manifest.read_text()) if manifest.exists() else {}
        wanted = {} if rejected is None else {"assessed": assessed or 0, "rejected": rejected}
        assert {key: said[key] for key in wanted} == wanted
        assert bool(said) == bool(wanted)
        assert ("results were renamed" in shown.stderr) is (assessed is None)


def test_one_case_that_cannot_be_written_leaves_no_earlier_results(folder, run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    run("assess", "some.yaml", "-o", "out.jsonl", "--kb", "kb.yaml")
    with monkeypatch.context() as broken:
        broken.setattr("engine.commands.one.write_whole", full)
        shown = run("assess", "one.yaml", "-o", "out.jsonl", "--kb", "kb.yaml")
    assert shown.exit_code == 3
    assert "were renamed to `out.jsonl.earlier`" in shown.stderr
    assert sorted(path.name for path in Path().glob("out*")) == [
        "out.jsonl.earlier",
        "out.jsonl.manifest.json.earlier",
        "out.jsonl.rejects.jsonl.earlier",
    ]


@pytest.mark.parametrize(("words", "code"), [("nowhere.yaml --case a", 4), ("good.yaml --case x", 2)])
def test_a_case_that_is_not_found(words, code, folder, run):
    """Where it was only misspelt, nothing was begun."""
    run("assess", "good.yaml", "-o", "out.jsonl", "--kb", "kb.yaml")
    shown = run("assess", *words.split(), "-o", "out.jsonl", "--kb", "kb.yaml")
    assert shown.exit_code == code
    assert Path("out.jsonl").exists() is (code == 2)
    assert Path("out.jsonl.earlier").exists() is (code == 4)


def test_one_case_leaves_no_rejects_and_no_manifest_of_an_earlier_run(folder, run):
    run("assess", "some.yaml", "-o", "out.jsonl", "--kb", "kb.yaml")
    assert len(list(Path().glob("out*"))) == 3
    assert run("assess", "one.yaml", "-o", "out.jsonl", "--kb", "kb.yaml").exit_code == 0
    assert [path.name for path in Path().glob("out*")] == ["out.jsonl"]


def test_one_case_is_not_written_as_what_it_is_not(folder, run):
    shown = run("assess", "good.yaml", "--case", "a", "-o", "out.csv", "--kb", "kb.yaml")
    assert (shown.exit_code, "error[output-shape]" in shown.stderr) == (2, True)


def test_lines_that_are_broken_off(folder, run, monkeypatch):
    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.commands.many.printed", ended)
    shown = run("assess", "good.yaml", "--json", "--kb", "kb.yaml")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (3, "", "interrupted\n")


def test_every_help_lists_the_codes(run):
    readme = (Path(__file__).parent.parent / "engine" / "batch" / "README.md").read_text()
    for command in ("", "assess", "claims", "coverage", "explain", "graph", "sample", "spark", "test"):
        said = run(*command.split(), "--help").stdout
        for code in range(5):
            assert f"\n    {code}  " in said
            assert f"\n| {code} | " in readme
