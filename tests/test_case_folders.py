"""What folders say of the cases in them, as Hive and Spark write it, in every format and by both readers."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from case_reading import QUESTIONS
from test_segments import whole

from facts.case import Case
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.other_names.renaming import Renaming
from facts.tables.segment import Segment, Wanted

FORMS = ("csv", "jsonl", "json", "yaml", "parquet")
ROWS = [{"id": "a", "age": 70}, {"id": "b", "age": 71}]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    """The same cases in a file, whatever its format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(rows)
    objects = [
        {"id": row["id"], "answers": {name: row[name] for name in row if name in QUESTIONS}} for row in rows
    ]
    along = [{name: row[name] for name in row if name not in (*QUESTIONS, "id")} for row in rows]
    objects = [each | more for each, more in zip(objects, along, strict=True)]
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case ".jsonl":
            path.write_text("".join(f"{json.dumps(each)}\n" for each in objects))
        case _:
            path.write_text(json.dumps(objects))
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("folder", "day"),
    [("day=2026-11-30", "2026-11-30"), ("day=a%20b%2Fc", "a b/c"), ("day=__HIVE_DEFAULT_PARTITION__", None)],
)
def test_a_folder_gives_what_is_kept(form, folder, day, tmp_path):
    write(tmp_path / folder / "site=x" / f"f.{form}", ROWS)
    wanted = Wanted(QUESTIONS, ("day", "site"))
    found = list(segments([str(tmp_path)], wanted, BytesIO()))
    assert [each.code for each in found if not isinstance(each, Segment)] in ([], ["question-without-column"])
    assert whole(found, wanted).frame.select("id", "#day", "#site").rows() == [
        ("a", day, "x"),
        ("b", day, "x"),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_what_the_file_says_itself_comes_first(form, tmp_path):
    rows = [{**row, "day": day} for row, day in zip(ROWS, ("own", "mine"), strict=True)]
    write(tmp_path / "day=folder" / f"f.{form}", rows)
    wanted = Wanted(QUESTIONS, ("day",))
    read = whole(segments([str(tmp_path)], wanted, BytesIO()), wanted).frame
    assert read["#day"].to_list() == ["own", "mine"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_cell_that_is_empty_stays_empty(form, tmp_path):
    write(tmp_path / "day=folder" / f"f.{form}", [{"id": "a", "age": 70, "day": None}])
    wanted = Wanted(QUESTIONS, ("day",))
    assert whole(segments([str(tmp_path)], wanted, BytesIO()), wanted).frame["#day"].to_list() == [None]


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_answers_a_question(form, tmp_path):
    """Who writes parts by a question takes its column out of them."""
    path = write(tmp_path / "walk=1" / "leg_weakness=yes" / f"f.{form}", ROWS)
    renaming = Renaming({"walk": "walking_effect"}, {"walking_effect": {"1": "begins"}})
    wanted = Wanted(QUESTIONS, renaming=renaming)
    read = whole(segments([str(path)], wanted, BytesIO()), wanted).frame
    assert read.select("age", "walking_effect", "leg_weakness").rows() == [
        (70, "begins", True),
        (71, "begins", True),
    ]
    cases = [each for each in read_cases([path], QUESTIONS, renaming=renaming) if isinstance(each, Case)]
    assert [case.answers for case in cases] == [
        {"age": age, "walking_effect": "begins", "leg_weakness": True} for age in (70, 71)
    ]


def test_a_folder_that_says_nothing_of_what_is_asked_for_changes_nothing(tmp_path):
    path = write(tmp_path / "day=1" / "f.jsonl", ROWS)
    case, _ = read_cases([path], QUESTIONS)
    assert isinstance(case, Case)
    assert case.carried == {}
