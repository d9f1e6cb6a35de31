"""Texts that are too long to be an id, an answer or anything else are found wherever they are."""

from __future__ import annotations

from io import BytesIO

import polars as pl
import pytest
from case_reading import QUESTIONS
from test_segments import WANTED, whole

from facts.table_bounds import ANSWER, ID, KEPT, LONG, bounded, holds_text
from facts.table_files import segments
from facts.table_segment import Wanted

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
}


@pytest.mark.parametrize("form", TEXTS)
def test_a_text_that_is_too_long_is_found_in_whatever_holds_it(form):
    column = TEXTS[form]
    found = bounded(pl.DataFrame({"c": column}), {"c": 10})
    assert found[LONG].to_list() == [None, "c", None]
    assert found["c"].to_list() == [column.to_list()[0], None, column.to_list()[2]]
    assert bounded(pl.DataFrame({"c": column}), {"c": 11})[LONG].null_count() == 3


def test_which_columns_hold_texts():
    assert all(holds_text(column.dtype) for name, column in TEXTS.items() if name != "an enum")
    others = [pl.Int64(), pl.Enum(["a", "b"]), pl.List(pl.Boolean), pl.Struct({"n": pl.Date})]
    assert not any(map(holds_text, others))
    assert holds_text(pl.Enum(["x" * 201]))


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical])
@pytest.mark.parametrize(("column", "most"), [("id", ID), ("walking_effect", ANSWER), ("note", KEPT)])
def test_a_long_text_rejects_its_row_and_is_not_said_again(column, most, dtype, tmp_path):
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
    assert set(reject.content) == {"id", "age", "walking_effect", "note", "other"} - {column}


def test_what_nobody_reads_may_be_long_but_is_not_said_again(tmp_path):
    frame = pl.DataFrame({"id": ["a", "b", "c"], "age": ["70", "500", " 71"]})
    frame.with_columns(other=pl.lit("x" * (KEPT + 1))).write_parquet(tmp_path / "f.parquet")
    read = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO()))
    (reject,) = read.rejects
    assert [each.code for each in reject.problems] == ["out-of-range"]
    assert reject.content == {"id": "b", "age": "500"}
    assert read.frame["age"].to_list() == [70, 71]


@pytest.mark.parametrize(("characters", "is_fine"), [(200, True), (201, False)])
def test_an_id_is_measured_in_characters(characters, is_fine, tmp_path):
    for letter in "aé漢":
        pl.DataFrame({"id": [letter * characters], "age": [70]}).write_parquet(tmp_path / "f.parquet")
        read = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO()))
        assert [each.code for each in read.rejects] == [] if is_fine else ["too-long"]
