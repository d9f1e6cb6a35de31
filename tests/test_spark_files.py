"""Spark hands out files: what each gives is, byte for byte, what a run on one machine gives."""

from __future__ import annotations

import fcntl
import json
from io import BytesIO
from pathlib import Path
from shutil import copytree
from threading import Timer

import polars as pl
import polars.selectors as cs
import pytest
from click.testing import CliRunner
from spark_cluster import NEEDS_SPARK, spark

from engine import KnowledgeBase, Rejected
from engine.batch.audit import Disagreement
from engine.batch.job import Job
from engine.batch.run import Disagrees, run
from engine.commands import main
from engine.sampling.sample import sample
from engine.spark import assess_files
from facts.tables.segment import Wanted

__all__ = ["spark"]
pytestmark = NEEDS_SPARK
errand = pytest.importorskip("engine.spark.errand", reason="needs cartsign[spark]", exc_type=ImportError)


class Silent:
    """Hears of a run, and may break it off after the first segment."""

    def __init__(self, breaks: bool = False) -> None:
        self.breaks = breaks

    def warn(self, problem):
        pass

    reject = lines = warn

    def step(self, file, share, rows):
        if self.breaks:
            raise KeyboardInterrupt


@pytest.fixture
def cases(kb: KnowledgeBase, tmp_path: Path) -> Path:
    """A folder of files, one with a row that is no case."""
    folder = tmp_path / "cases"
    (folder / "2026").mkdir(parents=True)
    for at, name in enumerate(("a.parquet", "2026/a.parquet", "b.csv")):
        frame = sample(kb, 400, seed=at).with_columns(cs.enum().cast(pl.String), site=pl.lit(f"s{at}"))
        frame = frame.select(pl.exclude(r"^.*\?$"))
        if at == 1:
            frame = frame.with_columns(age=pl.when(pl.col("id") == "sample-7").then(400).otherwise("age"))
        frame.write_csv(folder / name) if name.endswith("csv") else frame.write_parquet(folder / name)
    return folder


def job(file: Path, out: Path, kb: KnowledgeBase) -> Job:
    return Job((str(file),), out, Wanted(kb.questions, ("site",)))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def on_one_machine(cases: Path, kb: KnowledgeBase) -> dict[str, bytes]:
    out = cases.parent / "single"
    out.mkdir()
    for name, place in (("a.parquet", "a"), ("2026/a.parquet", "2026.a"), ("b.csv", "b")):
        run(job(cases / name, out / f"{place}.parquet", kb), kb, BytesIO(), Silent())
    return contents(out)


@pytest.mark.parametrize("rows", [100, 300])
def test_an_errand_has_the_segments_and_types_of_a_run(rows, kb, cases, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape: rows)
    path = cases / "a.parquet"
    pl.read_parquet(path).with_columns(site=pl.int_range(0, 400)).write_parquet(path, row_group_size=100)
    asked, out = job(path, tmp_path / "errand" / "a.parquet", kb), tmp_path / "run" / "a.parquet"
    for folder in (out.parent, asked.out.parent):
        folder.mkdir()
    errand.done(asked, kb)
    words = ["assess", str(path), "-o", str(out), "--keep", "site"]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert contents(asked.out.parent) == contents(out.parent)
    assert pl.read_parquet(out)["site"].dtype == pl.Int64


def test_each_file_gives_what_one_machine_gives(spark, kb, cases, tmp_path):
    done = assess_files(spark, [str(cases)], tmp_path / "out", kb, ["site"])
    found = contents(tmp_path / "out")
    assert found == on_one_machine(cases, kb)
    assert {"2026.a.parquet", "2026.a.parquet.rejects.jsonl", "b.parquet"} < set(found)
    assert (done.assessed, done.rejected) == (1_199, 1)
    assert sum(each.audited for each in done.files) == 60


def test_what_was_broken_off_goes_on_and_what_is_done_is_done(spark, kb, cases, tmp_path):
    expected, out = on_one_machine(cases, kb), tmp_path / "out"
    out.mkdir()
    with pytest.raises(KeyboardInterrupt):
        run(job(cases / "a.parquet", out / "a.parquet", kb), kb, BytesIO(), Silent(breaks=True))
    run(job(cases / "b.csv", out / "b.parquet", kb), kb, BytesIO(), Silent())
    assert (out / ".a.parquet.journal").exists()
    done = assess_files(spark, [str(cases)], out, kb, ["site"])
    assert contents(out) == expected
    assert [each.earlier for each in done.files] == [Path(each.file).name == "b.csv" for each in done.files]


def test_a_try_waits_for_another_that_still_lives(spark, kb, cases, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    held = (out / ".a.parquet.journal").open("ab")
    fcntl.flock(held, fcntl.LOCK_EX)
    Timer(3, held.close).start()
    done = assess_files(spark, [str(cases / "a.parquet")], out, kb)
    assert held.closed
    assert done.assessed == 400


def test_results_that_experta_denies_are_none_and_it_is_told(kb, tmp_path, monkeypatch):
    def denied(*_, **__):
        raise Disagrees([Disagreement("p1", ("level", "rule:a"))])

    monkeypatch.setattr(errand, "run", denied)
    assert errand.done(job(tmp_path / "a.csv", tmp_path / "a.parquet", kb), kb).differing == (
        "level",
        "rule:a",
    )


def test_a_file_that_has_changed_or_other_columns_are_assessed_again(spark, kb, cases, tmp_path):
    out, file = tmp_path / "out", str(cases / "a.parquet")
    assess_files(spark, [file], out, kb)
    assert assess_files(spark, [file], out, kb).files[0].earlier
    assert not assess_files(spark, [file], out, kb, ["site"]).files[0].earlier
    pl.read_parquet(file).head(10).write_parquet(file)
    assert assess_files(spark, [file], out, kb, ["site"]).assessed == 10


@pytest.mark.parametrize(
    ("files", "out", "code"),
    [
        (["cases", "case"], "out", "file-missing"),
        (["cases"], "cases/out", "output-is-input"),
        (["cases", "more"], "out", "same-name"),
    ],
)
def test_names_that_will_not_do_are_told_before_anything_runs(spark, kb, cases, tmp_path, files, out, code):
    copytree(cases / "2026", tmp_path / "more" / "2026")
    with pytest.raises(Rejected) as caught:
        assess_files(spark, [str(tmp_path / each) for each in files], tmp_path / out, kb)
    assert [each.code for each in caught.value.problems] == [code]
    assert not (tmp_path / out).exists()


def test_a_file_that_is_named_twice_is_assessed_once(spark, kb, cases, tmp_path):
    files = [str(cases), str(cases / "2026" / "a.parquet")]
    once = assess_files(spark, files[:1], tmp_path / "once", kb)
    twice = assess_files(spark, files, tmp_path / "twice", kb)
    assert (len(twice.files), twice.assessed) == (len(once.files), once.assessed)


def test_a_column_that_the_results_have_cannot_be_kept(spark, kb, cases, tmp_path):
    with pytest.raises(Rejected, match="`level` cannot be kept"):
        assess_files(spark, [str(cases)], tmp_path / "out", kb, ["site", "level"])


def test_the_command_says_what_came_of_it(spark, kb, cases, run):
    result = run("spark", "cases", "-o", "out", "--keep", "site")
    assert result.exit_code == 1
    assert "1,199 cases of 3 files assessed" in result.stdout
    assert "rejected: 1 case, row or file; see out/*.rejects.jsonl" in result.stderr
    again = run("spark", "cases", "-o", "out", "--keep", "site")
    assert "1,199 cases of 3 files assessed, 3 files in an earlier run" in again.stdout
    manifest = json.loads((cases.parent / "out" / "a.parquet.manifest.json").read_text())
    assert manifest["options"]["keep"] == ["site"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("torn.json", '[{"id": "a", "answers": {"age": 40}}, {', 4),
        ("bad.csv", "id,age\na,40\nb,old\n", 1),
        ("worse.csv", "id,age\nb,old\n", 1),
    ],
)
def test_the_exit_code_is_that_of_assess(spark, cases, run, write, name, text, code):
    """Also when Spark is started again, and learns from the manifest what became of a file."""
    write("cases/b.csv", "id,age\nfine,40\n")
    write(f"cases/{name}", text)
    spark_words = ("spark", "cases", "-o", "out")
    codes = [
        run(*words).exit_code
        for words in (("assess", "cases", "-o", "one.parquet"), spark_words, spark_words)
    ]
    assert codes == [code] * 3


def test_text_that_a_spreadsheet_would_run_stays_as_it_is_in_parquet(spark, kb, write, tmp_path):
    write("case.csv", "id,age,note\na,40,=1+1\n")
    assess_files(spark, [str(tmp_path / "case.csv")], tmp_path / "out", kb, ["note"])
    assert pl.read_parquet(tmp_path / "out" / "case.parquet")["note"].to_list() == ["=1+1"]


def test_the_command_ends_in_words(spark, kb, cases, run, write):
    assert run("spark", "nowhere", "-o", "out").exit_code == 2
    assert run("spark", "cases", "-o", "out", "--kb", write("base.yaml", "rules: []")).exit_code == 2
    write("file", "")
    result = run("spark", "cases", "-o", "file")
    assert (result.exit_code, "Traceback" in result.stderr) == (3, False)
