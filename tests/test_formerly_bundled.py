"""Case files from before questions got other names are still read, with one warning for each name."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from facts.case import Case
from facts.files.cases import read_cases
from facts.plain import plain_of
from facts.trees.yaml_tree import read_yaml

ROOT = Path(__file__).parent.parent
OLD = ROOT / "tests" / "golden" / "formerly" / "old.yaml"
NAMES = {
    *("leg_weakness", "foot_drop", "spasms", "other_symptoms", "outside", "treatment_failed"),
    "warning_signs",
    *("cooling", "warming", "bladder_or_bowel: other_change"),
}


def raw() -> list[dict[str, object]]:
    """The cases as they are written."""
    ((node,), _) = read_yaml(OLD.read_bytes(), OLD.name)
    return plain_of(node)


def cell(answer: object) -> str | None:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ";".join(answer) or "none" if isinstance(answer, list) else answer


@pytest.fixture
def files(tmp_path):
    """The same cases in files of every kind, under the same names; half a list in columns of its options."""
    cases = raw()
    (tmp_path / "old.yaml").write_text(OLD.read_text())
    (tmp_path / "old.json").write_text(json.dumps(cases))
    (tmp_path / "old.jsonl").write_text("".join(json.dumps(each) + "\n" for each in cases))
    rows = []
    for each in cases:
        row = {"id": each["id"]}
        for name, answer in each["answers"].items():
            if name == "outside":
                options = ("fall", "blood_thinners", "child", "night_pain", "belly_or_chest", "cancer")
                known = (
                    answer if isinstance(answer, dict) else {option: option in answer for option in options}
                )
                row |= {f"outside.{option}": cell(known.get(option)) for option in options}
            else:
                row[name] = cell(answer)
        rows.append(row)
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names}, dict.fromkeys(names, pl.String)
    )
    text.write_csv(tmp_path / "old.csv")
    text.write_parquet(tmp_path / "old.parquet")
    return [tmp_path / f"old.{suffix}" for suffix in ("yaml", "json", "jsonl", "csv", "parquet")]


def test_old_cases_have_the_same_levels_in_every_format(files, run):
    expected = {each["id"]: each.get("expect", {}).get("triage", {}).get("level") for each in raw()}
    levels = {}
    for path in files:
        out = f"{path.suffix[1:]}-results.parquet"
        done = run("assess", str(path), "-o", out, "--kb", str(ROOT / "kb"))
        assert done.exit_code == 0, done.output
        found = pl.read_parquet(out)
        levels[path.suffix] = found.select("id", "level", "ceiling", "settled").rows()
        for id, level, *_ in levels[path.suffix]:
            assert expected[id] is None or level == expected[id], (path.suffix, id)
        for name in NAMES:
            assert done.stderr.count(f"warning[old-name]: `{name}` is ") == 1, (path.suffix, name)
    assert len(set(map(tuple, levels.values()))) == 1, levels


def test_what_they_say(kb):
    cases = {each.id: each.answers for each in read_cases([OLD], kb.questions) if isinstance(each, Case)}
    assert cases["weak-leg"]["leg_signs"] == {"weakness": True}
    assert cases["dragging-toe"]["leg_signs"] == {"weakness": False, "foot_drop": True}
    assert cases["cramped-back"]["associated_symptoms"]["spasms"] is True
    assert cases["half-the-list"]["history"] == {"blood_thinners": False, "child": False}
    assert cases["half-the-list"]["associated_symptoms"] == {"fall": False}
    assert cases["no-use"]["tried"] == {"professional_treatment": True}
    assert cases["other-change"]["bladder_or_bowel"]["hard_to_urinate"] is True
    assert "cancer" in cases["full-cupboard"]["history"]
    assert "diabetes" not in cases["full-cupboard"]["history"]


BASE = """
questions:
  legs: {ask: Legs?, kind: choices, options: {weak: weak, numb: numb}, formerly: {leg_weakness: {yes: weak}}}
findings: {weak: a weak leg}
rules:
  weak-leg: {when: {legs: weak}, then: {finding: weak}, because: It is so., ours: true}
"""
CASES = """
- {id: a, about: one, answers: {leg_weakness: yes}, expect: {findings: [weak]}}
- {id: b, about: two, answers: {leg_weakness: no}, expect_not: {findings: [weak]}}
"""
SAID = "`leg_weakness` is an old name and is read as `legs: weak`"


@pytest.fixture
def base(write):
    write("kb/base.yaml", BASE)
    write("kb/cases/cases.yaml", CASES)
    return "kb"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("test", "kb"), 0),
        (("check", "kb"), 1),
        (("coverage", "kb"), 0),
        (("assess", "kb/cases", "--kb", "kb"), 0),
        (("assess", "kb/cases", "--kb", "kb", "--case", "a"), 0),
        (("assess", "one.yaml", "--kb", "kb"), 0),
        (("assess", "one.yaml", "--kb", "kb", "--json"), 0),
        (("explain", "one.yaml", "--kb", "kb"), 0),
        (("explain", "a", "--kb", "kb"), 0),
        (("explain", "kb/cases/cases.yaml", "--row", "2", "--kb", "kb"), 0),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_commands_tell_an_old_name_once(words, code, base, run, write):
    write("one.yaml", "{id: c, answers: {leg_weakness: yes}}")
    done = run(*words)
    assert done.exit_code == code, done.output
    assert done.output.count(SAID) == 1
    assert "[old-name]" in done.output


def test_one_case_with_old_names_has_its_page_beside_its_results(base, run, write):
    write("one.yaml", "{id: c, answers: {leg_weakness: yes}}")
    done = run("assess", "one.yaml", "--kb", "kb", "-o", "out.jsonl")
    assert done.stdout.startswith("c\n")
    assert json.loads(Path("out.jsonl").read_text())["findings"]


def test_a_case_that_has_the_name_of_today_is_not_told(base, run, write):
    write(
        "kb/cases/cases.yaml",
        CASES.replace("leg_weakness: yes", "legs: [weak]").replace("leg_weakness: no", "legs: []"),
    )
    for words in (("test", "kb"), ("check", "kb")):
        assert "old-name" not in run(*words).output


@pytest.mark.parametrize("listed", [[], ["tingling"]])
@pytest.mark.parametrize("ending", ["json", "jsonl", "csv", "parquet"])
def test_what_nobody_knew_under_an_old_name_is_not_denied_by_a_list(listed, ending, kb, tmp_path, run):
    path, answers = tmp_path / f"unknown.{ending}", {"leg_weakness": "unknown", "leg_signs": listed}
    row = pl.DataFrame({"id": ["a"], "leg_weakness": ["unknown"], "leg_signs": [";".join(listed) or "none"]})
    if ending == "csv":
        row.write_csv(path)
    elif ending == "parquet":
        row.write_parquet(path)
    else:
        path.write_text(json.dumps({"id": "a", "answers": answers}) + "\n")
    done = run("assess", str(path), "-o", "out.jsonl", "--kb", str(ROOT / "kb"))
    assert done.exit_code == 0, done.output
    found = json.loads(Path("out.jsonl").read_text())
    assert "weak-leg" in found["open"]


def test_a_column_of_an_option_that_there_is_not_keeps_the_file_from_being_read(run, write):
    done = run(
        "assess", write("odd.csv", "id,walking_effect,leg_signs.paralysis\na,begins,yes\n"), "-o", "o.csv"
    )
    assert done.exit_code == 4
    assert (
        "there is no question `leg_signs.paralysis`, so the answers in this column would be lost"
        in done.stderr
    )
