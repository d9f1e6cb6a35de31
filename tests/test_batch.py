"""Runs: files in, results, rejects and a manifest out; broken off and gone on with; and nothing ever lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Thread

import jsonschema
import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from engine.batch.job import rows_at_a_time
from engine.batch.unique import Ids
from engine.commands import main
from engine.plan.sample import sample
from engine.plan.wide import compile_wide
from engine.valuation import prepare
from facts.case_text import text_of
from facts.table_layout import cases_of, flag_of

FORMS = ("wide.parquet", "wide.csv", "wide.jsonl", "full.parquet", "full.jsonl")
MANY, SOME = 200, 40
BROKEN_OFF = "broken off; the same command with `--resume` goes on\n"
SCHEMA = json.loads((Path(__file__).parents[1] / "engine" / "assessment.schema.json").read_text())


@pytest.fixture(scope="module")
def cases(kb):
    """Random cases as a canonical frame, with nobody saying that they do not know, as some files cannot."""
    frame = sample(kb, MANY, 7)
    return frame.with_columns(pl.lit(False).alias(flag_of(each)) for each in kb.questions.values())


@pytest.fixture(scope="module")
def reference(kb, cases):
    """What wide results have to be."""
    plan = compile_wide(prepare(kb))
    return plan.apply(cases.lazy()).select("id", *plan.names).collect()


@pytest.fixture
def files(tmp_path, kb, cases):
    """The same cases in files of every kind."""
    plain = cases.drop(flag_of(each) for each in kb.questions.values())
    plain.write_parquet(tmp_path / "cases.parquet", row_group_size=50)
    codes = [pl.col(name).cast(pl.Int8) for name, dtype in plain.schema.items() if dtype == pl.Boolean]
    plain.with_columns(codes).write_parquet(tmp_path / "codes.parquet")
    plain.write_csv(tmp_path / "cases.csv")
    rows = list(cases_of(cases, kb.questions))
    objects = [{"id": case.id, "answers": dict(case.answers)} for case in rows]
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(each) + "\n" for each in objects))
    (tmp_path / "cases.json").write_text(json.dumps(objects))
    (tmp_path / "cases.yaml").write_text("".join(text_of(case, kb.questions) for case in rows))
    return tmp_path


@pytest.fixture
def small(monkeypatch):
    """Segments of few rows, so that a run has many."""
    monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape: 50)
    monkeypatch.setattr("facts.table_cases.MANY", 50)
    monkeypatch.setattr("facts.blocks.SIZE", 70_000)


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


def shape(form: str) -> tuple[str, ...]:
    return "--shape", form.split(".")[0], "-o", f"out.{form.split('.')[1]}"


def written(path) -> pl.DataFrame:
    reader = {".parquet": pl.read_parquet, ".csv": pl.read_csv, ".jsonl": pl.read_ndjson}[path.suffix]
    return reader(path, **({} if path.suffix == ".parquet" else {"infer_schema_length": None}))


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


def everything(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*out.*") if path.is_file()}


@pytest.mark.parametrize("form", FORMS)
def test_a_run_that_is_broken_off_ends_with_the_same_bytes(form, files, run, small, monkeypatch):
    (files / "bad.csv").write_text("id,age\nx,5\ny,five\n")
    words = ("assess", "cases.parquet", "bad.csv", "cases.jsonl", *shape(form))
    run(*words)
    unbroken = everything(files)
    assert len(unbroken) == 3
    for name in unbroken:
        (files / name).unlink()
    from engine.batch.journal import Journal

    add = Journal.add
    for steps in (1, 3):
        numbers = count()

        def broken(self, *given, numbers=numbers, steps=steps):
            if next(numbers) == steps:
                raise KeyboardInterrupt
            add(self, *given)

        with monkeypatch.context() as patched:
            patched.setattr(Journal, "add", broken)
            shown = run(*words, "--resume")
        assert shown.exit_code == 3
        assert "goes on" in shown.stderr
        assert not [name for name in everything(files) if not name.startswith(".")]
    # Whatever was torn meanwhile is done again.
    part = next(path for path in files.glob(".out.*.part") if "rejects" not in path.name)
    part.write_bytes(part.read_bytes()[:-100] if form != "wide.csv" else part.read_bytes() + b"torn")
    assert run(*words, "--resume").exit_code == 1
    assert everything(files) == unbroken


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_goes_on(ending, files):
    command = [sys.executable, "-m", "engine", "assess", *["cases.csv"] * 60, "-o", "out.parquet"]
    process = subprocess.Popen(command, cwd=files, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    journal = files / ".out.parquet.journal"
    until = time.monotonic() + 60
    while not (journal.exists() and len(journal.read_bytes().splitlines()) > 5) and time.monotonic() < until:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.send_signal(ending)
    _, said = process.communicate()
    if ending != signal.SIGKILL:
        assert (process.returncode, said) == (3, BROKEN_OFF.encode())
    assert not (files / "out.parquet").exists()
    done = subprocess.run([*command, "--resume"], cwd=files, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert pl.read_parquet(files / "out.parquet").height == 60 * MANY
    assert [path.name for path in files.glob(".out*")] == []


def test_a_run_does_not_go_on_as_another(files, run, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("engine.batch.run.document", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            main(["assess", "cases.csv", "-o", "out.csv"], standalone_mode=False)
    os.utime(files / "cases.csv", (1, 1))
    shown = run("assess", "cases.csv", "-o", "out.csv", "--resume")
    assert (shown.exit_code, "error[resume-other]" in shown.stderr) == (2, True)
    assert run("assess", "cases.csv", "-o", "out.csv").exit_code == 0


def test_a_run_with_other_segments_is_not_gone_on_with(files, run, monkeypatch):
    """The journal counts segments: of another size, rows would be lost, or be there twice."""
    for rows in (50, 100):
        monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape, rows=rows: rows)
        with monkeypatch.context() as broken:
            broken.setattr("engine.batch.run.document", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                main(["assess", "cases.parquet", "-o", "out.csv"], standalone_mode=False)
        monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape, rows=rows: 150 - rows)
        shown = run("assess", "cases.parquet", "-o", "out.csv", "--resume")
        assert (shown.exit_code, "error[resume-other]" in shown.stderr) == (2, True)


@pytest.mark.parametrize(
    ("out", "column", "said"),
    [
        ("out.csv", pl.Series([b"x"]), "`kept` holds bytes, and CSV does not"),
        ("out.csv", pl.Series([timedelta(1)]), "`kept` holds durations, and CSV does not"),
        ("out.csv", pl.Series([["x"]]), "`kept` holds lists, and CSV does not"),
        ("out.jsonl", pl.Series([[b"x"]]), "`kept` holds bytes, and JSON lines does not"),
        ("out.jsonl", pl.Series([timedelta(1)]), ""),
        ("out.parquet", pl.Series([b"x"]), ""),
    ],
)
@pytest.mark.parametrize("shape", ["wide", "full"])
def test_what_a_form_cannot_hold_is_not_kept(out, column, said, shape, run, tmp_path):
    if out.endswith("csv") and shape == "full":
        return
    pl.DataFrame({"id": ["a"], "kept": column}).write_parquet(tmp_path / "f.parquet")
    shown = run("assess", "f.parquet", "-o", out, "--keep", "kept", "--shape", shape)
    assert (shown.exit_code, said in shown.stderr) == (2 if said else 0, True)
    assert (tmp_path / out).exists() is not bool(said)


@pytest.mark.parametrize(("kept", "inside"), [(pl.Int64, pl.String), (pl.Duration, pl.Enum)])
@pytest.mark.parametrize("count", [0, 1, MANY])
def test_names_inside_of_structs_are_text_where_that_costs_no_type(
    kept, inside, count, files, small, run, cases
):
    """pyarrow reads no categories from inside of structs and lists of several row groups."""
    frame = pl.read_parquet(files / "cases.parquet").with_columns(n=pl.lit(1).cast(kept)).head(count)
    frame.write_parquet(files / "n.parquet")
    words = ("assess", "n.parquet", "-o", "out.parquet", "--shape", "full", "--keep", "n")
    assert run(*words).exit_code == (0 if count else 1)
    schema = pl.read_parquet_schema(files / "out.parquet")
    assert (schema["n"].base_type(), schema["triage"].to_schema()["level"].base_type()) == (kept, inside)
    if find_spec("pyarrow") and inside == pl.String:
        read = pl.from_arrow(import_module("pyarrow.parquet").read_table(files / "out.parquet"))
        assert_frame_equal(read.drop("scores"), pl.read_parquet(files / "out.parquet").drop("scores"))


def test_a_run_beside_the_main_thread(files):
    shown = []
    words = ["assess", str(files / "cases.csv"), "-o", str(files / "out.csv")]
    thread = Thread(target=lambda: shown.append(CliRunner().invoke(main, words)))
    thread.start()
    thread.join()
    assert (shown[0].exit_code, pl.read_csv(files / "out.csv").height) == (0, MANY)


def test_standard_input_that_changed_is_not_gone_on_with(files, small, run):
    lines = (files / "cases.jsonl").read_text().splitlines(keepends=True)
    words = ("assess", "-", "-o", "out.csv", "--max-rejects", "0")
    assert run(*words, stdin="".join([*lines, "{broken\n"])).exit_code == 3
    shown = run(*words, "--resume", stdin="".join(reversed(lines)))
    assert (shown.exit_code, "error[resume-other]" in shown.stderr) == (2, True)


def test_nothing_that_is_read_is_written_over(files, run):
    for name in ("out.csv.rejects.jsonl", "out.csv.manifest.json"):
        data = (files / ("cases.jsonl" if name.endswith("l") else "cases.json")).read_bytes()
        (files / name).write_bytes(data)
        shown = run("assess", name, "-o", "out.csv")
        assert (shown.exit_code, "error[output-is-input]" in shown.stderr) == (2, True)
        assert (files / name).read_bytes() == data
        (files / name).unlink()


def test_a_misspelt_file_costs_no_earlier_results(files, run):
    run("assess", "cases.csv", "-o", "out.parquet")
    before = everything(files)
    shown = run("assess", "case.csv", "-o", "out.parquet")
    assert (shown.exit_code, "did you mean `cases.csv`?" in shown.stderr) == (1, True)
    assert everything(files) == before


def test_two_runs_do_not_write_the_same_file(files, run):
    import fcntl

    with open(files / ".out.csv.journal", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        shown = run("assess", "cases.csv", "-o", "out.csv")
    assert (shown.exit_code, "error[output-busy]" in shown.stderr) == (2, True)


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


def test_a_run_stops_at_too_many_rejects_and_goes_on_where_more_are_allowed(run, tmp_path):
    (tmp_path / "bad.csv").write_text("id,age\n" + "x,five\n" * 5 + "y,5\n")
    shown = run("assess", "bad.csv", "-o", "out.csv", "--max-rejects", "4")
    assert (shown.exit_code, "error[too-many-rejects]" in shown.stderr) == (3, True)
    assert not (tmp_path / "out.csv").exists()
    assert run("assess", "bad.csv", "-o", "out.csv", "--max-rejects", "5", "--resume").exit_code == 1
    assert pl.read_csv(tmp_path / "out.csv").height == 1


def test_resuming_is_no_way_around_too_many_rejects(files, small, run):
    lines = (files / "cases.jsonl").read_text().splitlines(keepends=True)
    for at in range(0, 200, 20):
        lines[at] = "{broken\n"
    (files / "cases.jsonl").write_text("".join(lines))
    words = ("assess", "cases.jsonl", "-o", "out.csv", "--max-rejects")
    for resume in ((), ("--resume",), ("--resume",), ("--resume",), ("--resume",), ("--resume",)):
        shown = run(*words, "4", *resume)
        assert (shown.exit_code, "error[too-many-rejects]" in shown.stderr) == (3, True)
    assert run(*words, "9", "--resume").exit_code == 3
    assert run(*words, "10", "--resume").exit_code == 1
    manifest = json.loads((files / "out.csv.manifest.json").read_text())
    assert (manifest["rows"], manifest["assessed"], manifest["rejected"]) == (200, 190, 10)


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
    assert f"the first 10 of them named above, {most}" in shown.stderr


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("f.csv", b"id,aage\nx,5\n", ()),
        ("f.csv", b"id,age\nx,5\n", ("--keep", "sitee")),
        ("f.csv", b"id,age\nx,five\n", ()),
        ("f.csv", b"", ()),
        ("f.parquet", b"PAR1 torn", ()),
    ],
)
def test_earlier_results_are_worth_more_than_none(name, data, words, files, run):
    run("assess", "cases.csv", "-o", "out.csv")
    before = everything(files)
    (files / name).write_bytes(data)
    shown = run("assess", name, "-o", "out.csv", *words)
    assert (shown.exit_code, "error[nothing-assessed]" in shown.stderr) == (1, True)
    assert everything(files) == before
    (files / "out.csv").unlink()
    assert run("assess", name, "-o", "out.csv", *words).exit_code == 1
    assert pl.read_csv(files / "out.csv").is_empty()


@pytest.mark.parametrize(
    ("said", "is_warned"), [("s1", True), ("", True), ("urgent", False), ("none", False)]
)
def test_an_expectation_without_any_level_is_told_of(said, is_warned, run, tmp_path):
    (tmp_path / "f.csv").write_text(f"id,age,site\nx,71,{said}\ny,72,s2\n")
    shown = run("assess", "f.csv", "-o", "out.csv", "--expect", "site")
    assert ("no case has a level in `site`" in shown.stderr) is is_warned
    assert shown.exit_code == 0


def test_a_column_that_only_the_map_has_is_named(run, tmp_path):
    (tmp_path / "map.yaml").write_text("columns: {patientt: id, years: age}\n")
    (tmp_path / "f.csv").write_text("patient,years\nx,71\n")
    pl.read_csv(tmp_path / "f.csv").write_parquet(tmp_path / "f.parquet")
    for name in ("f.csv", "f.parquet"):
        shown = run("assess", name, "-o", "out.csv", "--map", "map.yaml")
        assert "warning[map-column]: the map names `patientt`, and no column is called so" in shown.stderr
        assert "did you mean `patient`?" in shown.stderr
        assert "the map names `years`" not in shown.stderr


THEIRS = """
columns: {patient: id, years: age, weak: leg_weakness, relief: eased_by, rises.x: eased_by.sitting}
values:
  leg_weakness: {"1": yes, "2": no, "9": unknown}
  eased_by: {rest: resting, lean: leaning_forward}
"""


def test_other_names_for_columns_and_values(run, tmp_path):
    (tmp_path / "map.yaml").write_text(THEIRS.replace(", rises.x: eased_by.sitting", ""))
    (tmp_path / "f.csv").write_text(
        "patient,years,weak,relief,ward\nx,71,1,rest;lean,A\ny,5,2,none,B\nz,6,9,,\n"
    )
    pl.DataFrame(
        {"patient": ["x", "y"], "years": [71, 5], "weak": [1, 2], "relief": [["rest"], []], "ward": [1, 2]}
    ).write_parquet(tmp_path / "f.parquet")
    (tmp_path / "f.jsonl").write_text(
        '{"patient": "x", "ward": "A", "answers": {"weak": 1, "relief": ["rest"]}}\n' * 2
    )
    for name in ("f.csv", "f.parquet", "f.jsonl"):
        shown = run("assess", name, "-o", "out.jsonl", "--map", "map.yaml", "--keep", "ward")
        assert shown.exit_code == 0, shown.stderr
        first = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
        jsonschema.validate(first, SCHEMA)
        assert (first["id"], str(first["kept"]["ward"]) in "A1") == ("x", True)
        assert "leg_weakness" not in first["ask_next"]
        assert "eased_by" not in first["ask_next"]


def test_columns_that_a_map_makes_one_are_rejects(run, tmp_path):
    (tmp_path / "map.yaml").write_text("columns: {weak: leg_weakness}")
    pl.DataFrame({"weak": [True, True], "leg_weakness": [False, True]}).write_parquet(tmp_path / "f.parquet")
    (tmp_path / "f.jsonl").write_text('{"answers": {"weak": true, "leg_weakness": false}}\n' * 2)
    (tmp_path / "f.csv").write_text("weak,leg_weakness\nyes,no\nno,no\n")
    for name in ("f.parquet", "f.jsonl", "f.csv"):
        shown = run("assess", name, "-o", "out.parquet", "--map", "map.yaml")
        assert shown.exit_code == 1
        assert pl.read_parquet(tmp_path / "out.parquet").is_empty()


@pytest.mark.parametrize("keep", ["place", "bad", "line", "expect"])
def test_any_column_can_be_kept(keep, run, tmp_path):
    (tmp_path / "f.csv").write_text(f"id,age,{keep}\na,71, x\nb,UNKNOWN,y\nc,five,z\n")
    assert run("assess", "f.csv", "-o", "out.csv", "--keep", keep).exit_code == 1
    assert pl.read_csv(tmp_path / "out.csv").select("id", keep).rows() == [("a", "x"), ("b", "y")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("columns: {a: agee}", "unknown-question"),
        ("columns: {a: age, b: age}", "map-twice"),
        ("colums: {}", "unknown-key"),
        ("values: {leg_weakness: {x: perhaps}}", "unknown-option"),
        ("values: {leg_weaknes: {x: yes}}", "unknown-question"),
        ("- 1", "map-syntax"),
        ("", "map-syntax"),
        ("columns: [", "yaml-syntax"),
    ],
)
def test_a_map_that_is_wrong_is_named_with_its_place(text, code, run, write):
    file = write("two.csv", "id,age\nx,5\ny,6\n")
    shown = run("assess", file, "--map", write("map.yaml", text), "-o", "out.csv")
    assert (shown.exit_code, f"error[{code}]" in shown.stderr, "map.yaml" in shown.stderr) == (2, True, True)


def test_what_is_kept_is_carried_along_as_it_is(files, run, tmp_path):
    frame = pl.DataFrame({"id": ["a", "b"], "age": [71, None], "when": [1, 2], "site": ["x", None]})
    frame = frame.with_columns(pl.col("when").cast(pl.Date))
    frame.write_parquet(tmp_path / "f.parquet")
    run("assess", "f.parquet", "-o", "out.parquet", "--keep", "when,site", "--keep", "age")
    kept = pl.read_parquet(tmp_path / "out.parquet")
    assert kept.columns[:4] == ["id", "when", "site", "age"]
    assert_frame_equal(kept.select("id", "age", "when", "site"), frame)


def test_a_kept_column_cannot_be_called_like_a_result(run, write):
    file = write("two.csv", "id,level,age\nx,high,5\ny,low,6\n")
    shown = run("assess", file, "-o", "out.csv", "--keep", "level")
    assert (shown.exit_code, "`level`" in shown.stderr) == (2, True)


def test_where_experta_says_something_else_nothing_is_written(files, run, monkeypatch):
    def wrong(case, said):
        return {"level": "self_care"}

    monkeypatch.setattr("engine.batch.audit.expected_of", wrong)
    shown = run("assess", "cases.csv", "-o", "out.csv")
    assert (shown.exit_code, "error[audit]" in shown.stderr, "`level`" in shown.stderr) == (1, True, True)
    assert list(files.glob("*out.csv*")) == []


def test_the_audit_is_drawn_with_the_seed(files, run):
    drawn = []
    from engine.batch import run as running

    for seed in ("0", "0", "1"):
        run("assess", "cases.csv", "-o", "out.csv", "--seed", seed, "--audit", "7")
        drawn.append(json.loads((files / "out.csv.manifest.json").read_text())["audit"])
    assert running is not None
    assert [each["rows"] for each in drawn] == [7, 7, 7]


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


def test_a_disk_that_is_full_is_said_and_the_run_goes_on_later(files):
    command = [sys.executable, "-m", "engine", "assess", "cases.csv", "-o", "out.jsonl"]
    limited = ["bash", "-c", f"ulimit -f 100; trap '' XFSZ; exec {' '.join(command)}"]
    done = subprocess.run(limited, cwd=files, capture_output=True, text=True)
    assert (done.returncode, "error[cannot-write]" in done.stderr) == (3, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (files / "out.jsonl").exists()
    again = subprocess.run([*command, "--resume"], cwd=files, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert len((files / "out.jsonl").read_text().splitlines()) == MANY


def test_a_report_is_written(files, run):
    shown = run("assess", "cases.csv", "-o", "out.csv", "--report", "report.html", "--near-misses")
    assert shown.exit_code == 0, shown.stderr
    page = (files / "report.html").read_text()
    assert "<svg" in page
    assert "://" not in page.replace("http://www.w3.org", "")


def test_expectations_make_a_table_of_agreement(files, run, reference):
    expected = pl.read_csv(files / "cases.csv", infer_schema=False).with_columns(
        truth=reference["level"].cast(pl.String)
    )
    expected.write_csv(files / "labelled.csv")
    shown = run("assess", "labelled.csv", "-o", "out.csv", "--expect", "truth")
    assert shown.exit_code == 0, shown.stderr
    assert "sensitivity for emergency" in shown.stdout
    shown = run("assess", "labelled.csv", "-o", "out.csv", "--expect", "truht")
    assert (shown.exit_code, "did you mean `truth`?" in shown.stderr) == (1, True)


@pytest.mark.sweep
def test_memory_does_not_grow_with_the_rows(tmp_path, kb):
    peaks = []
    code = (
        "import resource, sys; from engine.commands import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    for millions in (2, 6):
        sample(kb, 1_000_000, 1).write_parquet(tmp_path / "f.parquet")
        files = ["f.parquet"] * millions
        command = [sys.executable, "-c", code, "assess", *files, "-o", "out.parquet"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]) / 1024)
    assert peaks[0] < 700
    assert peaks[1] < 1.1 * peaks[0]
