"""Spark: two executors of a real cluster on this machine give the rows that one machine gives."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from polars.testing import assert_frame_equal
from spark_cluster import NEEDS_SPARK, spark

from engine import KnowledgeBase, Rejected, load
from engine.assessments.complete import compile_plan, stored
from engine.columns.wide import compile_wide
from engine.meaning.valuation import prepare
from engine.sampling.sample import sample
from engine.spark import assess_dataframe
from engine.spark.parcel import own_version, packed, unpacked
from facts.other_names.renaming import Renaming
from facts.tables.frame_reader import FrameReader
from facts.tables.segment import Wanted

__all__ = ["spark"]
pytestmark = NEEDS_SPARK
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def cases(kb: KnowledgeBase) -> pl.DataFrame:
    sites = pl.int_range(pl.len()) % 7
    return sample(kb, 3_000, seed=5).with_columns(cs.enum().cast(pl.String), site=sites)


@pytest.fixture
def read(spark, tmp_path):
    """A frame as a DataFrame that is read from files by several tasks."""

    def through_files(frame: pl.DataFrame, files: int = 5):
        (tmp_path / "cases").mkdir()
        for at in range(files):
            part = frame.gather_every(files, at)
            part.write_parquet(tmp_path / "cases" / f"{at}.parquet")
        return spark.read.parquet(str(tmp_path / "cases")).repartition(files)

    return through_files


def on_one_machine(frame: pl.DataFrame, kb: KnowledgeBase, keep: tuple[str, ...] = ("site",)):
    """The results by id, and the rejects."""
    kept = {name: frame.schema[name] for name in keep}
    reader = FrameReader(frame.schema, Wanted(kb.questions, keep, kept=kept), "dataframe", "dataframe")
    table = reader.table(frame.lazy(), 0)
    plan = compile_wide(prepare(kb))
    found = plan.apply(table.frame.lazy(), [f"#{name}" for name in keep]).collect()
    results = found.select("id", *(pl.col(f"#{name}").alias(name) for name in keep), *plan.names)
    plain = results.with_columns(cs.enum().cast(pl.String), cs.unsigned_integer().cast(pl.Int32))
    return plain, [json.loads(reject.to_json()) for reject in table.rejects]


def collected(frame) -> pl.DataFrame:
    found = pl.from_arrow(frame.toArrow())
    assert isinstance(found, pl.DataFrame)
    return found


def assert_same_rows(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    assert expected.height
    assert_frame_equal(found.sort("id"), expected.sort("id"))


def records(rejects: pl.DataFrame) -> list[dict[str, object]]:
    return sorted(map(json.loads, rejects["reject"]), key=lambda each: each["content"].get("id", "too long"))


def test_the_rows_are_those_of_one_machine(kb, cases, read):
    expected, _ = on_one_machine(cases, kb)
    given = read(cases)
    assessed = assess_dataframe(given, kb, ["site"])
    assert given.rdd.getNumPartitions() == 5
    assert_same_rows(collected(assessed.results), expected)
    assert assessed.rejects.count() == 0


def test_a_row_that_is_no_case_is_a_reject(kb, cases, read):
    bad = cases.with_columns(age=pl.when(pl.col("site") == 3).then(3_000).otherwise(pl.col("age")))
    expected, missed = on_one_machine(bad, kb)
    assessed = assess_dataframe(read(bad), kb, ["site"]).persist()
    results, rejects = collected(assessed.results), collected(assessed.rejects)
    assert_same_rows(results, expected)
    assert results.height + rejects.height == cases.height
    assert set(rejects["code"]) == {"out-of-range"}
    assert rejects["site"].unique().to_list() == [3]
    missed.sort(key=lambda each: each["content"].get("id", "too long"))
    without_place = [each | {"line": None, "content": without(each["content"], "site")} for each in missed]
    assert records(rejects) == without_place


def without(row: dict[str, object], name: str) -> dict[str, object]:
    return {each: value for each, value in row.items() if each != name}


@pytest.mark.parametrize("base", ["kb", "tests/bases/wells-dvt", "tests/bases/ottawa-ankle"])
def test_complete_assessments_are_those_of_one_machine(read, tmp_path, base):
    kb = load(ROOT / base)
    frame = sample(kb, 300, seed=2)
    expected = compile_plan(prepare(kb), stored).apply(frame.lazy()).collect()
    assessed = assess_dataframe(read(frame.with_columns(cs.enum().cast(pl.String))), kb, shape="full")
    assessed.results.write.parquet(str(tmp_path / "out"))
    found = pl.read_parquet(tmp_path / "out" / "*.parquet")
    assert found.sort("id").to_dicts() == expected.sort("id").to_dicts()


FORMS = {
    "id": [1, 2, 3, 4],
    "spasms": pl.Series([1, 0, None, 1], dtype=pl.Int8),
    "foot_drop": ["Yes", " no", "unknown", None],
    "walking_effect": ["begins", "increases", "", "unknown"],
    "pain_where": [["lower_back", "both_legs"], [], None, ["one_leg"]],
    "eased_by": ["sitting;resting", "none", "unknown", None],
    "associated_symptoms.fever": [True, False, None, True],
    "associated_symptoms.chills": ["no", "no", "unknown", "yes"],
    "age": pl.Series(["71", "64.00", None, "18"]).cast(pl.Decimal(10, 2)),
    "weeks_of_pain": [6.0, None, 12.0, 1.0],
}


def test_columns_can_say_things_in_every_form(kb, read):
    frame = pl.DataFrame(FORMS)
    expected, rejects = on_one_machine(frame, kb, ())
    assert not rejects
    assert_same_rows(collected(assess_dataframe(read(frame, 2), kb).results), expected)


def test_every_bad_value_is_told_as_on_one_machine(kb, read):
    bad = {
        "id": ["fine", "two-wrong", "option", "decimals", "x" * 1_001],
        "foot_drop": ["yes", "perhaps", None, None, None],
        "pain_where": [["lower_back"], ["back"], ["lower_back", "moon"], None, None],
        "age": [71.0, -1.0, None, 70.5, 71.0],
    }
    frame = pl.DataFrame(bad)
    expected, missed = on_one_machine(frame, kb, ())
    assessed = assess_dataframe(read(frame, 2), kb)
    assert_same_rows(collected(assessed.results), expected)
    missed.sort(key=lambda each: each["content"].get("id", "too long"))
    assert records(collected(assessed.rejects)) == [each | {"line": None} for each in missed]
    assert len(missed) == 4


@pytest.mark.parametrize(
    ("columns", "keep", "code"),
    [
        ({"ages": "71"}, [], "unknown-column"),
        ({"zzz": "1"}, [], "no-columns"),
        ({"age": "current_date()"}, [], "column-type"),
        ({"age": "map('a', 1)"}, [], "column-type"),
        ({"spasms": "current_date()"}, [], "column-type"),
        ({"id": "current_date()"}, [], "column-type"),
        ({"associated_symptoms": "'fever'", "associated_symptoms.fever": "true"}, [], "two-forms"),
        ({"age": "71", "site": "1"}, ["sight"], "keep-missing"),
        ({"age": "71", "Level": "1"}, ["Level"], "keep-taken"),
        ({"age": "71", "Site": "1", "site": "2"}, ["site", "Site"], "keep-taken"),
    ],
)
def test_wrong_columns_are_told_before_anything_runs(spark, kb, columns, keep, code):
    said = (f"{each} AS `{name}`" for name, each in columns.items())
    frame = spark.range(2).selectExpr("raise_error('it ran') AS about", *said)
    with pytest.raises(Rejected) as caught:
        assess_dataframe(frame, kb, keep)
    assert [each.code for each in caught.value.problems] == [code]


def test_a_column_that_is_there_twice_is_told(spark, kb):
    frame = spark.range(1).selectExpr("71 AS age", "72 AS age")
    with pytest.raises(Rejected, match="2 columns have the name `age`"):
        assess_dataframe(frame, kb)


def test_what_nobody_reads_is_told_once_and_may_be_anything(spark, kb):
    frame = spark.range(1).selectExpr("71 AS age", "map('a', 1) AS zzz", "current_timestamp() AS `a.b`")
    warnings = assess_dataframe(frame, kb).warnings
    assert sorted(each.code for each in warnings) == [
        "question-without-column",
        "unknown-column",
        "unknown-column",
    ]


def test_columns_of_any_type_are_kept_as_they_are(spark, kb):
    said = ["map('a', 1) AS zzz", "timestamp '2026-01-02 03:04:05' AS `when.seen`", "array(1) AS Site"]
    frame = spark.range(3).selectExpr("id", "if(id = 1, 300, 71) AS age", *said)
    assessed = assess_dataframe(frame, kb, ["zzz", "when.seen", "Site"])
    expected = [row[1:] for row in frame.selectExpr("id", "zzz", "`when.seen`", "Site").collect()]
    assert [row[1:4] for row in assessed.results.collect()] == [expected[0], expected[2]]
    assert [row[1:4] for row in assessed.rejects.collect()] == [expected[1]]


def test_rows_without_an_id_are_called_the_same_wherever_they_stand(kb, cases, read):
    given = read(cases.drop("id").head(300))
    once, again = (
        collected(assess_dataframe(frame, kb, ["site"]).results)
        for frame in (given, given.repartition(2, "site"))
    )
    assert_same_rows(again, once)
    assert once["id"].n_unique() == cases.drop("id", "site").head(300).n_unique()
    assert once["id"].str.contains("^row-[0-9a-f]{32}$").all()


def test_their_names_are_renamed(spark, kb):
    frame = spark.range(1).selectExpr("'p1' AS patient", "'starts' AS walk", "71 AS years")
    names = {"patient": "id", "walk": "walking_effect", "years": "age"}
    renaming = Renaming(names, {"walking_effect": {"starts": "begins"}})
    ours = spark.range(1).selectExpr("'p1' AS id", "'begins' AS walking_effect", "71 AS age")
    found = assess_dataframe(frame, kb, ["age"], renaming=renaming).results
    assert found.collect() == assess_dataframe(ours, kb, ["age"]).results.collect()


def test_old_names_of_questions_and_options_are_read(spark, kb):
    old = spark.sql(
        "SELECT * FROM VALUES ('a', 'yes', array('fall'), 'other_change', 'peas'),"
        " ('b', 'no', array(), 'none', NULL), ('c', NULL, NULL, NULL, NULL)"
        " AS t(id, leg_weakness, outside, bladder_or_bowel, cooling)"
    )
    moved = ("associated_symptoms.night_pain", "associated_symptoms.chest", "associated_symptoms.fall")
    outside = [f"history.{name}" for name in ("cancer", "pregnancy", "child", "blood_thinners")]
    columns = ["leg_signs.weakness", *moved, *outside, "eased_by.standing_still", "bladder_or_bowel"]
    fallen = [name == "associated_symptoms.fall" for name in columns[1:-1]]
    rows = [("a", True, *fallen, "hard_to_urinate"), ("b", *[False] * len(columns[:-1]), "none")]
    ours = pl.DataFrame([*rows, ("c", *[None] * len(columns))], ["id", *columns], orient="row")
    assessed = assess_dataframe(old, kb)
    expected, _ = on_one_machine(ours, kb, ())
    assert_same_rows(collected(assessed.results), expected)
    assert assessed.rejects.count() == 0
    told = [each.subject for each in assessed.warnings if each.code == "old-name"]
    assert sorted(told) == ["cooling", "leg_weakness", "outside"]


def test_no_rows_are_no_results(spark, kb):
    assessed = assess_dataframe(spark.range(0).selectExpr("id", "71 AS age"), kb)
    assert assessed.results.columns[:3] == ["id", "in_scope", "level"]
    assert (assessed.results.count(), assessed.rejects.count()) == (0, 0)


def test_a_broken_knowledge_base_is_told_before_anything_runs(spark, write):
    base = write("base.yaml", "rules: {a: {when: {nobody: yes}, then: []}}")
    with pytest.raises(Rejected):
        assess_dataframe(spark.range(1), base)


def killing(marker: Path, who: str):
    """Kills, once, all Python of an executor, or the executor, while it is in the middle of its rows."""
    path = str(marker)

    def kill_once(batches):
        import os
        import signal
        from pathlib import Path

        for at, batch in enumerate(batches):
            if at == 2:
                try:
                    os.close(os.open(path, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass
                else:
                    daemon = os.getpgid(0)
                    stat = Path(f"/proc/{daemon}/stat").read_text()
                    executor = int(stat.rpartition(")")[2].split()[1])
                    if who == "executor":
                        os.kill(executor, signal.SIGKILL)
                    os.killpg(daemon, signal.SIGKILL)
            yield batch

    return kill_once


@pytest.mark.skipif(sys.platform != "linux", reason="finds the executor as Linux tells of processes")
@pytest.mark.parametrize("who", ["python", "executor"])
def test_a_killed_task_is_done_again_and_gives_the_same_rows(kb, cases, read, tmp_path, who):
    expected, _ = on_one_machine(cases, kb)
    marker = tmp_path / "killed"
    columns = [f"c{at}" for at in range(cases.width)]
    numbered = read(cases).toDF(*columns)
    given = numbered.mapInArrow(killing(marker, who), numbered.schema).toDF(*cases.columns)
    assert_same_rows(collected(assess_dataframe(given, kb, ["site"]).results), expected)
    assert marker.exists()


def test_an_executor_with_another_version_says_so(kb):
    assert unpacked(packed(kb), own_version()).sha256 == kb.sha256
    with pytest.raises(RuntimeError, match=r"the driver has cartsign 0\.0\.0, this executor"):
        unpacked(packed(kb), "0.0.0")
