"""The lines of rejects that are made column by column are those that are made row by row, byte for byte."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from case_reading import QUESTIONS
from hypothesis import example, given
from hypothesis import strategies as st
from polars.testing.parametric import column, dataframes, series
from sweeps import examples

from facts.plain import json_text
from facts.reject import Rejects, line_of
from facts.tables import rejects as table_rejects
from facts.tables.bounds import ANSWER, ID, KEPT
from facts.tables.frame_reader import FrameReader
from facts.tables.json_cells import json_cells
from facts.tables.segment import Wanted

KEPT_COLUMN = "note"
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["yes", "No ", "begins", "Begin", "resting;siting", ";", "71", "7.55", "unknown"]),
    st.sampled_from(['"\\\n\x1b', "\x00", "NaN"]),
    st.integers(1, 3).map(lambda times: "é\t" * times * 3_000),
)
LISTS = st.lists(st.one_of(st.none(), st.sampled_from(["resting", "siting", "none", ""])), max_size=3)
ANSWERS = [
    *(column(name, pl.String, strategy=WORDS, allow_null=True) for name in ("id", *QUESTIONS)),
    *(column(name, pl.Boolean, allow_null=True) for name in ("leg_weakness", "age?", "eased_by.resting")),
    column("leg_weakness", pl.Int8, allow_null=True),
    column("walking_effect", pl.Enum(["begins", "increases", 'x"']), allow_null=True),
    column("walking_effect", pl.Categorical, allow_null=True),
    column("eased_by", pl.List(pl.String), strategy=LISTS, allow_null=True),
    *(column("age", dtype, allow_null=True) for dtype in (pl.Int64, pl.UInt8, pl.Float32)),
    *(column("severity", dtype, allow_null=True) for dtype in (pl.Int64, pl.Float64, pl.Decimal(9, 2))),
    column(KEPT_COLUMN, pl.String, strategy=WORDS, allow_null=True),
]


@st.composite
def frames(draw) -> pl.DataFrame:
    """Frames with columns that are answers, and with some of any type that are none."""
    chosen = draw(st.lists(st.sampled_from(ANSWERS), unique_by=lambda each: each.name, min_size=1))
    frame = draw(dataframes(chosen, min_size=1, max_size=12))
    others = draw(dataframes(min_cols=0, max_cols=3, min_size=frame.height, max_size=frame.height))
    names = draw(st.permutations(['"\n', "^c$", "ward"]))
    return frame.hstack(others.rename(dict(zip(others.columns, names, strict=False))))


def rejects_of(frame: pl.DataFrame, file: str = "f") -> Rejects:
    reader = FrameReader(frame.schema, Wanted(QUESTIONS, (KEPT_COLUMN,)), file, file)
    return reader.table(frame.lazy(), 0).rejects


def same_both_ways(rejects: Rejects) -> None:
    groups = list(rejects.groups())
    assert b"".join(group.lines() for group in groups) == b"".join(map(line_of, rejects))
    for group in groups:
        counted = Counter(each.kind for each in group.rejects())
        assert list(group.rows.items()) == list(counted.items())
    assert rejects.rows == len(list(rejects))


@examples(40, 150)
@given(frame=frames(), together=st.integers(1, 12))
def test_lines_column_by_column_are_those_row_by_row(frame, together):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_rejects, "TOGETHER", together)
        same_both_ways(rejects_of(frame))


@examples(100, 300)
@given(series(max_size=6, allow_null=True))
@example(pl.Series([float("nan"), float("inf"), -0.0, 1e16, 9.999e15, 1e-4, 9.9e-5, 0.1 + 0.2, None]))
@example(pl.Series([0.1, 1e16, float("-inf"), None], dtype=pl.Float32))
@example(pl.Series(['q"\\ \n\t\x00\x1f\x7f\u2028é😀', "", None]))
@example(pl.Series([["a", "b"], [], None, [""]]))
@example(pl.Series([["a", 'q"'], [None], None, []]))
@example(pl.Series([[[1], None], [[]], None], dtype=pl.List(pl.List(pl.Int64))))
@example(pl.Series([{"x": 1, '"': [{"y": float("nan")}]}, {"x": None, '"': None}, None]))
@example(pl.Series([{}, None], dtype=pl.Struct([])))
@example(pl.Series([[1.5, None], None], dtype=pl.Array(pl.Float64, 2)))
@example(pl.Series(["a", 'q"', None], dtype=pl.Enum(["a", 'q"'])))
@example(pl.Series([["a", 'q"', None], None], dtype=pl.List(pl.Categorical)))
@example(pl.Series([date(1, 1, 1), date(9999, 12, 31), None]))
@example(pl.Series([datetime(1, 1, 1), datetime(2024, 2, 29, 1, 2, 3, 40), None]))
@example(pl.Series([time(1, 2), None]))
@example(pl.Series([timedelta(days=-1), None]))
@example(pl.Series([Decimal("1.50"), None]))
@example(pl.Series([b"\xff'\n", None]))
@example(pl.Series([2**64 - 1, None], dtype=pl.UInt64))
def test_cells_are_written_as_their_values_are(column):
    before = column.clone()
    values = [value for (value,) in column.to_frame().iter_rows()]
    assert json_cells(column).to_list() == [None if each is None else json_text(each, str) for each in values]
    assert column.equals(before, null_equal=True) or column.dtype.is_float()


def test_rows_with_nothing_but_what_is_wrong():
    same_both_ways(rejects_of(pl.DataFrame({"age": [500, 501]})))
    same_both_ways(rejects_of(pl.DataFrame({"age": ["x" * (ANSWER + 1)] * 2})))


@pytest.mark.parametrize("column", ["id", "walking_effect", KEPT_COLUMN])
def test_texts_around_their_limit(column):
    most = {"id": ID, KEPT_COLUMN: KEPT}.get(column, ANSWER)
    said = ["x" * (most + more) for more in (-1, 0, 1)]
    frame = pl.DataFrame({"age": [500] * 3}).with_columns(pl.Series(column, said))
    same_both_ways(rejects_of(frame))


def test_rows_are_counted_by_the_first_thing_that_is_wrong_in_the_order_of_the_rows():
    frame = pl.DataFrame({"leg_weakness": ["yes", "so", "so", "yes"], "age": [500, 5, 500, 501]})
    (group,) = rejects_of(frame).groups()
    assert [(*kind, rows) for kind, rows in group.rows.items()] == [
        ("out-of-range", "age", 2),
        ("not-yes-no", "leg_weakness", 2),
    ]


def test_a_file_whose_name_is_no_text():
    frame = pl.DataFrame({"age": [500]})
    (group,) = rejects_of(frame, "f\udcff").groups()
    assert json.loads(group.lines())["file"] == "f?"
    assert [line_of(each) for each in group.rejects()] == [group.lines()]


@pytest.mark.parametrize(
    ("dtype", "usual"),
    [(pl.Date, "2024-02-29"), (pl.Datetime("ms"), "2024-02-29 00:00:00"), (pl.Datetime("us", "UTC"), None)],
)
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_date_that_python_does_not_have_is_said_as_a_number(dtype, usual, sign):
    far = sign * (2**31 - 5 if dtype == pl.Date else 2**62)
    column = (
        pl.Series([far, None]).cast(pl.Int64).cast(pl.Int32 if dtype == pl.Date else pl.Int64).cast(dtype)
    )
    there = pl.Series([datetime(2024, 2, 29)]).cast(pl.Date).cast(pl.Datetime("us")).cast(dtype, strict=False)
    if dtype == pl.Datetime("us", "UTC"):
        there, usual = (
            pl.Series([datetime(2024, 2, 29)]).dt.replace_time_zone("UTC"),
            "2024-02-29 00:00:00+00:00",
        )
    frame = pl.DataFrame({"age": [500] * 3, "seen": pl.concat([column, there])})
    rejects = rejects_of(frame)
    assert [each.content.get("seen") for each in rejects] == [str(far), None, usual]
    same_both_ways(rejects)


@pytest.mark.parametrize("columns", [5, 500])
def test_more_columns_are_no_more_looks_at_all_of_them(columns, monkeypatch):
    """Each of 8,000 columns that asks for the names of all takes a quarter of a minute."""
    looks = []
    names = pl.DataFrame.columns.fget
    monkeypatch.setattr(pl.DataFrame, "columns", property(lambda frame: looks.append(1) or names(frame)))
    frame = pl.DataFrame({"age": [500] * 3} | {f"zz_{at}_q": [at] * 3 for at in range(columns)})
    rejects = FrameReader(frame.schema, Wanted(QUESTIONS), "f", "f").table(frame.lazy(), 0).rejects
    assert [len(reject.content) for reject in rejects] == [columns + 1] * 3
    assert len(b"".join(group.lines() for group in rejects.groups()).splitlines()) == 3
    assert len(looks) < 50
