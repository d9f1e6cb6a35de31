"""Columns beside the answers: kept, renamed, or with the level that is expected."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from batch_files import MANY, cases, default_base, files, kb, reference, small
from polars.testing import assert_frame_equal

__all__ = ["cases", "default_base", "files", "kb", "reference", "small"]

SCHEMA = json.loads((Path(__file__).parents[1] / "engine" / "schemas" / "assessment.schema.json").read_text())


@pytest.mark.parametrize(
    ("out", "column", "said"),
    [
        ("out.csv", pl.Series([b"x"]), "CSV cannot hold bytes, as in `kept`"),
        ("out.csv", pl.Series([timedelta(1)]), "CSV cannot hold durations, as in `kept`"),
        ("out.csv", pl.Series([["x"]]), "CSV cannot hold lists, as in `kept`"),
        ("out.jsonl", pl.Series([[b"x"]]), "JSON lines cannot hold bytes, as in `kept`"),
        ("out.jsonl", pl.Series([timedelta(1)]), ""),
        ("out.parquet", pl.Series([b"x"]), ""),
    ],
)
@pytest.mark.parametrize("shape", ["wide", "full"])
def test_what_a_form_cannot_hold_is_not_kept(out, column, said, shape, run, tmp_path):
    if out.endswith("csv") and shape == "full":
        return
    pl.DataFrame({"id": ["a"], "age": [71], "kept": column}).write_parquet(tmp_path / "f.parquet")
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
    assert run(*words).exit_code == 0
    schema = pl.read_parquet_schema(files / "out.parquet")
    assert (schema["n"].base_type(), schema["triage"].to_schema()["level"].base_type()) == (kept, inside)
    if find_spec("pyarrow") and inside == pl.String:
        read = pl.from_arrow(import_module("pyarrow.parquet").read_table(files / "out.parquet"))
        filled = [name for name, type in read.schema.items() if type != pl.Null and name != "scores"]
        assert {"triage", "conditions", "advice"} <= {*filled}
        assert_frame_equal(read.select(filled), pl.read_parquet(files / "out.parquet").select(filled))


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
        assert (
            "warning[map-column]: the map names a column `patientt` that the file does not have"
            in shown.stderr
        )
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
    for name, ward in (("f.csv", "A"), ("f.parquet", 1), ("f.jsonl", "A")):
        shown = run("assess", name, "-o", "out.jsonl", "--map", "map.yaml", "--keep", "ward")
        assert shown.exit_code == 0, shown.stderr
        first = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
        jsonschema.validate(first, SCHEMA)
        assert (first["id"], first["kept"]) == ("x", {"ward": ward})
        assert "leg_weakness" not in first["ask_next"]
        assert "eased_by" not in first["ask_next"]


def test_columns_that_a_map_makes_one_are_rejects(run, tmp_path):
    (tmp_path / "map.yaml").write_text("columns: {weak: leg_weakness}")
    pl.DataFrame({"weak": [True, True], "leg_weakness": [False, True]}).write_parquet(tmp_path / "f.parquet")
    (tmp_path / "f.jsonl").write_text('{"answers": {"weak": true, "leg_weakness": false}}\n' * 2)
    (tmp_path / "f.csv").write_text("weak,leg_weakness\nyes,no\nno,no\n")
    for name in ("f.parquet", "f.jsonl", "f.csv"):
        shown = run("assess", name, "-o", "out.parquet", "--map", "map.yaml")
        assert shown.exit_code == 4
        assert not (tmp_path / "out.parquet").exists()


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


def test_expectations_make_a_table_of_agreement(files, run, reference):
    expected = pl.read_csv(files / "cases.csv", infer_schema=False).with_columns(
        truth=reference["level"].cast(pl.String)
    )
    expected.write_csv(files / "labelled.csv")
    shown = run("assess", "labelled.csv", "-o", "out.csv", "--expect", "truth")
    assert shown.exit_code == 0, shown.stderr
    assert "sensitivity for emergency" in shown.stdout
    shown = run("assess", "labelled.csv", "-o", "out.csv", "--expect", "truht")
    assert (shown.exit_code, "did you mean `truth`?" in shown.stderr) == (4, True)
