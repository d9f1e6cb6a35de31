"""Odd rows among usual ones: each costs itself, in what is read and in the work that it makes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from io import BytesIO

import pytest
from case_reading import read
from hypothesis import given
from hypothesis import strategies as st
from sweeps import examples
from test_segments import CELLS, HEADER, LINES, WANTED, even_a_few_at_once, one_by_one, same, whole

from facts.cases.csv_table import read_csv
from facts.cases.jsonl import read_jsonl
from facts.files.segments import segments
from facts.reject import Reject
from facts.tables.csv_file import csv_segments
from facts.tables.jsonl_file import jsonl_segments

__all__ = ["even_a_few_at_once"]

ORIGIN = WANTED.origin("f", "f")
CSV, JSONL = (read_csv, csv_segments), (read_jsonl, jsonl_segments)
MAGIC = [
    b"x^",
    b"x\x01",
    b"x\x9c",
    b"x\xda",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"BZh91",
    b"\xfd7zXZ\0",
    b"PK\x03\x04",
]


def read_in_both_ways(data: bytes, reader, at_once):
    """What is read at once, after a look that it is what is read row by row."""
    found = whole(at_once(BytesIO(data), ORIGIN, WANTED))
    same(found, one_by_one(reader, data))
    return found


@pytest.mark.parametrize("magic", MAGIC)
def test_a_csv_row_whose_first_bytes_look_compressed_is_a_row(magic, monkeypatch):
    monkeypatch.setattr("facts.tables.blocks.SIZE", 10)
    data = b"id,leg_weakness\nfirst,no\n" + magic + b"1,yes\nlast,no\n"
    found = read_in_both_ways(data, *CSV)
    is_text = magic.isascii() and b"\0" not in magic
    assert found.frame["id"].to_list() == ["first", *([magic.decode() + "1"] if is_text else []), "last"]
    assert [reject.place for reject in found.rejects] == ([] if is_text else [3])


@pytest.mark.parametrize("magic", [*MAGIC, b'{"answers": x^'])
def test_a_json_line_whose_first_bytes_look_compressed_costs_itself(magic, monkeypatch):
    monkeypatch.setattr("facts.tables.blocks.SIZE", 10)
    good = b'{"answers": {"age": 5}}\n'
    found = read_in_both_ways(good + magic + b"\n" + good, *JSONL)
    assert found.frame["id"].to_list() == ["f:1", "f:3"]
    assert [reject.place for reject in found.rejects] == [2]


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("cases", data)
    return file.getvalue()


PACKED = {
    "gzip": gzip.compress(b"id,age\na,5\n" * 100),
    "gzip, torn": gzip.compress(b"id,age\na,5\n" * 100)[:10],
    "zstd": b"\x28\xb5\x2f\xfd\x04\x00\x09\x00\x00a\n\x99\xe9\xd8\x51",
    "bzip2": b"BZh91AY&SY\x81\x02" + bytes(20),
    "xz": b"\xfd7zXZ\0\0\x04",
    "ZIP": zipped(b"id,age\na,5\n"),
}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".yaml"])
@pytest.mark.parametrize("packed", PACKED)
def test_a_compressed_file_is_refused_by_name_and_costs_itself(packed, suffix, tmp_path):
    (problems,) = read(tmp_path, f"a{suffix}", PACKED[packed])
    assert [(each.code, each.message) for each in problems] == [
        ("compressed", f"the file is compressed with {packed.partition(',')[0]}")
    ]
    assert problems[0].help.startswith("unpack it first")
    (tmp_path / "b.jsonl").write_text('{"answers": {"age": 5}}\n')
    table = whole(segments([str(tmp_path)], WANTED, BytesIO()))
    assert (table.frame.height, [each.code for each in table.rejects]) == (1, ["compressed"])


@pytest.mark.parametrize(
    "name", ["a.csv.gz", "a.JSONL.GZ", "a.yaml.zst", "a.json.bz2", "a.parquet.xz", "a.csv.zip"]
)
def test_a_file_called_like_a_compressed_one_is_refused_also_in_a_folder(name, tmp_path):
    assert [each.code for each in read(tmp_path, name, b"whatever")[0]] == ["compressed"]
    table = whole(segments([str(tmp_path)], WANTED, BytesIO()))
    assert [each.code for each in table.rejects] == ["compressed"]
    (tmp_path / name).rename(tmp_path / "backup.tar.gz")
    assert [each.code for each in whole(segments([str(tmp_path)], WANTED, BytesIO())).rejects] == [
        "empty-folder"
    ]


def test_compressed_standard_input_is_refused():
    table = whole(segments(["-"], WANTED, BytesIO(PACKED["gzip"])))
    assert [each.code for each in table.rejects] == ["compressed"]


def test_nothing_is_unpacked_to_be_refused(monkeypatch):
    """A file of a thousandth of its text must not take the memory of its text."""
    sizes = asked(monkeypatch, "read_ndjson")
    bomb = BytesIO(gzip.compress(b'{"answers": {}}\n' * 100_000))
    (reject,) = jsonl_segments(bomb, ORIGIN, WANTED)
    assert isinstance(reject, Reject)
    assert (reject.code, sizes) == ("compressed", [])


ROW = "{n},yes,begins,resting,71,7.5"
ODD_ROWS = {
    "a field too many": "{n},yes,begins,resting,71,7.5,more",
    "a field too few": "{n},yes,begins,resting,71",
    "a quote": '"{n},yes,begins,resting,71,7.5',
    "a quote inside": '{n}"x,yes,begins,resting,"71,7.5',
    "quotes in quotes": '"say ""{n}""",yes,begins,resting,71,7.5',
    "a line break in an id": '"{n}\nx",yes,begins,resting,71,7.5',
    "NUL": "{n}\0,yes,begins,resting,71,7.5",
    "a carriage return": "{n}\r,yes,begins,resting,71,7.5",
    "a byte order mark": "\ufeff{n},yes,begins,resting,71,7.5",
    "nothing": "",
    "nothing but delimiters": ",,,,,",
    "delimiters and blanks": " ,\t, ,,,\xa0",
    "empty quotes": '"",,"",,,',
    "another value": "{n},maybe,begins,resting,71,7.5",
}
ODD_LINES = {
    "torn": '{{"id": "{n}", "answers": {{"age": 5}}',
    "words": "x^ {n}",
    "nothing": "",
    "another value": '{{"id": "{n}", "answers": {{"age": "old"}}}}',
    "another key": '{{"id": "{n}", "ages": 5, "answers": {{}}}}',
    "no number": '{{"id": "{n}", "answers": {{"age": NaN}}}}',
    "a number without end": '{{"id": "{n}", "answers": {{"age": 1e999}}}}',
    "half a character": '{{"id": "{n}\\ud83d", "answers": {{}}}}',
    "a byte order mark": '\ufeff{{"id": "{n}", "answers": {{}}}}',
}


def asked(monkeypatch, function: str) -> list[int]:
    """How many bytes Polars is given each time that it is called."""
    import polars as pl

    sizes: list[int] = []
    original = getattr(pl, function)

    def counted(data, **options):
        sizes.append(len(data.getvalue()))
        return original(data, **options)

    monkeypatch.setattr(pl, function, counted)
    return sizes


@pytest.mark.parametrize("odd", ODD_ROWS)
def test_odd_rows_of_csv_make_no_work_for_usual_ones(odd, monkeypatch):
    rows = [(ODD_ROWS[odd] if n % 50 == 7 else ROW).format(n=n) for n in range(1_000)]
    data = "\n".join([HEADER, *rows, ""]).encode()
    found = read_in_both_ways(data, *CSV)
    assert found.frame.height >= 980
    sizes = asked(monkeypatch, "read_csv")
    whole(csv_segments(BytesIO(data), ORIGIN, WANTED))
    assert len(sizes) == 1


@pytest.mark.parametrize("odd", ODD_LINES)
def test_odd_lines_of_json_make_no_work_for_usual_ones(odd, monkeypatch):
    usual = '{{"id": "{n}", "answers": {{"age": 71, "eased_by": ["resting"]}}}}'
    rows = [(ODD_LINES[odd] if n % 50 == 7 else usual).format(n=n) for n in range(1_000)]
    data = "\n".join([*rows, ""]).encode()
    found = read_in_both_ways(data, *JSONL)
    assert found.frame.height >= 980
    sizes = asked(monkeypatch, "read_ndjson")
    whole(jsonl_segments(BytesIO(data), ORIGIN, WANTED))
    assert len(sizes) <= 2


def test_rows_of_nothing_but_delimiters_are_left_out_and_counted():
    """A spreadsheet ends in hundreds of them; each would be somebody who answered nothing."""
    data = b'id,age,leg_weakness\n,,\na,5,yes\n , ,\n"","",\n\nb,6,no\n,\n'
    *_, segment = csv_segments(BytesIO(data), ORIGIN, WANTED)
    table = segment.read()
    assert table.frame["id"].to_list() == ["a", "b"]
    assert (list(table.blank), table.rejects.rows, table.rows) == ([2, 4, 5, 8], 0, 2)
    assert [case.id for case in read_csv(BytesIO(data), ORIGIN)] == ["a", "b"]


SOME_CELLS = st.sampled_from(
    ["", "yes", "a", '"', '"a"', '"a,b"', '"x\ny"', '"say ""x"""', "\r", " ", "x^", "71", "\0"]
)
SOME_ROWS = st.lists(st.lists(SOME_CELLS | CELLS, min_size=1, max_size=4).map(",".join), max_size=12)


@examples(60, 150)
@given(rows=SOME_ROWS, size=st.integers(1, 60), end=st.sampled_from(["\n", "\r\n", ""]))
def test_rows_in_blocks_of_any_size_are_what_they_are_row_by_row(rows, size, end):
    data = ("\n".join(["id,about,leg_weakness", *rows]) + end).encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("facts.tables.blocks.SIZE", size)
        read_in_both_ways(data, *CSV)


@examples(40, 100)
@given(lines=st.lists(LINES, max_size=12), size=st.integers(1, 200))
def test_json_lines_in_blocks_of_any_size_are_what_they_are_one_by_one(lines, size):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("facts.tables.blocks.SIZE", size)
        patched.setattr("facts.tables.text_reader.FEWEST", 1)
        read_in_both_ways("\n".join(lines).encode(), *JSONL)


def test_the_rejects_of_odd_rows_are_in_order_with_their_lines():
    rows = ["1,yes", "2,maybe", '"3,no', "4,no,more", "5,no", '6,no"x']
    data = "\n".join(["id,leg_weakness", *rows]).encode()
    found = read_in_both_ways(data, *CSV)
    said = [(json.loads(each.to_json())["line"], each.code) for each in found.rejects]
    assert said == [(3, "not-yes-no"), (4, "csv-quote"), (5, "csv-fields"), (7, "not-yes-no")]


def test_a_key_that_comes_twice_is_rejected_though_both_are_null(run, write):
    lines = ['{"id": "a", "answers": {"age": null, "age": null}}', '{"id": "b", "answers": {"age": 5}}']
    file = write(
        "twice.jsonl", "\n".join([*lines, *(f'{{"id": "c{at}", "answers": {{}}}}' for at in range(600))])
    )
    shown = run("assess", file, "-o", "out.csv")
    assert (shown.exit_code, "twice.jsonl:1:" in shown.stderr, "duplicate-key" in shown.stderr) == (
        1,
        True,
        True,
    )
