"""Limits that guard sizes: what is just below one, just at it, and just beyond, however it is written."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from case_reading import QUESTIONS, read
from test_segments import WANTED, one_by_one, same, whole

from engine import KnowledgeBase
from engine.loading import read_knowledge_base
from engine.tally import counting
from engine.tally.tally import REST
from facts.case import MAX_ID, Case
from facts.cases.csv_table import read_csv
from facts.cases.jsonl import read_jsonl
from facts.other_names.columns import MAX_COLUMNS
from facts.parquet.thrift import DEEPEST, I16, LIST, STRUCT, Damaged, Reader, written
from facts.problem import LONGEST, MOST_LISTED, Rejected, quote, suggest
from facts.tables.canonical import canonical
from facts.tables.csv_file import csv_segments
from facts.tables.frame_reader import FrameReader
from facts.tables.jsonl_file import jsonl_segments
from facts.trees.yaml_tree import MAX_DEPTH

AROUND = pytest.mark.parametrize("more", [-1, 0, 1])
Codes = list[str]


def codes_of(folder: Path, name: str, text: str) -> Codes:
    """What is wrong with the first case of a file."""
    first = read(folder, name, text)[0]
    return [] if isinstance(first, Case) else [problem.code for problem in first]


IDS = {
    "a.jsonl": lambda id: json.dumps({"id": id, "answers": {}}) + "\n",
    "a.json": lambda id: json.dumps([{"id": id, "answers": {}}]),
    "a.yaml": lambda id: f"id: {id}\nanswers: {{}}\n",
    "a.csv": lambda id: f"id,age\n{id},5\n",
}


@AROUND
@pytest.mark.parametrize("letter", ["x", "é", "😀"])
@pytest.mark.parametrize("name", IDS)
def test_the_characters_of_an_id(name, letter, more, tmp_path):
    text = IDS[name](letter * (MAX_ID + more))
    assert codes_of(tmp_path, name, text) == (["too-long"] if more > 0 else [])


@AROUND
@pytest.mark.parametrize(("reader", "quick"), [(read_jsonl, jsonl_segments), (read_csv, csv_segments)])
def test_the_characters_of_an_id_that_is_read_in_bulk(reader, quick, more):
    name = "a.jsonl" if reader is read_jsonl else "a.csv"
    data = IDS[name]("é" * (MAX_ID + more)).encode()
    found = whole(quick(BytesIO(data), WANTED.origin("f", "f"), WANTED))
    same(found, one_by_one(reader, data))
    assert [reject.code for reject in found.rejects] == (["too-long"] if more > 0 else [])


@AROUND
def test_the_characters_of_an_id_in_a_column(more):
    frame = pl.DataFrame({"id": ["é" * (MAX_ID + more)], "age": [5]})
    if more <= 0:
        assert canonical(frame, QUESTIONS)["id"].to_list() == frame["id"].to_list()
    else:
        with pytest.raises(Rejected, match="too-long"):
            canonical(frame, QUESTIONS)


@AROUND
@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize(("reader", "quick"), [(read_jsonl, jsonl_segments), (read_csv, csv_segments)])
def test_the_bytes_of_a_line(reader, quick, end, more, monkeypatch):
    for module in ("trees.lines", "tables.blocks", "tables.sorting", "tables.csv_sorting"):
        monkeypatch.setattr(f"facts.{module}.MAX_LINE", 200)
    begin, stop = ('{"answers": {}, "about": "', '"}') if reader is read_jsonl else ("x,", "")
    line = begin + "a" * (200 + more - len(begin) - len(stop)) + stop + end
    data = (("" if reader is read_jsonl else "id,about\n") + line).encode()
    found = whole(quick(BytesIO(data), WANTED.origin("f", "f"), WANTED))
    same(found, one_by_one(reader, data))
    assert [reject.code for reject in found.rejects] == (["line-too-long"] if more > 0 else [])


@AROUND
@pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.jsonl"])
def test_the_levels_of_a_document(name, more, tmp_path):
    levels = MAX_DEPTH + more
    found = codes_of(tmp_path, name, "[" * levels + "]" * levels)
    assert ("too-deep" in found) is (more > 0)
    inside = '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1)
    assert ("too-deep" in codes_of(tmp_path, name, inside)) is (more > 0)


@AROUND
@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_the_bytes_of_a_document(name, more, tmp_path, monkeypatch):
    text = '{"answers": {"age": 5}}'
    for module in ("trees.yaml_tree", "trees.json_tree"):
        monkeypatch.setattr(f"facts.{module}.MAX_BYTES", len(text) + 10, raising=False)
    if name == "a.json":
        monkeypatch.setattr("facts.cases.documents.MAX_BYTES", len(text) + 10, raising=False)
    found = codes_of(tmp_path, name, text + " " * (10 + more))
    assert found == (["too-large"] if more > 0 else [])


@AROUND
def test_the_columns_of_a_header(more, tmp_path):
    names = ["age", *(f"c{at}" for at in range(MAX_COLUMNS + more - 1))]
    found = codes_of(tmp_path, "a.csv", ",".join(names) + "\n" + "5" + "," * (len(names) - 1) + "\n")
    assert ("too-many-columns" in found) is (more > 0)


def nested(kind: int, levels: int) -> dict[int, tuple[int, object]]:
    """A struct that holds structs in each other, or lists."""
    inside: object = {} if kind == STRUCT else (I16, [])
    for _ in range(levels - 1):
        inside = {1: (STRUCT, inside)} if kind == STRUCT else (LIST, [inside])
    return {1: (kind, inside)}


@AROUND
@pytest.mark.parametrize("kind", [STRUCT, LIST])
@pytest.mark.parametrize("take", [Reader.struct, lambda reader: reader.field(7)])
def test_the_levels_of_a_footer(take, kind, more):
    fields = nested(kind, DEEPEST + more)
    reader = Reader(b"".join(written(fields)))
    if more <= 0:
        assert take(reader) in (fields, 0)
    else:
        with pytest.raises(Damaged, match="too deeply"):
            take(reader)


@pytest.mark.parametrize("begin", [b"\x1c", b"\x19"], ids=["structs", "lists"])
@pytest.mark.parametrize("take", [Reader.struct, lambda reader: reader.field(7)])
def test_a_footer_of_nothing_but_levels(take, begin):
    with pytest.raises(Damaged, match="too deeply"):
        take(Reader(begin * 10_000 + b"\0"))


# Knowledge bases

BASE = """
knowledge_base: {{name: limits, version: 1}}
questions:
  q: {{ask: q, kind: yes_no}}
  paces: {{ask: how far, kind: number, unit: steps, minimum: 0, maximum: {maximum}, decimals: {decimals}}}
findings: {{f: f, g: g}}
scores: {{s: {{text: s, parts: [{{points: {points}, when: {{q: yes}}}}], ours: yes}}}}
rules:
  f: {{when: {{paces: {{at_least: 1}}}}, then: {{finding: f}}, because: so, ours: yes}}
  g: {{when: {{score: {{s: {{at_least: {bound}}}}}}}, then: {{finding: g}}, because: so, ours: yes}}
"""
PLAIN = {"maximum": "9", "decimals": "0", "points": "2", "bound": "1"}


@pytest.mark.parametrize(
    ("slot", "fine", "beyond"),
    [
        ("maximum", ["999999999", "1000000000"], "1000000001"),
        ("decimals", ["0", "1", "5", "6"], "7"),
        ("points", ["1.12345", "1.123456"], "1.1234567"),
        ("bound", ["1.12345678", "1.123456789"], "1.1234567891"),
    ],
)
def test_the_size_of_a_number(slot, fine, beyond, tmp_path):
    def loaded(value: str) -> KnowledgeBase | None:
        (tmp_path / "base.yaml").write_text(BASE.format(**PLAIN | {slot: value}))
        return read_knowledge_base(tmp_path / "base.yaml")[0]

    assert all(loaded(each) is not None for each in fine)
    assert loaded(beyond) is None


@AROUND
def test_the_files_of_a_knowledge_base(more, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.loading.files.MAX_FILES", 4)
    (tmp_path / "0.yaml").write_text(BASE.format(**PLAIN))
    for at in range(1, 4 + more):
        (tmp_path / f"{at}.yaml").write_text(f"numbers: {{n{at}: {{value: 1, ours: yes}}}}\n")
    _, problems = read_knowledge_base(tmp_path)
    assert ("too-large" in {problem.code for problem in problems}) is (more > 0)


# What people are shown


@AROUND
def test_the_names_that_a_help_lists(more):
    names = [f"name{at}" for at in range(MOST_LISTED + more)]
    assert ("`name3`" in suggest("nothing-like-it", names, "names")) is (more <= 0)


@AROUND
def test_the_length_of_a_word_that_is_quoted(more):
    word = "w" * (LONGEST + more)
    assert quote(word) == (f"`{word}`" if more <= 0 else f"`{'w' * (LONGEST - 1)}…`")


@AROUND
def test_the_words_that_are_no_level(more):
    words = [f"word-{at}" for at in range(counting.MOST_WORDS + more)]
    _, found = counting.codes(pl.Series(words), ["low"])
    assert len(found) == counting.MOST_WORDS + min(more, 1)
    assert found.get(("no_level", REST), 0) == max(more, 0)


@AROUND
def test_the_length_of_a_word_that_is_no_level(more):
    word = "w" * (counting.LONGEST + more)
    assert list(counting.codes(pl.Series([word]), ["low"])[1]) == [("no_level", word[: counting.LONGEST])]


# Pieces in which rows are worked at: what comes out is the same, wherever they are cut


@AROUND
@pytest.mark.parametrize("pieces", [1, 2])
def test_bad_rows_that_are_examined_together(pieces, more, monkeypatch):
    monkeypatch.setattr("facts.tables.rejects.TOGETHER", 3)
    rows = 3 * pieces + more
    frame = pl.DataFrame({"id": [f"p{at}" for at in range(rows)], "age": [999] * rows})
    table = FrameReader(frame.schema, WANTED, "f", "f").table(frame.lazy(), 0)
    assert [(reject.place, reject.code) for reject in table.rejects] == [
        (at, "out-of-range") for at in range(1, rows + 1)
    ]


@AROUND
@pytest.mark.parametrize("pieces", [1, 2])
def test_cases_that_are_gathered_into_a_table(pieces, more, run, tmp_path, monkeypatch):
    rows, answer = 3 * pieces + more, {"four_steps": []}
    text = json.dumps([{"id": f"p{at}", "answers": answer} for at in range(rows)])
    (tmp_path / "cases.json").write_text(text)
    monkeypatch.setattr("facts.files.gathered.MANY", 3)
    monkeypatch.setattr("engine.batch.work.TOGETHER", 2)
    base = Path(__file__).parent / "bases" / "ottawa-ankle"
    shown = run("assess", "cases.json", "-o", "out.jsonl", "--kb", str(base))
    assert shown.exit_code == 0, shown.stderr
    found = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert found == [f"p{at}" for at in range(rows)]


def test_of_a_line_that_is_too_long_the_beginning_is_said(monkeypatch):
    for module in ("trees.lines", "tables.blocks", "tables.sorting", "tables.csv_sorting"):
        monkeypatch.setattr(f"facts.{module}.MAX_LINE", 200, raising=False)
    data = json.dumps({"id": "x" * 300, "answers": {}}).encode() + b"\n"
    (reject,) = whole(jsonl_segments(BytesIO(data), WANTED.origin("f", "f"), WANTED)).rejects
    assert reject.content == data.decode()[:100] + "…"
