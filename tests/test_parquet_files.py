"""Parquet as other tools write it: every row once, whatever columns there are, or a clear error."""

from __future__ import annotations

import struct
from io import BytesIO

import polars as pl
import pytest
from case_reading import QUESTIONS
from test_segments import WANTED, whole

from facts.case import Case
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.other_names.renaming import Renaming
from facts.parquet.footer import MAGIC, ROW_GROUPS, ROWS, outline, split
from facts.parquet.thrift import I32, I64, Reader, written
from facts.reject import Reject
from facts.tables.parquet_file import FEW
from facts.tables.segment import Segment, Table, Wanted


def found_in(frame: pl.DataFrame, folder, wanted: Wanted = WANTED, **options) -> list:
    frame.write_parquet(folder / "f.parquet", **options)
    return list(segments([str(folder / "f.parquet")], wanted, BytesIO()))


def table(frame: pl.DataFrame, folder, wanted: Wanted = WANTED, **options) -> Table:
    return whole(found_in(frame, folder, wanted, **options), wanted)


def codes(found) -> list[tuple[str, int]]:
    return [(each.code, each.rows) for each in rejects_in(found)]


def rejects_in(found) -> list[Reject]:
    return [
        reject
        for each in found
        for reject in (each.read().rejects if isinstance(each, Segment) else [each])
        if isinstance(reject, Reject)
    ]


@pytest.mark.parametrize("group", [100, 1_000])
def test_a_file_without_a_column_for_a_question_is_not_read(group, tmp_path):
    frame = pl.DataFrame({"record": range(1_000), "q1": ["x"] * 1_000})
    assert codes(found_in(frame, tmp_path, row_group_size=group)) == [("no-columns", 1_000)]
    (problems,) = read_cases([tmp_path / "f.parquet"], QUESTIONS)
    assert [each.code for each in problems] == ["no-columns"]


@pytest.mark.parametrize("columns", [["about"], ["id"], ["id", "about"]])
def test_rows_that_answer_nothing_are_cases_each(columns, tmp_path):
    frame = pl.DataFrame({"id": [str(n) for n in range(50)], "about": ["x"] * 50}).select(columns)
    read = table(frame, tmp_path, row_group_size=20)
    assert (read.frame.height, read.frame["id"].n_unique(), read.rejects) == (50, 50, ())


ANSWERS = {
    "age": [70, None, 71],
    "leg_weakness": [True, False, None],
    "eased_by": [["resting"], None, []],
}
AS_COLUMNS = [
    ("a", 70, True, True),
    ("b", None, False, None),
    ("c", 71, None, False),
]


def test_a_struct_of_answers_is_read_as_columns_are(tmp_path):
    frame = pl.DataFrame({"id": ["a", "b", "c"], **ANSWERS})
    nested = frame.select("id", answers=pl.struct(pl.exclude("id")))
    for each in (frame, nested):
        read = table(each, tmp_path)
        assert not read.rejects
        assert read.frame.select("id", "age", "leg_weakness", "eased_by.resting").rows() == AS_COLUMNS


def test_a_struct_of_options_is_read_as_a_mapping_of_them_is(tmp_path):
    said = [{"resting": True, "sitting": None}, None, {"resting": False, "sitting": True}]
    for frame in (
        pl.DataFrame({"eased_by": said}),
        pl.DataFrame({"answers": [{"eased_by": each} for each in said]}),
    ):
        read = table(frame, tmp_path).frame
        assert read["eased_by.resting"].to_list() == [True, None, False]
        assert read["eased_by.sitting"].to_list() == [None, None, True]
        assert read["eased_by.leaning_forward"].null_count() == 3


def test_a_map_renames_what_is_inside_of_structs(tmp_path):
    renaming = Renaming({"years": "age", "relief": "eased_by"}, {"eased_by": {"rest": "resting"}})
    frame = pl.DataFrame({"answers": [{"years": 70, "relief": {"rest": True}}]})
    found = found_in(frame, tmp_path, Wanted(QUESTIONS, renaming=renaming))
    assert "map-column" not in [each.code for each in found if not isinstance(each, Segment)]
    assert whole(found).frame.select("age", "eased_by.resting").row(0) == (70, True)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"answers": ['{"age": 70}'], "leg_weakness": [True]}, "unknown-column"),
        ({"answers.age": [70], "leg_weakness": [True]}, "unknown-column"),
        ({"answers": [{"agee": 70}]}, "unknown-column"),
        ({"answers": [{"age": 70}], "age": [71]}, "two-forms"),
        ({"answers": [{"ward": 70}]}, "no-columns"),
        ({"eased_by": [{"restin": True}]}, "unknown-column"),
    ],
)
def test_answers_that_would_be_lost_are_an_error(columns, code, tmp_path):
    assert codes(found_in(pl.DataFrame(columns), tmp_path)) == [(code, 1)]


def with_footer(path, change) -> None:
    data, footer = split(path.read_bytes())
    fields = Reader(footer).struct()
    change(fields)
    made = b"".join(written(fields))
    path.write_bytes(MAGIC + data + made + struct.pack("<I", len(made)) + MAGIC)


@pytest.mark.parametrize("rows", [0, 1, 90, 110, 1 << 60, -1])
def test_a_footer_that_counts_other_rows_than_its_parts(rows, tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": range(100)}).write_parquet(path, row_group_size=50)
    with_footer(path, lambda fields: fields.update({ROWS: (I64, rows)}))
    found = list(segments([str(path)], WANTED, BytesIO()))
    assert codes(found) == [("parquet-damaged", rows if 0 < rows <= FEW else 1)]
    assert f"says {rows:,} rows, but its parts have 100" in rejects_in(found)[0].problems[0].message


@pytest.mark.parametrize("rows", [1, 3])
def test_of_small_files_one_that_counts_other_rows_costs_itself_alone(rows, tmp_path):
    for name in "abc":
        pl.DataFrame({"id": [f"{name}1", f"{name}2"], "age": [5, 6]}).write_parquet(
            tmp_path / f"{name}.parquet"
        )
    with_footer(tmp_path / "b.parquet", lambda fields: fields.update({ROWS: (I64, rows)}))
    found = list(segments([str(tmp_path)], WANTED, BytesIO()))
    assert whole(found).frame["id"].to_list() == ["a1", "a2", "c1", "c2"]
    (reject,) = rejects_in(found)
    assert (reject.file, reject.place, reject.rows) == (str(tmp_path / "b.parquet"), 0, rows)
    assert (reject.code, reject.unread) == ("parquet-damaged", True)


def test_of_a_small_file_no_column_is_looked_at_before_it_is_read(tmp_path, monkeypatch):
    """There may be hundreds of files, with hundreds of columns and a row."""
    skipped, skips = [], Reader.field
    monkeypatch.setattr(Reader, "field", lambda *path: skipped.append(1) or skips(*path))
    for at in range(20):
        pl.DataFrame({"age": [at]}).write_parquet(tmp_path / f"{at:02}.parquet")
    read = whole(segments([str(tmp_path)], WANTED, BytesIO()))
    assert (read.frame["age"].to_list(), skipped) == (list(range(20)), [])
    for rows in (1_000, 1_001):
        pl.DataFrame({"age": [5] * rows}).write_parquet(tmp_path / "long.parquet")
        list(segments([str(tmp_path / "long.parquet")], WANTED, BytesIO()))
        assert bool(skipped) == (rows > 1_000)


@pytest.mark.parametrize("rows", [5, FEW + 1])
def test_a_file_that_is_gone_when_it_is_read_is_named(rows, tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": [5] * rows}).write_parquet(path)
    found = list(segments([str(path)], WANTED, BytesIO()))
    path.unlink()
    assert codes(found) == [("file-unreadable", rows)]


def test_small_files_whose_writers_noted_other_types_have_other_forms(tmp_path):
    """Arrow notes types that Parquet does not have: the number of days is no duration."""
    for at, dtype in enumerate([pl.Int64, pl.Duration("us"), pl.Int64]):
        pl.Series("age", [5]).cast(dtype).to_frame().write_parquet(tmp_path / f"{at}.parquet")
    found = list(segments([str(tmp_path)], WANTED, BytesIO()))
    assert whole(found).frame["age"].to_list() == [5, 5]
    assert [(each.file, each.code) for each in rejects_in(found)] == [
        (str(tmp_path / "1.parquet"), "column-type")
    ]


def test_a_part_that_has_fewer_rows_than_the_footer_says(tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": range(100)}).write_parquet(path, row_group_size=50)
    with_footer(path, lambda fields: fields[ROW_GROUPS][1][1][1].update({3: (I64, 60)}))
    with_footer(path, lambda fields: fields.update({ROWS: (I64, 110)}))
    read = whole(segments([str(path)], Wanted(QUESTIONS, rows=50), BytesIO()))
    assert (read.frame.height, codes(read.rejects)) == (100, [("parquet-damaged", 10)])


def test_the_outline_of_a_footer(tmp_path):
    path = tmp_path / "f.parquet"
    frame = pl.DataFrame({"a": [1] * 7, "b": [{"x": {"y": 1}, "z": [1]}] * 7, "c": [["x"]] * 7})
    frame.write_parquet(path, row_group_size=3)
    found = outline(split(path.read_bytes())[1])
    assert (found.columns, found.rows, found.group) == (("a", "b", "c"), 7, 3)


def test_columns_with_the_same_name_are_named(tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": [1], "agf": [2]}).write_parquet(path)
    path.write_bytes(path.read_bytes().replace(b"agf", b"age"))
    assert codes(segments([str(path)], WANTED, BytesIO())) == [("duplicate-column", 1)]


def test_a_reader_that_loses_rows_ends_the_run_without_results(run, tmp_path, monkeypatch):
    pl.DataFrame({"id": ["a", "b", "c"], "age": [70, 71, 72]}).write_parquet(tmp_path / "f.parquet")
    assert run("assess", "f.parquet", "-o", "out.csv").exit_code == 0
    monkeypatch.setattr(
        "facts.tables.frame_reader.FrameReader.table", lambda self, given, first: Table(whole([]).frame)
    )
    for options in ((), ("--json",)):
        shown = run("assess", "f.parquet", "-o", "out2.jsonl", *options)
        assert (shown.exit_code, "error[rows-lost]" in shown.stderr) == (3, True)
        assert not [path.name for path in tmp_path.iterdir() if "out2" in path.name]


def test_one_case_of_parquet_is_one_case(tmp_path):
    pl.DataFrame({"answers": [{"age": 70}]}).write_parquet(tmp_path / "f.parquet")
    (case,) = (each for each in read_cases([tmp_path / "f.parquet"], QUESTIONS) if isinstance(each, Case))
    assert case.answers == {"age": 70}


def test_a_column_is_not_taken_for_a_pattern(tmp_path):
    frame = pl.DataFrame({"answers": [{"age": 70}, {"age": 500}], "^a.*$": ["x", "y"], "area": ["p", "q"]})
    for each in (frame, frame.drop("answers").with_columns(age=pl.Series([70, 500]))):
        read = table(each, tmp_path, Wanted(QUESTIONS, ("^a.*$",)))
        assert read.frame["#^a.*$"].to_list() == ["x"]
        assert [reject.content["^a.*$"] for reject in read.rejects] == ["y"]


@pytest.mark.parametrize(
    ("group", "steps"),
    [
        (50, [100] * 6),
        (30, [90] * 6 + [60]),
        (100, [100] * 6),
        (150, [150] * 4),
        (200, [200] * 3),
        (201, [100] * 6),
    ],
)
def test_row_groups_of_the_usual_sizes_stay_whole(group, steps, tmp_path, monkeypatch):
    monkeypatch.setattr("facts.tables.parquet_file.FEW", 0)
    pl.DataFrame({"age": [5] * 600}).write_parquet(tmp_path / "f.parquet", row_group_size=group)
    found = segments([str(tmp_path / "f.parquet")], Wanted(QUESTIONS, rows=100), BytesIO())
    assert [each.rows for each in found if isinstance(each, Segment)] == steps


@pytest.mark.parametrize(("items", "begins"), [(14, b"\xe5"), (15, b"\xf5\x0f"), (16, b"\xf5\x10")])
def test_the_length_of_a_list_is_written_as_the_protocol_says(items, begins):
    fields = {1: (9, (I32, [3] * items))}
    data = b"".join(written(fields))
    assert data == b"\x19" + begins + b"\x06" * items + b"\0"
    assert Reader(data).struct() == fields
