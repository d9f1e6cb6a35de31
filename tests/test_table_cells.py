"""No cell of a CSV file is run by a spreadsheet or steers a terminal, unless formulas are asked for."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from facts.tables.csv_cells import cells, heads
from facts.tables.sinks import sink

RUN = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\rtext",
    "\ntext",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    "'=1",
    '"=1',
    " \"' @x",
    "=",
    "-",
    "--",
    "+49 30 1234",
    "-1-1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
]
NOT_RUN = [
    "a=1",
    "1+1",
    "",
    " ",
    "case-1",
    "O'Hara",
    '"quoted"',
    "-5",
    "+5",
    "-2.5",
    "-2,5",
    "-1e9",
    "1",
    "病=1",
]


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_runs_becomes_text(text):
    assert cells(pl.DataFrame({"id": ["plain", text, None]}))["id"].to_list() == ["plain", f"'{text}", None]
    assert cells(pl.DataFrame({"id": [text]}), formulas=True)["id"].to_list() == [text]
    assert heads(["id", text]) == ["id", f"'{text}"]
    assert heads(["id", text], formulas=True) == ["id", text]


@pytest.mark.parametrize("text", NOT_RUN)
def test_numbers_and_other_text_stay_as_they_are(text):
    assert cells(pl.DataFrame({"id": [text]}))["id"].to_list() == [text]
    assert heads([text]) == [text]


@pytest.mark.parametrize("formulas", [False, True])
@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\0b", r"a\x00b"), ("\x1b[31mred", r"\x1b[31mred"), ("\x7f", r"\x7f"), ("\x9b31m", r"\x9b31m")],
)
def test_characters_that_steer_a_terminal_are_escapes(text, shown, formulas):
    assert cells(pl.DataFrame({"id": [text]}), formulas)["id"].to_list() == [shown]
    assert heads([text], formulas) == [shown]


def test_columns_of_any_type_are_looked_at_and_only_text_is_changed():
    frame = pl.DataFrame(
        {
            "whole": [-1, 2],
            "part": [-0.5, None],
            "fixed": pl.Series(["=a", "b"], dtype=pl.Enum(["=a", "b"])),
            "harmless": pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])),
            "varied": pl.Series(["b", "@a"], dtype=pl.Categorical),
            "true": [True, False],
        }
    )
    found = cells(frame)
    assert found.rows() == [(-1, -0.5, "'=a", "a", "b", True), (2, None, "b", "b", "'@a", False)]
    assert found.schema["harmless"] == pl.Enum(["a", "b"])


def test_names_that_become_alike_are_two_columns_all_the_same():
    assert sink(".csv").opening(["id", "a\0", r"a\x00"]) == b"id,a\\x00,a\\x00\n"


CASES = [
    {"id": text, "=site": text, "answers": {}} for text in ["=1+1", "a\x1bb", " @x", "-7", "'quoted'", "\0"]
]


def in_csv(run, write, *more: str) -> list[list[str]]:
    write("cases.jsonl", "".join(json.dumps(case) + "\n" for case in CASES))
    assert run("assess", "cases.jsonl", "-o", "out.csv", "--keep", "=site", *more).exit_code == 0
    text = Path("out.csv").read_text(encoding="utf-8")
    return [row[:2] for row in csv.reader(StringIO(text, newline=""))]


def test_a_run_writes_no_formulas_and_says_so_in_its_manifest(run, write):
    safe = ["'=1+1", r"a\x1bb", "' @x", "-7", "'quoted'", r"\x00"]
    head, *rows = in_csv(run, write)
    assert head == ["id", "'=site"]
    assert [id for id, _ in rows] == safe
    assert [site for _, site in rows] == ["'=1+1", r"a\x1bb", "'@x", "-7", "'quoted'", r"\x00"]
    assert json.loads(Path("out.csv.manifest.json").read_text())["options"]["formulas"] is False


def test_formulas_are_written_where_they_are_asked_for(run, write):
    head, *rows = in_csv(run, write, "--formulas")
    assert head == ["id", "=site"]
    assert [id for id, _ in rows] == ["=1+1", r"a\x1bb", " @x", "-7", "'quoted'", r"\x00"]
    assert json.loads(Path("out.csv.manifest.json").read_text())["options"]["formulas"] is True


def test_other_forms_have_text_as_it_was(run, write):
    write("cases.jsonl", "".join(json.dumps(case) + "\n" for case in CASES))
    run("assess", "cases.jsonl", "-o", "out.parquet", "--keep", "=site")
    assert pl.read_parquet("out.parquet")["id"].to_list() == [case["id"] for case in CASES]
