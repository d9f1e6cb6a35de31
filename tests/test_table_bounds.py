"""Texts that are too long to be an id, an answer or anything else are found wherever they are."""

from __future__ import annotations

from io import BytesIO

import polars as pl
import pytest
from case_reading import QUESTIONS
from test_segments import WANTED, whole

from facts.files.segments import segments
from facts.parquet.footer import outline, split
from facts.tables.bounds import ANSWER, ID, KEPT, LONG, beginning, bounded, in_slices, is_unbounded
from facts.tables.segment import Wanted
from facts.tables.sinks import sink

LONGER = "x" * 11
TEXTS = {
    "text": pl.Series(["a", LONGER, None]),
    "categories": pl.Series(["a", LONGER, None], dtype=pl.Categorical),
    "an enum": pl.Series(["a", LONGER, None], dtype=pl.Enum(["a", LONGER])),
    "bytes": pl.Series([b"a", LONGER.encode(), None]),
    "lists": pl.Series([["a", "b"], ["a", LONGER], None]),
    "lists of categories": pl.Series([["a"], [LONGER], []], dtype=pl.List(pl.Categorical)),
    "arrays": pl.Series([["a", "b"], ["a", LONGER], None], dtype=pl.Array(pl.String, 2)),
    "structs": pl.Series([{"n": 1, "t": "a"}, {"n": 2, "t": LONGER}, None]),
    "lists of structs": pl.Series([[{"t": "a"}], [{"t": "a"}, {"t": LONGER}], None]),
    "many items": pl.Series([[None], [None] * 14, None], dtype=pl.List(pl.Boolean)),
    "lists of lists": pl.Series([[[1], None], [[1] * 6, [1] * 6], None]),
}
SIZES = {
    "lists": 14,
    "lists of categories": 12,
    "arrays": 14,
    "lists of structs": 14,
    "many items": 14,
    "lists of lists": 14,
}
"""What the longest cell has; an item counts as a byte, beside its text."""


@pytest.mark.parametrize("form", TEXTS)
def test_a_text_that_is_too_long_is_found_in_whatever_holds_it(form):
    column = TEXTS[form]
    found = bounded(pl.DataFrame({"c": column}), {"c": 10})
    assert found[LONG].to_list() == [None, "c", None]
    assert found["c"].to_list() == [column.to_list()[0], None, column.to_list()[2]]
    for most, named in ((SIZES.get(form, 11), 0), (SIZES.get(form, 11) - 1, 1)):
        assert bounded(pl.DataFrame({"c": column}), {"c": most})[LONG].count() == named


def test_which_columns_may_hold_anything():
    assert all(is_unbounded(column.dtype) for name, column in TEXTS.items() if name != "an enum")
    others = [pl.Int64(), pl.Enum(["a", "b"]), pl.Array(pl.Boolean, 2), pl.Struct({"n": pl.Date})]
    assert not any(map(is_unbounded, others))
    assert is_unbounded(pl.Enum(["x" * 201]))


@pytest.mark.parametrize("form", ["text", "categories", "an enum"])
def test_what_a_text_begins_with_that_is_too_long(form):
    found = bounded(pl.DataFrame({"c": TEXTS[form]}), {"c": 10})
    assert found[beginning("c")].to_list() == [None, f"{LONGER}…", None]


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical])
@pytest.mark.parametrize(("column", "most"), [("id", ID), ("walking_effect", ANSWER), ("note", KEPT)])
def test_a_long_text_rejects_its_row_and_only_its_beginning_is_said(column, most, dtype, tmp_path):
    frame = pl.DataFrame(
        {"id": ["a", "b"], "age": [70, 71], "walking_effect": "begins", "note": "n", "other": "o"}
    )
    long = pl.when(pl.col("age") == 71).then(pl.lit("é" * (most // 2) + "x")).otherwise(pl.col(column))
    frame.with_columns(long.cast(dtype).alias(column)).write_parquet(tmp_path / "f.parquet")
    wanted = Wanted(QUESTIONS, ("note",))
    read = whole(segments([str(tmp_path / "f.parquet")], wanted, BytesIO()), wanted)
    (reject,) = read.rejects
    assert (read.frame["id"].to_list(), reject.place) == (["a"], 2)
    assert [(each.code, each.subject) for each in reject.problems] == [("too-long", column)]
    assert set(reject.content) == {"id", "age", "walking_effect", "note", "other"}
    assert reject.content[column] == "é" * 100 + "…"


def test_what_nobody_reads_may_be_long_but_only_its_beginning_is_said(tmp_path):
    frame = pl.DataFrame({"id": ["a", "b", "c"], "age": ["70", "500", " 71"]})
    frame.with_columns(other=pl.lit("x" * (KEPT + 1))).write_parquet(tmp_path / "f.parquet")
    read = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO()))
    (reject,) = read.rejects
    assert [each.code for each in reject.problems] == ["out-of-range"]
    assert reject.content == {"id": "b", "age": "500", "other": "x" * 100 + "…"}
    assert read.frame["age"].to_list() == [70, 71]


@pytest.mark.parametrize(("characters", "is_fine"), [(200, True), (201, False)])
def test_an_id_is_measured_in_characters(characters, is_fine, tmp_path):
    for letter in "aé漢":
        pl.DataFrame({"id": [letter * characters], "age": [70]}).write_parquet(tmp_path / "f.parquet")
        read = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO()))
        assert [each.code for each in read.rejects] == [] if is_fine else ["too-long"]


def test_a_list_of_a_million_nulls_rejects_its_row(tmp_path):
    many = pl.Series([["resting"], [None] * 1_000_000, None], dtype=pl.List(pl.String))
    pl.DataFrame({"id": ["a", "b", "c"], "eased_by": many}).write_parquet(tmp_path / "f.parquet")
    read = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO()))
    (reject,) = read.rejects
    assert (reject.place, reject.code, reject.content) == (2, "too-long", {"id": "b"})
    assert read.frame["id"].to_list() == ["a", "c"]


def test_a_list_of_a_million_nulls_that_nobody_reads_is_not_said_again(tmp_path):
    many = pl.Series([[1], [None] * 1_000_000], dtype=pl.List(pl.Int64))
    pl.DataFrame({"age": [500, 500], "other": many}).write_parquet(tmp_path / "f.parquet")
    first, second = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO())).rejects
    assert (first.content, second.content) == ({"age": 500, "other": [1]}, {"age": 500})


@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize("name", ["ward", "^w.*$"])
def test_a_column_with_more_items_than_there_is_room_for_is_left_out(name, group, tmp_path, monkeypatch):
    monkeypatch.setattr("facts.parquet.footer.MOST_ITEMS", 1_000)
    path = tmp_path / "f.parquet"
    for items, is_there in ((1_000, True), (1_001, False)):
        many = pl.Series([["x"], [None] * (items - (group == 2))], dtype=pl.List(pl.String))
        frame = pl.DataFrame({"age": [70, 500], "site": ["a", "b"], name: many})
        frame.write_parquet(path, row_group_size=group)
        (reject,) = whole(segments([str(path)], WANTED, BytesIO())).rejects
        assert (name in reject.content, reject.content["site"]) == (is_there, "b")


@pytest.mark.parametrize("column", ["eased_by", "answers"])
def test_answers_with_more_items_than_there_is_room_for_are_not_read(column, tmp_path, monkeypatch):
    monkeypatch.setattr("facts.parquet.footer.MOST_ITEMS", 1_000)
    path = tmp_path / "f.parquet"
    for items, codes in ((1_000, ["too-long"]), (1_001, ["too-large"])):
        monkeypatch.setattr("facts.tables.bounds.KEPT", 900)
        monkeypatch.setattr("facts.tables.frame_reader.ANSWER", 900)
        frame = pl.DataFrame({"eased_by": [["resting"] * items]})
        frame = frame.select(answers=pl.struct("eased_by")) if column == "answers" else frame
        frame.write_parquet(path)
        assert [each.code for each in whole(segments([str(path)], WANTED, BytesIO())).rejects] == codes


def test_many_rows_with_usual_lists_are_not_crowded(tmp_path, monkeypatch):
    monkeypatch.setattr("facts.parquet.footer.MOST_ITEMS", 1_000)
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": [70] * 100, "other": [[1] * 64] * 100}).write_parquet(path)
    assert not outline(split(path.read_bytes())[1]).crowded
    pl.DataFrame({"age": [70] * 100, "other": [[1] * 65] * 100}).write_parquet(path)
    assert outline(split(path.read_bytes())[1]).crowded == {"other"}


@pytest.mark.parametrize("rows", [None, 1, 3])
def test_rows_are_written_in_slices_of_so_many_bytes(rows, monkeypatch):
    monkeypatch.setattr("facts.tables.bounds.AT_ONCE", 100)
    frame = pl.DataFrame({"n": range(40), "text": ["x" * (at % 7) * 10 for at in range(40)]})
    slices = list(in_slices(frame, rows))
    assert pl.concat(slices).equals(frame)
    assert all(each.height == 1 or each["text"].str.len_bytes().sum() <= 160 for each in slices)
    assert max(each.height for each in slices) <= (rows or 40)
    assert [each.height for each in in_slices(frame.select("n"))] == [40]
    assert [each.height for each in in_slices(frame.clear())] == []


@pytest.mark.parametrize("form", [".csv", ".jsonl"])
def test_slices_are_written_as_all_at_once(form, monkeypatch):
    frame = pl.DataFrame({"id": ['a"', "=b", None], "note": ["x\n", "é", "y"], "n": [1, None, 3]})
    whole = b"".join(sink(form).piece(frame).data)
    monkeypatch.setattr("facts.tables.bounds.AT_ONCE", 1)
    parts = list(sink(form).piece(frame).data)
    assert (b"".join(parts), len(parts)) == (whole, 3)


def test_columns_that_cannot_be_long_are_not_measured(monkeypatch):
    monkeypatch.setattr("facts.tables.bounds._sizes", lambda column: pytest.fail("measured"))
    frame = pl.DataFrame({"n": [1], "b": [True], "f": [1.5], "e": pl.Series(["a"], dtype=pl.Enum(["a"]))})
    assert bounded(frame, {}, frame.columns).row(0)[:4] == (1, True, 1.5, "a")
