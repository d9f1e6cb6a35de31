"""Files in segments: every row once, as a case or as a reject, and the same as when read one by one."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from case_reading import QUESTIONS
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sweeps import examples

from facts.case import Case
from facts.cases.csv_table import read_csv
from facts.cases.jsonl import read_jsonl
from facts.files.segments import segments
from facts.problem import Problem
from facts.reject import Reject, reject_of
from facts.tables.csv_file import csv_segments
from facts.tables.jsonl_file import jsonl_segments
from facts.tables.segment import Segment, Table, Wanted, table_of

WANTED = Wanted(QUESTIONS)


@pytest.fixture(autouse=True)
def even_a_few_at_once(monkeypatch):
    """Few lines are read at once, as many are; else both ways would be the same, row by row."""
    for module in ("tables.csv_file", "tables.jsonl_file"):
        monkeypatch.setattr(f"facts.{module}.FEW", 0)
    monkeypatch.setattr("facts.tables.text_reader.FEWEST", 1)


def whole(found, wanted: Wanted = WANTED) -> Table:
    """What all segments hold together."""
    frames, rejects, notes = [table_of([], wanted).frame], [], []
    for each in found:
        if isinstance(each, Segment):
            table = each.read()
            frames.append(table.frame)
            rejects += table.rejects
            notes += table.notes
        elif isinstance(each, Reject):
            rejects.append(each)
    return Table(pl.concat(frames), tuple(rejects), notes=tuple(notes))


def one_by_one(reader, data: bytes) -> Table:
    """The same read row by row, which is slow and says what is right."""
    reads = reader(BytesIO(data), WANTED.origin("f", "f"))
    checked = (read if isinstance(read, Case) else reject_of("f", read) for read in reads if errors(read))
    return table_of(checked, WANTED)


def errors(read) -> bool:
    return isinstance(read, Case) or any(problem.severity == "error" for problem in read)


def told(table: Table):
    return [
        (reject.place, [(p.code, p.message, p.span) for p in reject.problems]) for reject in table.rejects
    ]


def same(fast: Table, slow: Table) -> None:
    assert_frame_equal(fast.frame, slow.frame)
    assert told(fast) == told(slow)
    assert {note.message for note in fast.notes} == {note.message for note in slow.notes}


HEADER = "id,leg_weakness,walking_effect,eased_by,age,severity"
CELLS = st.sampled_from(
    [
        *("", "yes", "no", "true", "Yes", " no ", "unknown", "UNKNOWN", "maybe", "none", "1", "0", "None"),
        *("begins", "Begins", "begins ", "increases", "resting", "resting;sitting", "resting|sitting", ";"),
        *(
            "sitting;sitting",
            "resting; sitting",
            "sitting;walking",
            '{"resting": true}',
            "71",
            "+7",
            "7.0",
            "007",
        ),
        *(
            "-1",
            "121",
            "7.5",
            "7.55",
            "1e2",
            "٣",
            "\xa05",
            "９",
            '"quoted"',
            '"a,b"',
            'a"b',
            '"',
            '"x\ny"',
            "\0",
        ),
        *("é", "\ud800", "nan", "inf", "1_000", "0x10", " "),
    ]
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=8).map(",".join), max_size=9)
WIDE_ROWS = st.lists(st.lists(CELLS, min_size=6, max_size=6).map(",".join), max_size=9)


HEADERS = st.sampled_from(
    [HEADER, HEADER.replace("walking_effect", ""), f"{HEADER},", f",{HEADER}", f"{HEADER},,"]
)


@given(header=HEADERS, rows=ROWS | WIDE_ROWS, end=st.sampled_from(["\n", "\r\n", ""]))
@settings(max_examples=200)
def test_csv_is_read_at_once_as_it_is_row_by_row(header, rows, end):
    data = ("\n".join([header, *rows]) + end).encode("utf-8", "surrogatepass")
    same(whole(csv_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED)), one_by_one(read_csv, data))


VALUES = st.recursive(
    st.sampled_from(
        [
            *(
                None,
                True,
                False,
                "yes",
                "unknown",
                "none",
                "resting",
                "begins",
                "Begins",
                71,
                7.5,
                7.55,
                -1,
                121,
                0,
            ),
            *(
                "71",
                "",
                "a;b",
                'q"s',
                "x: y",
                '{"resting": true}',
                "[]",
                1e300,
                12345678901234567890,
                "\ud83d",
            ),
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["resting", "sitting", "age", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)
ANSWERS = st.dictionaries(st.sampled_from([*QUESTIONS, "agee", "id"]), VALUES, max_size=5)
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "id": VALUES,
        "about": VALUES,
        "answers": ANSWERS | VALUES,
        "expect": VALUES,
    },
)
OTHERS = st.dictionaries(
    st.sampled_from(["site", "visit", "Ort", "strange", "agee", "^x$", "*", " ", "age.x", "todo", 'a"b']),
    VALUES | st.fixed_dictionaries({"answers": ANSWERS}) | st.lists(ANSWERS, max_size=2),
    max_size=3,
)
"""Keys beside the answers that nobody knows, or that may hold answers."""
SITES = st.fixed_dictionaries({}, optional={"site": VALUES, "visit": st.integers(0, 3), "Ort": st.none()})
GOOD_ANSWERS = st.fixed_dictionaries({}, optional={"age": st.integers(0, 130), "leg_weakness": st.none()})
EXPORTED = st.builds(lambda one, two: one | two, st.fixed_dictionaries({"answers": GOOD_ANSWERS}), SITES)
OBJECTS = st.builds(lambda one, two: one | two, OBJECTS, OTHERS) | EXPORTED
LINES = OBJECTS.map(json.dumps) | st.sampled_from(
    [
        "",
        " ",
        "[1]",
        "5",
        "{",
        '{"answers": {}} x',
        '{"answers": {"age": 5, "age": 6}}',
        '{"answers": {"age": 1e1}}',
    ]
)


@examples(50, 150)
@given(lines=st.lists(LINES, max_size=8), end=st.sampled_from(["\n", "\r\n", ""]))
def test_json_lines_are_read_at_once_as_they_are_one_by_one(lines, end):
    data = ("\n".join(lines) + end).encode()
    same(whole(jsonl_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED)), one_by_one(read_jsonl, data))


@pytest.mark.sweep
@given(
    header=HEADERS,
    rows=ROWS | WIDE_ROWS,
    lines=st.lists(LINES, max_size=8),
    end=st.sampled_from(["\n", "\r\n", ""]),
)
@settings(max_examples=2_000)
def test_much_text_is_read_at_once_as_it_is_row_by_row(header, rows, lines, end):
    table = ("\n".join([header, *rows]) + end).encode("utf-8", "surrogatepass")
    same(whole(csv_segments(BytesIO(table), WANTED.origin("f", "f"), WANTED)), one_by_one(read_csv, table))
    data = ("\n".join(lines) + end).encode()
    same(whole(jsonl_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED)), one_by_one(read_jsonl, data))


@pytest.mark.parametrize(
    ("header", "codes"),
    [(",age,leg_weakness", ["empty-header"]), ("id,age,", []), ("id,,age", []), ("id,age", [])],
)
def test_a_first_column_without_a_name_is_told_once(header, codes):
    data = f"{header}\n1,5,yes\n2,6,no\n".encode()
    found = csv_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED)
    told = [each for each in found if isinstance(each, Problem) and each.code == "empty-header"]
    assert [each.code for each in told] == codes


def test_a_value_without_a_name_is_told_with_its_column():
    found = whole(csv_segments(BytesIO(b"id,,age\na,x,5\n"), WANTED.origin("f", "f"), WANTED))
    (problem,) = (each for reject in found.rejects for each in reject.problems)
    assert problem.message == "column 2 has no name but holds `x`"


def test_a_value_without_a_name_costs_its_row_alone_among_many():
    rows = "".join(f"a{at},{'x' if at == 60 else ''},5\n" for at in range(1_000))
    found = whole(csv_segments(BytesIO(f"id,,age\n{rows}".encode()), WANTED.origin("f", "f"), WANTED))
    assert [each.problems[0].span.line for each in found.rejects] == [62]
    assert found.frame["id"].to_list() == [f"a{at}" for at in range(1_000) if at != 60]


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff\xfe{\x00", b'{"answers": {}}\xff\n', b"\r", b"x" * 100])
def test_torn_bytes(data):
    for reader, at_once in ((read_csv, csv_segments), (read_jsonl, jsonl_segments)):
        found = whole(at_once(BytesIO(data), WANTED.origin("f", "f"), WANTED))
        same(found, one_by_one(reader, data))


def test_a_line_that_is_too_long_costs_itself(monkeypatch):
    monkeypatch.setattr("facts.trees.lines.MAX_LINE", 200)
    monkeypatch.setattr("facts.tables.blocks.MAX_LINE", 200)
    monkeypatch.setattr("facts.tables.sorting.MAX_LINE", 200)
    long = '{"answers": {}, "about": "' + "x" * 500 + '"}'
    data = "\n".join(['{"answers": {}}', long, '{"answers": {"age": 5}}', long]).encode()
    found = whole(jsonl_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED))
    assert [(reject.place, reject.code) for reject in found.rejects] == [
        (2, "line-too-long"),
        (4, "line-too-long"),
    ]
    assert found.frame["id"].to_list() == ["f:1", "f:3"]


@pytest.mark.parametrize("size", [1, 50, 300])
def test_blocks_of_any_size_hold_the_same(size, monkeypatch):
    text = "id,leg_weakness,about\n" + "".join(f'{n},yes,"two\nlines ""{n}"""\n{n}b,no,\n' for n in range(30))
    expected = one_by_one(read_csv, text.encode())
    monkeypatch.setattr("facts.tables.blocks.SIZE", size)
    same(whole(csv_segments(BytesIO(text.encode()), WANTED.origin("f", "f"), WANTED)), expected)
    assert expected.frame.height == 60


@pytest.mark.parametrize("size", [1, 20, 300])
def test_lines_behind_a_quote_that_never_ends_have_their_own_places(size, monkeypatch):
    rows = "".join(f"r{n},{500 if n % 10 == 3 else 5}\n" for n in range(40))
    text = f'id,age\nx,"5\n{rows}'.encode()
    expected = one_by_one(read_csv, text)
    monkeypatch.setattr("facts.tables.blocks.SIZE", size)
    same(whole(csv_segments(BytesIO(text), WANTED.origin("f", "f"), WANTED)), expected)
    assert [reject.place for reject in expected.rejects] == [2, 6, 16, 26, 36]


FORMS = {
    "Booleans": {"leg_weakness": [True, None, False], "age": [5, None, 7]},
    "codes": {
        "leg_weakness": pl.Series([1, None, 0], dtype=pl.Int8),
        "age": pl.Series([5, None, 7], dtype=pl.UInt8),
    },
    "text": {"leg_weakness": ["yes", "", "False "], "age": ["5", None, "7.0"]},
}


@pytest.mark.parametrize("form", FORMS)
def test_parquet_in_whatever_types(form, tmp_path):
    frame = pl.DataFrame({"id": ["a", None, "c"], **FORMS[form]})
    frame = frame.with_columns(eased_by=pl.Series([["resting"], None, []]), walking_effect=pl.lit("begins"))
    frame.write_parquet(tmp_path / "f.parquet")
    table = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO()))
    assert not table.rejects
    assert table.frame.select("id", "leg_weakness", "age", "eased_by.resting", "walking_effect").rows() == [
        ("a", True, 5, True, "begins"),
        ("f.parquet:2", None, None, None, "begins"),
        ("c", False, 7, False, "begins"),
    ]


def test_bad_rows_of_parquet_come_back_whole(tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame(
        {"id": ["a", "b", "c"], "age": [5, 500, 6], "walking_effect": ["begins", "worse", "x"]}
    ).write_parquet(path)
    table = whole(segments([str(path)], WANTED, BytesIO()))
    assert table.frame["id"].to_list() == ["a"]
    second, third = table.rejects
    assert (second.place, second.code, len(second.problems)) == (2, "unknown-option", 2)
    assert second.content == {"id": "b", "age": 500, "walking_effect": "worse"}
    assert json.loads(third.to_json())["content"] == {"id": "c", "age": 6, "walking_effect": "x"}


@pytest.mark.parametrize("together", [1, 4, 100])
def test_rejects_are_the_same_however_often_they_are_looked_at(together, tmp_path, monkeypatch):
    monkeypatch.setattr("facts.tables.rejects.TOGETHER", together)
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": [500 if n % 3 else 50 for n in range(30)]}).write_parquet(path)
    *_, segment = segments([str(path)], WANTED, BytesIO())
    rejects = segment.read().rejects
    assert (rejects.rows, list(rejects.places)) == (20, [n + 1 for n in range(30) if n % 3])
    for _ in range(2):
        found = [(each.place, each.code, each.content, each.problems[0].span.line) for each in rejects]
        assert found == [(n + 1, "out-of-range", {"age": 500}, n + 1) for n in range(30) if n % 3]


def test_rejects_are_made_as_they_are_looked_at(tmp_path, monkeypatch):
    """A file of nothing but bad rows would not have room in memory, a mapping and a problem each."""
    monkeypatch.setattr("facts.tables.rejects.TOGETHER", 10)
    made = []
    monkeypatch.setattr("facts.tables.rejects.Reject", lambda *values: made.append(values) or Reject(*values))
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": [500] * 1_000}).write_parquet(path)
    *_, segment = segments([str(path)], WANTED, BytesIO())
    assert next(iter(segment.read().rejects)).place == 1
    assert len(made) == 1


def test_a_misspelt_column_keeps_the_file_from_being_read(tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"agee": [5, 6], "site": ["x", "y"]}).write_parquet(path)
    (reject,) = whole(segments([str(path)], WANTED, BytesIO())).rejects
    assert (reject.code, reject.rows, len(reject.problems)) == ("unknown-column", 2, 1)
    assert "did you mean `age`?" in reject.problems[0].help


def test_a_damaged_parquet_file_is_named_and_never_a_traceback(tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"id": [str(n) for n in range(500)], "age": [n % 100 for n in range(500)]}).write_parquet(
        path
    )
    good = path.read_bytes()
    for damage in [
        good[:-1],
        good[: len(good) // 2],
        good[:8],
        good[4:],
        b"PAR1",
        b"PAR1" + bytes(50) + b"PAR1",
    ]:
        path.write_bytes(damage)
        table = whole(segments([str(path)], WANTED, BytesIO()))
        assert [reject.code for reject in table.rejects] == ["parquet-damaged"], damage[:20]
    for at in range(4, len(good), 7):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        table = whole(segments([str(path)], WANTED, BytesIO()))
        assert all(reject.code for reject in table.rejects)


def test_rejects_say_where_what_and_all_of_the_row(tmp_path):
    path = Path(tmp_path, "f.csv")
    path.write_text("id,age,site\n1,five,A\n2,5,B\n3\n")
    wanted = Wanted(QUESTIONS, ("site",))
    table = whole(segments([str(path)], wanted, BytesIO()), wanted)
    first, second = (json.loads(reject.to_json()) for reject in table.rejects)
    assert {key: first[key] for key in ("line", "column", "field", "code", "content")} == {
        "line": 2,
        "column": 3,
        "field": "age",
        "code": "not-a-number",
        "content": "1,five,A",
    }
    assert (second["line"], second["code"], second["content"]) == (4, "csv-fields", "3")


def test_the_places_of_lines_are_known_where_one_of_them_is_odd():
    """So that an id that stands twice is named where it stands."""
    lines = [json.dumps({"id": str(at), "answers": {"age": at}}) for at in range(4)]
    odd = '{"answers": {"age": 1e1}}'
    data = "\n".join([*lines[:2], odd, *lines[2:], ""]).encode()
    (segment,) = jsonl_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED)
    table = segment.read()
    assert table.where(range(table.frame.height), "f") == [("f", at) for at in (1, 2, 4, 5)]
