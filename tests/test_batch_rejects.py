"""Rows and files that are not cases: named, counted, kept, and no more of them than somebody allows."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from batch_files import cases, default_base, files, kb, small

from engine.batch.unique import Ids

__all__ = ["cases", "default_base", "files", "kb", "small"]

SMALL_BASE = Path(__file__).parent / "bases" / "ottawa-ankle"


BAD_ROWS = {
    "csv": (
        b"id,age,leg_weakness,eased_by\na,71,yes,resting\nb,seventy,yes,\nc,200,,\nd,5,maybe,\ne,5,yes,flying\nf,5\n"
        b'g,5,yes,"resting\nh,6,no,none\n' + b"i\xff,5,yes,\n",
        [
            "not-a-number",
            "out-of-range",
            "not-yes-no",
            "unknown-option",
            "csv-fields",
            "csv-quote",
            "not-utf8",
        ],
        2,
    ),
    "jsonl": (
        b'{"id": "a", "answers": {"age": 71}}\n{"id": "b", "answers": {"agee": 71}}\n'
        b'{"id": "c"}\n{broken\n[1]\n{"id": "d", "answers": {"age": 5, "age": 6}}\n'
        b'{"id": "e", "answers": {"age": 5}}\n{"id": "f", "answ',
        ["unknown-question", "no-answers", "json-syntax", "not-a-case", "duplicate-key", "json-syntax"],
        2,
    ),
}


def test_empty_rows_are_left_out_and_counted(run, tmp_path, monkeypatch):
    """A spreadsheet ends in hundreds of them; none is somebody who answered nothing."""
    monkeypatch.setattr("facts.tables.blocks.SIZE", 20)
    (tmp_path / "f.csv").write_text("id,age,leg_weakness\na,71,yes\n,,\nb,five,\n" + ",,\n" * 500)
    shown = run("assess", "f.csv", "-o", "out.csv", "--report", "out.html")
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    numbers = {key: manifest[key] for key in ("rows", "assessed", "rejected", "blank")}
    assert numbers == {"rows": 503, "assessed": 1, "rejected": 1, "blank": 501}
    assert "\n501 empty rows skipped\n" in shown.stderr
    assert "<dd>501</dd>" in (tmp_path / "out.html").read_text()
    assert "501 empty rows skipped" in run("assess", "f.csv", "--json", "--shape", "full").stderr


def test_a_file_of_empty_rows_holds_no_case(run, tmp_path):
    (tmp_path / "f.csv").write_text("id,age\n,\n , \n")
    shown = run("assess", "f.csv", "-o", "out.csv")
    assert (shown.exit_code, "2 empty rows skipped" in shown.stderr) == (0, True)
    assert json.loads((tmp_path / "out.csv.manifest.json").read_text())["blank"] == 2


def test_empty_rows_of_a_run_that_goes_on_are_counted_once(run, tmp_path, monkeypatch):
    monkeypatch.setattr("facts.tables.blocks.SIZE", 20)
    (tmp_path / "f.csv").write_text("id,age\n" + "a,5\n,\n" * 20 + "b,five\n")
    assert run("assess", "f.csv", "-o", "out.csv", "--max-rejects", "0").exit_code == 3
    run("assess", "f.csv", "-o", "out.csv", "--resume", "--max-rejects", "1")
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    assert [manifest[key] for key in ("rows", "assessed", "rejected", "blank")] == [41, 20, 1, 20]


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_bad_rows_are_rejected_and_the_others_assessed(kind, run, tmp_path):
    data, codes, good = BAD_ROWS[kind]
    (tmp_path / f"bad.{kind}").write_bytes(data)
    shown = run("assess", f"bad.{kind}", "-o", "out.parquet")
    rejects = [json.loads(line) for line in (tmp_path / "out.parquet.rejects.jsonl").read_text().splitlines()]
    manifest = json.loads((tmp_path / "out.parquet.manifest.json").read_text())
    assert shown.exit_code == 1
    assert [each["code"] for each in rejects] == codes
    assert all(each["file"] == f"bad.{kind}" and each["line"] and each["content"] for each in rejects)
    assert (manifest["rows"], manifest["assessed"], manifest["rejected"]) == (
        good + len(codes),
        good,
        len(codes),
    )
    assert manifest["summary"]["rejects"] == {code: codes.count(code) for code in sorted(codes)}
    assert pl.read_parquet(tmp_path / "out.parquet").height == good


def test_ids_that_stand_twice(run, tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("id,age\nx,1\ny,2\nx,3\n")
    (tmp_path / "b.csv").write_text("id,age\ny,4\nz,5\nz,6\n")
    assert run("assess", "a.csv", "b.csv", "-o", "out.csv").exit_code == 0
    for limit in (1_000, 2, 0):
        monkeypatch.setattr("engine.batch.unique.IN_MEMORY", limit)
        monkeypatch.setattr(Ids.__init__, "__defaults__", (limit, *Ids.__init__.__defaults__[1:]))
        shown = run("assess", "a.csv", "b.csv", "-o", "out.csv", "--unique-id")
        rejects = [json.loads(line) for line in (tmp_path / "out.csv.rejects.jsonl").read_text().splitlines()]
        assert shown.exit_code == 1
        assert [(each["file"], each["line"], each["code"]) for each in rejects] == [
            ("a.csv", 4, "duplicate-id"),
            ("b.csv", 2, "duplicate-id"),
            ("b.csv", 4, "duplicate-id"),
        ]
        assert rejects[0]["content"] == {"id": "x", "answers": {"age": 3}}
        assert pl.read_csv(tmp_path / "out.csv")["id"].to_list() == ["x", "y", "z"]


@pytest.mark.parametrize(("before", "code"), [("w,five\n", "not-a-number"), (",\n", None)])
def test_a_second_id_below_a_row_that_is_no_case_has_its_own_line(before, code, run, tmp_path):
    (tmp_path / "a.csv").write_text(f"id,age\n{before}x,1\ny,2\n{before}x,3\n")
    run("assess", "a.csv", "-o", "out.csv", "--unique-id")
    rejects = [json.loads(line) for line in (tmp_path / "out.csv.rejects.jsonl").read_text().splitlines()]
    others = [] if code is None else [(2, code), (5, code)]
    assert sorted((each["line"], each["code"]) for each in rejects) == [*others, (6, "duplicate-id")]


def test_a_run_stops_at_too_many_rejects_and_goes_on_where_more_are_allowed(run, tmp_path):
    (tmp_path / "bad.csv").write_text("id,age\n" + "x,five\n" * 5 + "y,5\n")
    shown = run("assess", "bad.csv", "-o", "out.csv", "--max-rejects", "4")
    assert (shown.exit_code, "error[too-many-rejects]" in shown.stderr) == (3, True)
    assert not (tmp_path / "out.csv").exists()
    assert run("assess", "bad.csv", "-o", "out.csv", "--max-rejects", "5", "--resume").exit_code == 1
    assert pl.read_csv(tmp_path / "out.csv").height == 1


def test_resuming_is_no_way_around_too_many_rejects(run, tmp_path, monkeypatch):
    lines = ["{broken" if at % 5 == 0 else f'{{"id": "{at}", "answers": {{}}}}' for at in range(50)]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr("facts.tables.blocks.SIZE", 100)
    words = ("assess", "cases.jsonl", "-o", "out.csv", "--kb", str(SMALL_BASE), "--max-rejects")
    for resume in ((), ("--resume",), ("--resume",), ("--resume",)):
        shown = run(*words, "4", *resume)
        assert (shown.exit_code, "error[too-many-rejects]" in shown.stderr) == (3, True)
    assert len((tmp_path / ".out.csv.journal").read_text().splitlines()) > 2
    assert run(*words, "9", "--resume").exit_code == 3
    assert run(*words, "10", "--resume").exit_code == 1
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    assert (manifest["rows"], manifest["assessed"], manifest["rejected"]) == (50, 40, 10)


def test_a_run_stops_where_there_are_too_many_rejects(run, tmp_path):
    pl.DataFrame({"age": [999] * 1_000}).write_parquet(tmp_path / "bad.parquet")
    assert run("assess", "bad.parquet", "-o", "out.parquet", "--max-rejects", "20").exit_code == 3
    assert len((tmp_path / ".out.parquet.rejects.jsonl.part").read_text().splitlines()) <= 20


def test_what_is_wrong_most_often_is_said(run, tmp_path):
    pl.DataFrame({"age": [999] * 99 + [1], "foot_drop": ["yes"] * 99 + ["so"]}).write_parquet(
        tmp_path / "bad.parquet"
    )
    shown = run("assess", "bad.parquet", "-o", "out.parquet")
    most = "most often out-of-range in `age` (99), not-yes-no in `foot_drop` (1)"
    assert f"of which the first 10 are named above, {most}" in shown.stderr
