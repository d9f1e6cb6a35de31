"""Names of files and folders: which files are read, in which order, and what stands in the way."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_reading import GOOD, QUESTIONS, only_problem, places

from facts.case import Case
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.problem import render
from facts.tables.segment import Segment, Wanted


def test_standard_input() -> None:
    problem = only_problem(list(read_cases(["-"], QUESTIONS, io.BytesIO(b'{"answers": {"age": -1}}'))))
    assert str(problem.span) == "<stdin>:1:21"


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a/z.csv", "a/y.yaml", ".git/c.jsonl", ".d.jsonl", "README.md", "a.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text({"csv": "age\n5\n", "yaml": "answers: {}"}.get(name[-3:], GOOD))
    (tmp_path / "a/y.yaml").write_text("answers: {}")
    found = list(read_cases([tmp_path], QUESTIONS))
    assert places(found) == ["y.yaml:1", "z.csv:2", "a.json:1", "b.jsonl:1"]


def test_what_tools_hide_in_folders_is_left_alone(tmp_path: Path) -> None:
    hidden = ("_temporary/0/a.jsonl", ".part/a.jsonl", "_SUCCESS", "_metadata", ".a.jsonl.crc", "_log/0.json")
    for name in ("a.jsonl", "_day=1/b.jsonl", *hidden):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(GOOD)
    assert list(codes(tmp_path)) == ["b.jsonl:1", "a.jsonl:1"]
    assert list(codes(tmp_path / "_temporary/0/a.jsonl")) == ["a.jsonl:1"]


def test_a_hidden_file_of_cases_is_named(tmp_path: Path) -> None:
    for name in ("a.jsonl", "_1.jsonl", "_2.jsonl"):
        (tmp_path / name).write_text(GOOD)
    case, problems = read_cases([tmp_path], QUESTIONS)
    assert isinstance(case, Case)
    assert isinstance(problems, list)
    (problem,) = problems
    assert (problem.code, problem.severity) == ("file-hidden", "warning")
    assert "_1.jsonl" in problem.message
    assert "_2.jsonl" in problem.message


@pytest.mark.parametrize("reading", ["one by one", "in segments"])
def test_a_file_is_read_once_by_whatever_names(
    tmp_path: Path, reading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "in/b.csv", "in/c.csv"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("id,age\nx,5\n" if name == "a.csv" else "age\n5\n")
    Path("soft.csv").symlink_to("a.csv")
    Path("hard.csv").hardlink_to("a.csv")
    Path("also").symlink_to("in")
    for twice in ("a.csv", "./a.csv", str(tmp_path / "a.csv"), "in/../a.csv", "soft.csv", "hard.csv"):
        assert read_in(reading, "a.csv", twice) == ["file-twice", "x"]
    assert read_in(reading, "in", "in/c.csv", "also", "a.csv") == [
        *("b.csv:2", "c.csv:2"),
        *("file-twice", "file-twice", "x"),
    ]
    assert read_in(reading, "-", "-") == ["<stdin>:1", "file-twice"]


def read_in(reading: str, *paths: str) -> list[str]:
    """Ids of cases and codes of problems, sorted: a warning may come before the rows that share a segment."""
    if reading == "one by one":
        found = read_cases(paths, QUESTIONS, io.BytesIO(GOOD.encode()))
        said = (each if isinstance(each, Case) else each[0] for each in found)
        told = [each.id if isinstance(each, Case) else each.code for each in said]
    else:
        told = []
        for each in segments(paths, Wanted(QUESTIONS), io.BytesIO(GOOD.encode())):
            told += each.read().frame["id"].to_list() if isinstance(each, Segment) else [each.code]
    return sorted(each for each in told if each != "question-without-column")


def codes(*paths: str | Path) -> Iterator[str]:
    for found in read_cases(paths, QUESTIONS):
        yield found[0].code if isinstance(found, list) else found.id


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(GOOD)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "bare").write_text("x")
    (tmp_path / "void").mkdir()
    assert (
        list(codes(tmp_path / "case.jsonl", "a\0b.csv", tmp_path / "a.txt" / "b", "")) == ["file-missing"] * 4
    )
    assert list(codes(tmp_path / "a.txt", tmp_path / "bare")) == ["file-kind"] * 2
    assert list(codes(tmp_path / "a.parquet")) == ["parquet-damaged"]
    assert list(codes(tmp_path / "void")) == ["empty-folder"]
    missing = only_problem(list(read_cases([tmp_path / "case.jsonl"], QUESTIONS)))
    assert "did you mean `cases.jsonl`?" in missing.help


def test_links_that_lead_round_and_away(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD)
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nothing")
    (tmp_path / "self.csv").symlink_to(tmp_path / "self.csv")
    assert list(codes(tmp_path)) == ["a.jsonl:1", "file-unreadable", "file-unreadable", "folder-loop"]
    assert list(codes(tmp_path / "self.csv")) == ["file-unreadable"]


def test_nothing_but_files_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "void.yaml").symlink_to(os.devnull)
    assert list(codes(tmp_path)) == ["file-kind", "file-kind"]
    assert list(codes(tmp_path / "pipe.jsonl", os.devnull)) == ["file-kind", "file-kind"]


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert list(codes("-")) == ["file-unreadable"]


@pytest.mark.parametrize(
    "name", ["a case.jsonl", "fälle.jsonl", "two\nlines.jsonl", os.fsdecode(b"\xff.jsonl")]
)
def test_names_that_are_hard_to_show(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD + "{}")
    case, problems = read_cases([tmp_path / name], QUESTIONS)
    assert isinstance(case, Case)
    assert isinstance(problems, list)
    assert len(render(problems[0]).splitlines()) == 4
    assert render(problems[0]).encode("utf-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("age\n5\n")
    (tmp_path / "a.csv").chmod(0)
    assert list(codes(tmp_path / "a.csv")) == ["file-unreadable"]
