"""Runs: files in, results and a manifest out, the same whatever the form."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import polars as pl
import pytest
from batch_files import MANY, SOME, cases, files, reference, shape, small, written
from polars.testing import assert_frame_equal

from engine.batch.audit import audited
from engine.batch.job import rows_at_a_time
from engine.sampling.sample import sample

__all__ = ["cases", "files", "reference", "small"]


@pytest.mark.parametrize(
    ("rules", "shape", "rows"),
    [
        (0, "wide", 524_288),
        (400, "wide", 524_288),
        (400, "full", 262_144),
        (1_600, "wide", 131_072),
        (1_600, "full", 65_536),
        (100_000, "wide", 65_536),
    ],
)
def test_the_more_rules_the_fewer_rows_at_a_time(rules, shape, rows, kb):
    rule = next(iter(kb.rules.values()))
    assert rows_at_a_time(replace(kb, rules={str(at): rule for at in range(rules)}), shape) == rows


@pytest.mark.parametrize(
    "kind", ["cases.parquet", "codes.parquet", "cases.csv", "cases.jsonl", "cases.json", "cases.yaml"]
)
def test_every_kind_of_file_gives_the_same_results(kind, files, run, reference, small):
    shown = run("assess", kind, "-o", "out.parquet")
    assert shown.exit_code == 0, shown.stderr
    assert_frame_equal(pl.read_parquet(files / "out.parquet"), reference)


def test_a_folder_and_standard_input(files, run, reference):
    lines = (files / "cases.jsonl").read_text()
    assert run("assess", "-", "-o", "out.parquet", stdin=lines).exit_code == 0
    assert_frame_equal(pl.read_parquet(files / "out.parquet"), reference)
    (files / "folder").mkdir()
    for name in ("cases.csv", "cases.parquet"):
        (files / name).rename(files / "folder" / name)
    assert run("assess", "folder", "-o", "out.parquet").exit_code == 0
    assert_frame_equal(pl.read_parquet(files / "out.parquet"), pl.concat([reference, reference]))


@pytest.mark.parametrize("form", ["wide.csv", "wide.jsonl"])
def test_every_form_of_wide_results_says_the_same(form, files, run, reference, small):
    run("assess", "cases.parquet", *shape(form))
    found = written(files / f"out.{form.split('.')[1]}")
    assert set(found.columns) == set(reference.columns)
    assert found.select(reference.columns).cast(pl.String).equals(reference.cast(pl.String))


def test_complete_assessments_are_those_of_experta(files, run):
    lines = (files / "cases.jsonl").read_text().splitlines(keepends=True)
    (files / "some.jsonl").write_text("".join(lines[:SOME]))
    run("assess", "some.jsonl", "-o", "columns.jsonl")
    run("assess", "some.jsonl", "-o", "experta.jsonl", "--target", "experta", "--audit", "0")
    columns, experta = (
        [json.loads(line) for line in (files / name).read_text().splitlines()]
        for name in ("columns.jsonl", "experta.jsonl")
    )
    for each in experta:
        for pending in each["advice"]["pending"]:
            pending.pop("questions", None)
    for each in columns:
        for pending in each["advice"]["pending"]:
            pending.pop("questions", None)
    assert columns == experta
    assert len(columns) == SOME


def test_a_manifest_says_what_became_of_what(files, run, kb):
    run("assess", "cases.csv", "cases.parquet", "-o", "out.csv")
    manifest = json.loads((files / "out.csv.manifest.json").read_text())
    assert manifest["kb"]["sha256"] == kb.sha256
    assert [each["file"] for each in manifest["inputs"]] == ["cases.csv", "cases.parquet"]
    for each, folder in [*((one, files) for one in manifest["inputs"]), (manifest["outputs"][0], files)]:
        data = (folder / each["file"]).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(data), sha256(data).hexdigest())
    assert (manifest["rows"], manifest["assessed"], manifest["rejected"]) == (2 * MANY, 2 * MANY, 0)
    assert manifest["audit"] == {"seed": 0, "rows": 20, "agreeing": 20}
    assert not (files / "out.csv.rejects.jsonl").exists()


def test_where_experta_says_something_else_nothing_is_written(files, run, monkeypatch):
    def wrong(case, said):
        return {"level": "self_care"}

    monkeypatch.setattr("engine.batch.audit.expected_of", wrong)
    shown = run("assess", "cases.csv", "-o", "out.csv")
    assert (shown.exit_code, "error[audit]" in shown.stderr, "`level`" in shown.stderr) == (1, True, True)
    assert list(files.glob("*out.csv*")) == []


def test_the_audit_is_drawn_with_the_seed(files, run, monkeypatch):
    drawn = []

    def listening(sample, *given):
        drawn.append([each.id for each in sample])
        return audited(sample, *given)

    monkeypatch.setattr("engine.batch.run.audited", listening)
    for seed in ("0", "0", "1"):
        shown = run("assess", "cases.csv", "-o", "out.csv", "--seed", seed, "--audit", "7")
        assert shown.exit_code == 0, shown.stderr
    assert [len(set(each)) for each in drawn] == [7, 7, 7]
    assert drawn[0] == drawn[1]
    assert set(drawn[0]) != set(drawn[2])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "out.xlsx"), "error[output-kind]"),
        (("-o", "nowhere/out.csv"), "error[output-place]"),
        (("-o", "cases.csv"), "error[output-is-input]"),
        (("-o", "out.csv", "--shape", "full"), "error[output-shape]"),
        (("-o", "out.csv", "--target", "experta"), "error[output-shape]"),
        (("-o", "out.csv", "--report", "report.pdf"), "error[output-kind]"),
        (("-o", "out.csv", "--map", "nowhere.yaml"), "error[file-unreadable]"),
        (("-o", "out.csv", "--audit", "-1"), "--audit"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_read(words, said, files, run):
    shown = run("assess", "cases.csv", *words)
    assert (shown.exit_code, said in shown.stderr) == (2, True), shown.stderr
    assert not (files / "out.csv").exists()


def test_a_report_is_written(files, run):
    shown = run("assess", "cases.csv", "-o", "out.csv", "--report", "report.html", "--near-misses")
    assert shown.exit_code == 0, shown.stderr
    page = (files / "report.html").read_text()
    assert "<svg" in page
    assert "://" not in page.replace("http://www.w3.org", "")


@pytest.mark.sweep
def test_memory_does_not_grow_with_the_rows(tmp_path, kb):
    peaks = []
    code = (
        "import sys; from engine.commands import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        # Not `ru_maxrss`: it remembers the process of the test, which may have grown to any size.
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    for millions in (2, 6):
        sample(kb, 1_000_000, 1).write_parquet(tmp_path / "f.parquet")
        files = ["f.parquet"] * millions
        command = [sys.executable, "-c", code, "assess", *files, "-o", "out.parquet"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]) / 1024)
    assert peaks[0] < 700
    assert peaks[1] < 1.1 * peaks[0]
