"""What a map says of values means the same in whatever file they are: CSV, Parquet, JSON and JSON lines."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from case_reading import QUESTIONS
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sweeps import examples
from test_segments import whole

from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.other_names.renaming import Renaming, read_renaming
from facts.problem import render
from facts.tables.segment import Table, Wanted, table_of

EASED = "resting", "sitting", "leaning_forward"
MAP = """
columns: {Fall: id}
values:
  eased_by: {Weiss nicht: unknown, Nichts davon: none, Liegen: resting, Sitzen: sitting, k.A.: ~, "9": ""}
  leg_weakness: {ja: yes, nein: no, k.A.: "", "1": yes, "2": no, "9": null}
  walking_effect: {beginnt: begins, k.A.: , "1": begins}
  age: {k.A.: , "-9": "", alt: 90, w.n.: unknown}
  severity: {"-9": ~, stark: 8.5}
"""


def renaming(folder: Path, text: str = MAP) -> Renaming:
    path = folder / "map.yaml"
    path.write_text(text)
    found, problems = read_renaming(str(path), QUESTIONS)
    assert not problems, "\n".join(map(render, problems))
    return found


def in_segments(path: Path, ours: Renaming) -> Table:
    wanted = Wanted(QUESTIONS, renaming=ours)
    return whole(segments([str(path)], wanted, BytesIO()), wanted)


def one_by_one(path: Path, ours: Renaming) -> Table:
    found = read_cases([path], QUESTIONS, renaming=ours)
    return table_of((each for each in found if not isinstance(each, list)), Wanted(QUESTIONS, renaming=ours))


def written(folder: Path, question: str, words: list[str | None]) -> dict[str, Path]:
    """Files of every kind with these words as the answers to a question, `;` between several options."""
    ids = [f"c{at}" for at in range(len(words))]
    paths = {name: folder / name for name in ("a.csv", "quoted.csv", "text.parquet", "a.jsonl", "a.json")}
    cells = [(id, word or "") for id, word in zip(ids, words, strict=True)]
    paths["a.csv"].write_text("".join(f"{a},{b}\n" for a, b in [("Fall", question), *cells]))
    quoted = [f'"{a}","{b}"\n' for a, b in cells]
    paths["quoted.csv"].write_text(
        "".join([f"Fall,{question},about\n", *(f"{row[:-1]},a\n" for row in quoted)])
    )
    pl.DataFrame({"Fall": ids, question: words}, schema_overrides={question: pl.String}).write_parquet(
        paths["text.parquet"]
    )
    answers = [word if question != "eased_by" else word and word.split(";") for word in words]
    cases = [{"Fall": id, "answers": {question: answer}} for id, answer in zip(ids, answers, strict=True)]
    paths["a.jsonl"].write_text("".join(json.dumps(case) + "\n" for case in cases))
    paths["a.json"].write_text(json.dumps(cases))
    if question == "eased_by":
        paths["list.parquet"] = folder / "list.parquet"
        frame = pl.DataFrame(
            {"Fall": ids, question: answers}, schema_overrides={question: pl.List(pl.String)}
        )
        frame.write_parquet(paths["list.parquet"])
    return paths


SAID = {
    "eased_by": {
        "Weiss nicht": "unknown",
        " Weiss nicht ": "unknown",
        "Nichts davon": [],
        "Liegen;Sitzen": ["resting", "sitting"],
        " Liegen ; sitting": None,
        "Liegen;k.A.": ["resting"],
        "k.A.": {},
        "k.A.;9": {},
        "9.0": {},
    },
    "leg_weakness": {
        " ja": True,
        "nein ": False,
        "k.A.": {},
        "1": True,
        "1.0": True,
        "2.00": False,
        "9.0": {},
    },
    "walking_effect": {"beginnt ": "begins", "beginnt": "begins", "k.A.": {}, "1.0": "begins"},
    "age": {"-9": {}, "-9.0": {}, " k.A.": {}, "70": 70, "alt": 90, "w.n.": "unknown"},
    "severity": {"-9": {}, "7.5": 7.5, "stark": 8.5},
}
SAID["eased_by"].pop(" Liegen ; sitting")


def answer_of(row: dict[str, object], question: str) -> object:
    if row[f"{question}?"]:
        return "unknown"
    if question != "eased_by":
        return {} if row[question] is None else row[question]
    known = {option: row[f"eased_by.{option}"] for option in EASED}
    return {} if None in known.values() else [option for option in EASED if known[option]]


@pytest.mark.parametrize("question", SAID)
def test_values_mean_the_same_in_every_file(question, tmp_path):
    ours, expected = renaming(tmp_path), list(SAID[question].values())
    for name, path in written(tmp_path, question, list(SAID[question])).items():
        for table in (in_segments(path, ours), one_by_one(path, ours)):
            assert [answer_of(row, question) for row in table.frame.rows(named=True)] == expected, name
            assert not list(table.rejects), name


WORDS = [
    "Weiss nicht",
    "Nichts davon",
    "Liegen",
    " Sitzen",
    "k.A.",
    "9",
    "9.0",
    "resting",
    "none",
    "unknown",
    "x",
    "1",
    "1.0",
]
OTHERS = [
    "ja",
    "nein ",
    "beginnt",
    "begins",
    "yes",
    "-9",
    "-9.0",
    "alt",
    "w.n.",
    "stark",
    "5",
    "5.50",
    "",
    " ",
    "2",
]


@given(
    question=st.sampled_from(list(QUESTIONS)),
    words=st.lists(
        st.none()
        | st.sampled_from([*WORDS, *OTHERS])
        | st.lists(st.sampled_from(WORDS), min_size=1).map(";".join),
        min_size=1,
        max_size=6,
    ),
)
@examples(20, 60)
def test_any_values_mean_the_same_in_every_file(question, words, tmp_path):
    ours = renaming(tmp_path)
    paths = written(tmp_path, question, words)
    of_text = in_segments(paths["a.csv"], ours)
    of_objects = in_segments(paths["a.jsonl"], ours)
    for name, path in paths.items():
        first = of_text if name in ("a.csv", "quoted.csv", "text.parquet") else of_objects
        for table in (in_segments(path, ours), one_by_one(path, ours)):
            assert_frame_equal(table.frame.drop("#expect"), first.frame.drop("#expect"))


def test_values_of_columns_that_are_numbers_or_say_yes_and_no(tmp_path):
    frame = pl.DataFrame({"leg_weakness": [1.0, 0.0, 9.0, None], "age": [70.0, -9.0, None, 5.0]})
    frame.write_parquet(tmp_path / "f.parquet")
    text = 'values: {leg_weakness: {"9": }, age: {"-9": }}'
    table = in_segments(tmp_path / "f.parquet", renaming(tmp_path, text))
    assert table.frame["leg_weakness"].to_list() == [True, False, None, None]
    assert table.frame["age"].to_list() == [70, None, None, 5]


def test_a_column_an_option_is_read_by_the_map_of_its_question(tmp_path):
    text = 'values: {eased_by: {x: yes, o: no, "?": unknown, "-": }}'
    path = tmp_path / "f.csv"
    path.write_text("eased_by.resting,eased_by.sitting\nx,o\n-,x\n?,?\n")
    table = in_segments(path, renaming(tmp_path, text))
    columns = ["eased_by.resting", "eased_by.sitting", "eased_by?"]
    assert table.frame.select(columns).rows() == [
        (True, False, False),
        (None, True, False),
        (None, None, True),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("values: {age: {x: abc}}", "`age` cannot be `abc`"),
        ("values: {age: {x: [1]}}", "`age` cannot be a list"),
        ("values: {leg_weakness: {x: maybe}}", "`leg_weakness` cannot be `maybe`"),
        ('values: {leg_weakness: {"": no}}', "an empty cell must not get a meaning, here `no`"),
        ("values: {leg_weakness: {' ': no}}", "an empty cell must not get a meaning, here `no`"),
        ("values: {eased_by: {x: walking}}", "`eased_by` cannot be `walking`"),
    ],
)
def test_what_a_value_cannot_be(text, said, tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(text)
    assert [each.message for each in read_renaming(str(path), QUESTIONS)[1]] == [said]


@pytest.mark.parametrize("word", ["yes", "no", "true", "false", "none", "unknown", "resting", ""])
def test_what_a_value_of_several_options_can_be(word, tmp_path):
    assert renaming(tmp_path, f"values: {{eased_by: {{x: {word}}}}}").values == {"eased_by": {"x": word}}


CODED = {"a.jsonl": "{}\n", "a.json": "[{}]", "a.yaml": "{}\n"}


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("answers", ["5", '"yes"', "[1]"])
def test_answers_that_are_not_answers_are_rejected_under_a_map_as_without(name, answers, tmp_path):
    path = tmp_path / name
    path.write_text(CODED[name].format('{"id": "a", "answers": ' + answers + "}"))
    found, plain = (
        list(read_cases([path], QUESTIONS, renaming=each)) for each in (renaming(tmp_path), Renaming())
    )
    assert [[problem.code for problem in each] for each in found] == [
        [problem.code for problem in each] for each in plain
    ]


@pytest.mark.parametrize("name", CODED)
def test_an_option_that_a_map_says_is_no_answer_is_left_out(name, tmp_path):
    path = tmp_path / name
    answer = '{"Liegen": true, "9": true, "Sitzen": false}'
    path.write_text(CODED[name].format('{"id": "a", "answers": {"eased_by": ' + answer + "}}"))
    (case,) = read_cases([path], QUESTIONS, renaming=renaming(tmp_path))
    assert case.answers == {"eased_by": {"resting": True, "sitting": False}}
