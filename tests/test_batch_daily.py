"""The same output day after day: what was assessed today is never mixed up with what was assessed before."""

from __future__ import annotations

import json

import polars as pl
import pytest
from batch_files import default_base, everything, kb, written
from click.testing import Result

__all__ = ["default_base", "kb"]

NAMES = ("out.csv", "out.csv.manifest.json", "out.csv.rejects.jsonl")
NOTHING = [
    ("today.csv", b"id,agge\nx,5\n", "unknown-column"),
    ("today.csv", b"id,age\nx,five\n", "not-a-number"),
    ("today.csv", b"", "empty-file"),
    ("today.jsonl", b"{torn\n", "json-syntax"),
    ("today.json", b"[{]", "json-syntax"),
    ("today.yaml", b"- {id: a, answers: {", "yaml-syntax"),
    ("today.parquet", b"PAR1 torn", "parquet-damaged"),
    ("today.csv", None, "file-missing"),
]


def manifest(folder, name: str = "out.csv") -> dict:
    return json.loads((folder / f"{name}.manifest.json").read_text())


def ends(shown: Result, code: int, *said: str) -> None:
    assert shown.exit_code == code, shown.stderr
    assert [each for each in said if each not in shown.stderr] == [], shown.stderr


@pytest.fixture
def yesterday(run, tmp_path):
    """The results of a day on which one of two rows was rejected."""
    (tmp_path / "yesterday.csv").write_text("id,age\nx,71\ny,five\n")
    assert run("assess", "yesterday.csv", "-o", "out.csv").exit_code == 1
    found = everything(tmp_path)
    assert sorted(found) == list(NAMES)
    return found


@pytest.mark.parametrize(("name", "data", "code"), NOTHING)
def test_where_nothing_could_be_assessed_earlier_results_are_set_aside(
    name, data, code, yesterday, run, tmp_path
):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    for earlier in (yesterday, {}):
        shown = run("assess", name, "-o", "out.csv")
        ends(shown, 4, f"error[{code}]", "error[nothing-assessed]")
        assert ("were renamed to `out.csv.earlier`" in shown.stderr) is bool(earlier)
        assert sorted(path.name for path in tmp_path.glob("out.csv*")) == [
            *("out.csv.earlier", "out.csv.manifest.json", "out.csv.manifest.json.earlier"),
            *("out.csv.rejects.jsonl", "out.csv.rejects.jsonl.earlier"),
        ]
        assert {each: (tmp_path / f"{each}.earlier").read_bytes() for each in NAMES} == yesterday
        said = manifest(tmp_path)
        assert (said["assessed"], said["rejected"]) == (0, 1)
        assert [each["file"] for each in said["outputs"]] == ["out.csv.rejects.jsonl"]
        (reject,) = map(json.loads, (tmp_path / "out.csv.rejects.jsonl").read_text().splitlines())
        assert reject["code"] == code


def test_a_day_after_one_without_results_has_its_own_and_nothing_is_left_hidden(yesterday, run, tmp_path):
    run("assess", "nowhere.csv", "-o", "out.csv")
    (tmp_path / "today.csv").write_text("id,age\nz,5\n")
    ends(run("assess", "today.csv", "-o", "out.csv"), 0)
    assert pl.read_csv(tmp_path / "out.csv")["id"].to_list() == ["z"]
    assert (manifest(tmp_path)["assessed"], (tmp_path / NAMES[2]).exists()) == (1, False)
    assert (tmp_path / "out.csv.earlier").read_bytes() == yesterday["out.csv"]
    assert list(tmp_path.glob(".*")) == []


def test_what_is_set_aside_belongs_together(yesterday, run, tmp_path):
    run("assess", "nowhere.csv", "-o", "out.csv")
    (tmp_path / "today.csv").write_text("id,age\nz,5\n")
    run("assess", "today.csv", "-o", "out.csv")
    run("assess", "nowhere.csv", "-o", "out.csv")
    assert pl.read_csv(tmp_path / "out.csv.earlier")["id"].to_list() == ["z"]
    assert not (tmp_path / "out.csv.rejects.jsonl.earlier").exists()


def test_a_run_that_does_not_finish_leaves_no_results_of_another(yesterday, run, tmp_path):
    (tmp_path / "today.csv").write_text("id,age\nx,five\nz,5\n")
    words = ("assess", "today.csv", "-o", "out.csv", "--max-rejects")
    ends(run(*words, "0"), 3, "error[too-many-rejects]", "were renamed to `out.csv.earlier`")
    assert [path.name for path in tmp_path.glob("out.csv*") if path.suffix != ".earlier"] == []
    assert run(*words, "1", "--resume").exit_code == 1
    assert (tmp_path / "out.csv.earlier").read_bytes() == yesterday["out.csv"]


def test_a_run_that_is_not_begun_leaves_all_as_it_was(yesterday, run, tmp_path):
    for words in (("--keep", "level"), ("--shape", "full"), ("--map", "nowhere.yaml")):
        (tmp_path / "today.csv").write_text("id,level,age\nx,a,5\n")
        assert run("assess", "today.csv", "-o", "out.csv", *words).exit_code == 2
        assert everything(tmp_path) == yesterday


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"id,age\nx,five\n", 1), (b"id,agge\nx,5\n", 4), (b"", 4), (None, 4), (b"id,age\nx,5\n", 0)],
)
def test_a_file_that_nobody_could_read_has_a_code_of_its_own(data, code, run, tmp_path):
    (tmp_path / "good.csv").write_text("id,age\nz,5\n")
    if data is not None:
        (tmp_path / "other.csv").write_bytes(data)
    ends(run("assess", "good.csv", "other.csv", "-o", "out.csv"), code)
    assert pl.read_csv(tmp_path / "out.csv").height == 1 + (code == 0)


@pytest.mark.parametrize("out", ["out.csv", "out.parquet", "out.jsonl"])
@pytest.mark.parametrize(
    ("name", "data"), [("today.csv", "id,age\n"), ("today.json", "[]"), ("today.parquet", None)]
)
def test_a_day_without_cases_has_results_without_rows(name, data, out, run, tmp_path):
    (tmp_path / "yesterday.csv").write_text("id,age\nx,71\ny,5\n")
    run("assess", "yesterday.csv", "-o", out)
    if data is None:
        pl.DataFrame(schema={"id": pl.String, "age": pl.Int64}).write_parquet(tmp_path / name)
    else:
        (tmp_path / name).write_text(data)
    shown = run("assess", name, "-o", out)
    ends(shown, 0)
    assert "earlier" not in shown.stderr
    empty = (tmp_path / out).read_bytes()
    assert empty == b"" if out == "out.jsonl" else "level" in written(tmp_path / out).columns
    assert out == "out.jsonl" or written(tmp_path / out).is_empty()
    said = manifest(tmp_path, out)
    assert (said["rows"], said["assessed"], said["rejected"]) == (0, 0, 0)
    assert [each["file"] for each in said["outputs"]] == [out]


@pytest.mark.parametrize(("name", "data"), [("none.csv", "id,age\n"), ("none.json", "[]")])
def test_a_file_without_cases_is_told_of(name, data, run, tmp_path):
    (tmp_path / name).write_text(data)
    assert "0 cases assessed\nresults in assessments.jsonl\n" in run("assess", name).stdout
    ends(run("assess", name, "--json"), 0, "0 cases assessed")
    assert "assessed" not in run("assess", name, "--json").stdout


def test_a_part_without_rows_is_no_fault_among_others(run, tmp_path):
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "a.csv").write_text("id,age\n")
    (tmp_path / "day" / "b.json").write_text("[]")
    (tmp_path / "day" / "c.csv").write_text("id,age\nx,5\n")
    ends(run("assess", "day", "-o", "out.csv"), 0)
    assert pl.read_csv(tmp_path / "out.csv")["id"].to_list() == ["x"]
