"""The same cases in files of every kind, for the tests of runs."""

from __future__ import annotations

import json

import polars as pl
import pytest

from engine.plan.sample import sample
from engine.plan.wide import compile_wide
from engine.valuation import prepare
from facts.case_text import text_of
from facts.table_layout import cases_of, flag_of

FORMS = ("wide.parquet", "wide.csv", "wide.jsonl", "full.parquet", "full.jsonl")
MANY, SOME = 200, 40


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


def shape(form: str) -> tuple[str, ...]:
    return "--shape", form.split(".")[0], "-o", f"out.{form.split('.')[1]}"


def written(path) -> pl.DataFrame:
    reader = {".parquet": pl.read_parquet, ".csv": pl.read_csv, ".jsonl": pl.read_ndjson}[path.suffix]
    return reader(path, **({} if path.suffix == ".parquet" else {"infer_schema_length": None}))


def everything(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*out.*") if path.is_file()}
