"""The level that a case should have, as each kind of file says it, down to the summary of a run."""

from __future__ import annotations

import json

import pytest

CASES = [
    ({"triage": {"level": "emergency"}}, "emergency"),
    ({"triage": {"level": "emergency", "ceiling": "emergency"}}, "emergency"),
    ({"triage": "urgent"}, "urgent"),
    ({"triage": {"level": None}}, None),
    ({"triage": {"ceiling": "urgent"}}, ...),
    ({"findings": ["leg_pain"]}, ...),
    ({}, ...),
]


def written(cases, suffix):
    documents = [{"id": str(at), "answers": {}, "expect": each} for at, each in enumerate(cases)]
    if suffix == ".jsonl":
        return "".join(f"{json.dumps(each)}\n" for each in documents)
    return json.dumps(documents)


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".yaml"])
@pytest.mark.parametrize(("expect", "level"), CASES)
def test_what_a_case_expects(run, write, tmp_path, suffix, expect, level):
    file = write(f"cases{suffix}", written([expect] * 2, suffix))
    assert run("assess", file, "-o", "out.parquet", "--audit", "0").exit_code == 0
    (manifest,) = tmp_path.glob("*.manifest.json")
    summary = json.loads(manifest.read_text(encoding="utf-8"))["summary"]
    found = summary["accuracy"][0]["matrix"] if summary["accuracy"] else []
    assert [each["expected"] for each in found if each["cases"]] == ([] if level is ... else [level])
    assert summary["expected_no_level"] == {}


def test_a_column_says_what_is_expected(run, write):
    write("cases.csv", "id,age,expect,other\na,70,emergency,none\nb,,none,urgnt\nc,,,\n")
    said = run("assess", "cases.csv", "-o", "out.csv").stdout
    assert "Expected level, and the level established" in said
    assert "Expectations that are not levels" not in said
    said = run("assess", "cases.csv", "-o", "out.csv", "--expect", "other").stdout
    assert "did you mean `urgent`?" in said
