"""Small files share segments, in order, and each problem has its own file and place."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from case_reading import QUESTIONS
from test_segments import WANTED, whole

from facts.case import Case
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.reject import Reject
from facts.tables.frame import cases_of
from facts.tables.frame_reader import FrameReader
from facts.tables.parquet_file import Small, read_together
from facts.tables.segment import Segment

FORMS = ("csv", "jsonl", "parquet", "json")


def write(path: Path, ages: list[object]) -> Path:
    """Cases of these ages, without ids."""
    match path.suffix:
        case ".csv":
            path.write_text("age\n" + "".join(f"{age}\n" for age in ages))
        case ".jsonl":
            path.write_text("".join(json.dumps({"answers": {"age": age}}) + "\n" for age in ages))
        case ".json":
            path.write_text("[" + ",\n".join(json.dumps({"answers": {"age": age}}) for age in ages) + "]")
        case _:
            pl.DataFrame({"age": ages}, schema={"age": pl.Int64}).write_parquet(path)
    return path


def found_in(folder: Path) -> list:
    found = segments([str(folder)], WANTED, BytesIO())
    return [each for each in found if isinstance(each, Segment | Reject)]


@pytest.mark.parametrize("form", FORMS)
def test_many_small_files_are_few_segments_in_their_order(form, tmp_path):
    for number in range(150):
        write(tmp_path / f"{number:03}.{form}", [number % 100, 5])
    found = found_in(tmp_path)
    assert len(found) <= 3
    files = [file for each in found for file in each.files]
    assert files == [str(tmp_path / f"{number:03}.{form}") for number in range(150)]
    one_by_one = [each for each in read_cases([tmp_path], QUESTIONS) if isinstance(each, Case)]
    read = whole(found)
    assert read.frame["age"].to_list() == [age for number in range(150) for age in (number % 100, 5)]
    assert read.frame["id"].to_list() == [case.id for case in one_by_one]


def test_files_of_all_forms_share_a_segment(tmp_path):
    for number, form in enumerate(FORMS * 3):
        write(tmp_path / f"{number:02}.{form}", [number])
    (segment,) = found_in(tmp_path)
    assert segment.read().frame["age"].to_list() == list(range(12))


@pytest.mark.parametrize("form", FORMS)
def test_a_bad_row_has_its_own_file_and_place(form, tmp_path):
    for number in range(4):
        write(tmp_path / f"{number}.{form}", [1, 500 if number == 2 else 2])
    (segment,) = found_in(tmp_path)
    (reject,) = segment.read().rejects
    first = {"csv": 3}.get(form, 2)
    assert (reject.file, reject.place, reject.code) == (str(tmp_path / f"2.{form}"), first, "out-of-range")


@pytest.mark.parametrize("form", FORMS)
def test_an_id_that_stood_before_has_its_own_file(form, tmp_path, run):
    write(tmp_path / f"f1.{form}", [1, 2])
    path = tmp_path / f"f2.{form}"
    match form:
        case "csv":
            path.write_text(f"id,age\nx,5\nf1.{form}:2,5\n")
        case "parquet":
            pl.DataFrame({"id": ["x", f"f1.{form}:2"], "age": [5, 5]}).write_parquet(path)
        case _:
            rows = [{"id": id, "answers": {"age": 5}} for id in ("x", f"f1.{form}:2")]
            lines = (",\n" if form == "json" else "\n").join(map(json.dumps, rows))
            path.write_text(f"[{lines}]" if form == "json" else lines)
    write(tmp_path / f"f3.{form}", [1, 2])
    assert (
        run("assess", f"f1.{form}", f"f2.{form}", f"f3.{form}", "-o", "out.csv", "--unique-id").exit_code == 1
    )
    (record,) = map(json.loads, (tmp_path / "out.csv.rejects.jsonl").read_text().splitlines())
    assert (record["file"], record["line"], record["code"]) == (
        f"f2.{form}",
        3 if form == "csv" else 2,
        "duplicate-id",
    )


def test_a_broken_file_costs_itself_alone_and_keeps_its_turn(tmp_path):
    for number in range(5):
        write(tmp_path / f"{number}.parquet", [number])
    (tmp_path / "1.parquet").write_bytes(b"PAR1")
    (tmp_path / "3.jsonl").write_bytes(b"")
    (segment,) = found_in(tmp_path)
    table = segment.read()
    assert table.frame["age"].to_list() == [0, 2, 3, 4]
    assert [(Path(each.file).name, each.code) for each in table.rejects] == [
        ("1.parquet", "parquet-damaged"),
        ("3.jsonl", "empty-file"),
    ]


def test_a_large_file_stays_by_itself(tmp_path):
    for number, rows in enumerate((1, 2_000, 1)):
        write(tmp_path / f"{number}.parquet", [number] * rows)
    assert [each.read().rows for each in found_in(tmp_path)] == [1, 2_000, 1]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_small_file_of_text_is_read_without_a_query(form, tmp_path, monkeypatch):
    """What a query costs by itself is that of hundreds of rows."""
    for number in range(20):
        write(tmp_path / f"{number:02}.{form}", [number])
    made = []
    collect = pl.LazyFrame.collect
    monkeypatch.setattr(
        pl.LazyFrame, "collect", lambda *args, **named: made.append(1) or collect(*args, **named)
    )
    read = whole(found_in(tmp_path)).frame
    assert read.height == 20
    assert len(made) < 20


def test_rows_without_anything_are_counted_in_small_files_as_in_large_ones(tmp_path, run):
    for rows in (2, 200):
        (tmp_path / "f.csv").write_text("id,age\n" + "".join(f"{n},5\n,\n" for n in range(rows)))
        assert run("assess", "f.csv", "-o", "out.csv").exit_code == 0
        said = json.loads((tmp_path / "out.csv.manifest.json").read_text())
        assert (said["rows"], said["assessed"], said["blank"]) == (2 * rows, rows, rows)


@pytest.fixture
def at_once(monkeypatch):
    """Files of more than one row are read at once, not one by one; how many queries there were."""
    for module in ("tables.csv_file", "tables.jsonl_file"):
        monkeypatch.setattr(f"facts.{module}.FEW", 1)
    made = []
    collect = pl.LazyFrame.collect
    monkeypatch.setattr(
        pl.LazyFrame, "collect", lambda *args, **named: made.append(1) or collect(*args, **named)
    )
    return made


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_files_of_the_same_columns_are_read_in_one_query(form, at_once, tmp_path):
    for number in range(60):
        write(tmp_path / f"{number:02}.{form}", [number, 5, 6, 7])
    (segment,) = found_in(tmp_path)
    table = segment.read()
    assert len(at_once) < 20
    one_by_one = [each for each in read_cases([tmp_path], QUESTIONS) if isinstance(each, Case)]
    assert table.frame["id"].to_list() == [case.id for case in one_by_one]
    assert table.frame["age"].to_list() == [case.answers.get("age") for case in one_by_one]
    assert table.frame.height == 240
    if form != "parquet":
        places = [(each.span.file, each.span.line) for each in one_by_one]
        assert table.where(range(table.frame.height), "") == places


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_one_bad_row_costs_itself_where_files_are_read_together(form, at_once, tmp_path):
    for number in range(9):
        write(tmp_path / f"{number}.{form}", [number, 5, 500 if number == 4 else 6])
    (segment,) = found_in(tmp_path)
    table = segment.read()
    (reject,) = table.rejects
    line = 4 if form == "csv" else 3
    assert (Path(reject.file).name, reject.place, reject.code) == (f"4.{form}", line, "out-of-range")
    expected = [age for number in range(9) for age in (number, 5, 6)]
    del expected[14]
    assert table.frame["age"].to_list() == expected


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_files_read_at_once_have_the_answers_of_their_own_folders(form, at_once, tmp_path):
    for answer in ("no", "yes"):
        (tmp_path / f"leg_weakness={answer}").mkdir()
        for number in range(2):
            write(tmp_path / f"leg_weakness={answer}" / f"{number}.{form}", [5, 6])
    (segment,) = found_in(tmp_path)
    assert segment.read().frame["leg_weakness"].to_list() == [False] * 4 + [True] * 4


def test_files_of_other_types_are_not_read_together(tmp_path):
    ages = [pl.Series("age", [1, 2]), pl.Series("age", ["3", "unknown"]), pl.Series("age", [4.0, None])]
    words = [
        pl.Series("walking_effect", ["begins", None], dtype=each) for each in (pl.String, pl.Categorical)
    ]
    frames = [each.to_frame() for each in (*ages, *words) for _ in range(3)]
    for number, frame in enumerate([*frames, *frames]):
        frame.write_parquet(tmp_path / f"{number:02}.parquet")
    (segment,) = found_in(tmp_path)
    table = segment.read()
    one_by_one = [each for each in read_cases([tmp_path], QUESTIONS) if isinstance(each, Case)]
    assert table.rejects.rows == 0
    assert list(cases_of(table.frame, QUESTIONS)) == one_by_one
    assert table.frame.height == 2 * len(frames) * 2


@pytest.mark.parametrize(("said", "is_read"), [((2, 2, 2), True), ((1, 3, 2), False), ((2, 2, 1), False)])
def test_files_that_have_other_rows_than_they_say_are_not_read_together(said, is_read, tmp_path):
    paths = [write(tmp_path / f"{number}.parquet", [number, 5]) for number in range(3)]
    reader = FrameReader(pl.Schema({"age": pl.Int64}), WANTED, "f", "f")
    parts = [Small(path, reader, rows) for path, rows in zip(paths, said, strict=True)]
    assert (read_together(parts) is not None) is is_read
