"""Files of cases: what is written, and the cases or the problems that come out."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from case_reading import EASED, GOOD, QUESTIONS, only_case, only_problem, places, read

from facts.case import Case
from facts.files.cases import read_cases
from facts.problem import render
from facts.trees import lines
from facts.vocabulary import UNKNOWN, Answer

SAME_CASE = {
    "case.yaml": "id: a\nanswers:\n  leg_weakness: no\n  eased_by: [resting, leaning_forward]\n  age: 71\n",
    "case.YML": "cases:\n  - {id: a, answers: {leg_weakness: no, age: 71,\n"
    "     eased_by: [leaning_forward, resting]}}\n",
    "case.json": '{"id": "a", "answers": {"leg_weakness": false, "eased_by": ["resting", "leaning_forward"],'
    ' "age": 71}}',
    "cases.json": '[{"id": "a",\n "answers": {"leg_weakness": "no", "age": "71",\n'
    ' "eased_by": {"resting": true, "sitting": false, "leaning_forward": true}}}]',
    "case.ndjson": '\n{"id":"a","answers":{"leg_weakness":"no","age":71,'
    '"eased_by":["resting","leaning_forward"]}}\r\n\n',
    "bom.jsonl": '\ufeff{"id":"a","answers":{"leg_weakness":false,"age":71,'
    '"eased_by":["resting","leaning_forward"]}}',
    "case.csv": "id,leg_weakness,eased_by,age,severity\na,no,resting; leaning_forward,71,\n",
    "bar.csv": "id;leg_weakness;eased_by;age\r\na;no;resting|leaning_forward;71\r\n",
    "bom.csv": '\ufeffid;leg_weakness;eased_by;age;\r\n a ; NO ;"resting;leaning_forward"; 71 ;\r\n',
    "case.tsv": "id\tleg_weakness\tage\teased_by\na\tno\t71\tleaning_forward;resting;\n",
    "options.csv": "id,age,leg_weakness,eased_by.resting,eased_by.sitting,eased_by.leaning_forward\n"
    "a,71,false,yes,no,true\n",
}


@pytest.mark.parametrize("name", SAME_CASE)
def test_every_format_says_the_same(tmp_path: Path, name: str) -> None:
    expected: dict[str, Answer] = {"leg_weakness": False, "eased_by": EASED, "age": 71}
    assert only_case(read(tmp_path, name, SAME_CASE[name])) == Case("a", expected)


@pytest.mark.parametrize(
    ("name", "text", "answers"),
    [
        ("a.csv", "eased_by\nnone\n", {"eased_by": dict.fromkeys(EASED, False)}),
        ("a.csv", "eased_by\nunknown\n", {"eased_by": UNKNOWN}),
        ("a.csv", "id,age,eased_by\na,,\n", {}),
        ("a.csv", "eased_by.sitting\nyes\n", {"eased_by": {"sitting": True}}),
        ("a.csv", "eased_by.sitting,eased_by.resting\nyes,unknown\n", {"eased_by": {"sitting": True}}),
        ("a.csv", "eased_by.sitting,eased_by.resting\n,unknown\n", {"eased_by": UNKNOWN}),
        ("a.csv", 'about,age\n"two\nlines, ""quoted""",5\n', {"age": 5}),
        ("a.csv", "age\n5", {"age": 5}),
        ("a.csv", "age,,\n5,,\n", {"age": 5}),
        ("a.jsonl", '{"answers": {"age": null, "severity": 0.5, "eased_by": []}}',
         {"severity": 0.5, "eased_by": dict.fromkeys(EASED, False)}),
        ("a.jsonl", '{"answers": {"leg_weakness": "unknown"}}', {"leg_weakness": UNKNOWN}),
        ("a.json", '{"cases": [{"answers": {"age": 5}}]}', {"age": 5}),
    ],
)  # fmt: skip
def test_what_the_answers_are(tmp_path: Path, name: str, text: str, answers: dict[str, Answer]) -> None:
    assert only_case(read(tmp_path, name, text)).answers == answers


DEEP = "[" * 100_000 + "]" * 100_000

BAD = [
    ("empty.yaml", "", [[("empty-file", 0, 0)]]),
    ("empty.json", " \n", [[("empty-file", 0, 0)]]),
    ("empty.jsonl", "\n\n", [[("empty-file", 0, 0)]]),
    ("empty.csv", "\ufeff\r\n", [[("empty-file", 0, 0)]]),
    ("none.json", "[]", []),
    ("none.jsonl", "\ufeff", [[("empty-file", 0, 0)]]),
    ("empty.yml", "# nothing\n---\n...\n", [[("empty-file", 0, 0)]]),
    ("none.yaml", "cases: []\n", []),
    ("none.csv", "id,age\n", []),
    ("none.csv", "id,agee\n", [[("unknown-column", 1, 4)]]),
    # YAML
    ("a.yaml", "id: a\nanswers: {age: five}\n---\nid: b\nanswers:\n", [[("not-a-number", 2, 16)], "b"]),
    ("a.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {agee: 1, leg_weakness: maybe}}\n",
     ["a", [("unknown-question", 2, 21), ("not-yes-no", 2, 44)]]),
    ("a.yaml", "- answers: {age: 1, age: 2}\n- answers: {}\n", [[("duplicate-key", 1, 21)], "a.yaml:2"]),
    ("a.yaml", "- answers: {age: 1}\n- answers: *x\n", ["a.yaml:1", [("alias", 2, 12)]]),
    ("a.yaml", "cases:\n- answers: {}\ncases:\n- answers: {}\n", ["a.yaml:2", [("duplicate-key", 3, 1)]]),
    ("a.yaml", "answers: {}\n---\nanswers: [\n", ["a.yaml:1", [("yaml-syntax", 4, 1)]]),
    ("a.yaml", "[{answers: {}}, {answers: {}}]", ["a.yaml:1", "a.yaml:1:17"]),
    ("a.yaml", "just words\n", [[("not-a-case", 1, 1)]]),
    ("a.yaml", "eased_by: leaning forward\n", [[("no-answers", 1, 1)]]),
    ("a.yaml", "a\0b", [[("yaml-character", 1, 2)]]),
    ("a.yaml", DEEP, [[("too-deep", 1, 41)]]),
    # JSON
    ("a.json", '[{"answers": {"age": 5}},\n {"answers": {"age": "five"}}]',
     ["a.json:1", [("not-a-number", 2, 22)]]),
    ("a.json", '{"answers":\n  {"age": 5,\n   "age": 6}}', [[("duplicate-key", 3, 4)]]),
    ("a.json", '{"answers": {"age": 5}\n', [[("json-syntax", 2, 1)]]),
    ("a.json", '{"answers": {"age": 05}}', [[("json-syntax", 1, 22)]]),
    ("a.json", '{"answers": {age: 5}}', [[("json-syntax", 1, 14)]]),
    ("a.json", '{"answers": {"age" 5}}', [[("json-syntax", 1, 20)]]),
    ("a.json", '{"answers": {}}\n{"answers": {}}', [[("json-syntax", 2, 1)]]),
    ("a.json", '{"id": "a\nb", "answers": {}}', [[("json-syntax", 1, 10)]]),
    ("a.json", '{"id": "\\ud800", "answers": {}}', [[("json-syntax", 1, 8)]]),
    ("a.json", '{"answers": {"age": yes}}', [[("json-syntax", 1, 21)]]),
    ("a.json", "", [[("empty-file", 0, 0)]]),
    ("a.json", b"\xff\xfe[]", [[("not-utf8", 1, 1)]]),
    ("a.json", DEEP, [[("too-deep", 1, 41)]]),
    ("a.json", '{"a":' * 100_000, [[("too-deep", 1, 201)]]),
    # JSON lines
    ("a.jsonl", GOOD + '{"answers": {"leg_weakness": "maybe", "age": 700}}\n' + GOOD,
     ["a.jsonl:1", [("not-yes-no", 2, 30), ("out-of-range", 2, 46)], "a.jsonl:3"]),
    ("a.jsonl", '{"answers": {"age": 1e1}}\n', [[("not-a-number", 1, 21)]]),
    ("a.jsonl", '{"answers": {"age": NaN}}\n' + GOOD, [[("json-syntax", 1, 21)], "a.jsonl:2"]),
    ("a.jsonl", '{"answers": {"age": -Infinity}}\n', [[("json-syntax", 1, 21)]]),
    ("a.jsonl", '{"answers": {"age": 1, "age": 2}}\n', [[("duplicate-key", 1, 24)]]),
    ("a.jsonl", '{"answers": {"age": %s}}\n' % ("9" * 5000), [[("not-a-number", 1, 21)]]),
    ("a.jsonl", '{"id": "\\uDC00", "answers": {}}\n', [[("json-syntax", 1, 8)]]),
    ("a.jsonl", DEEP + "\n" + GOOD, [[("too-deep", 1, 41)], "a.jsonl:2"]),
    ("a.jsonl", "[1]\n7\nnull\n", [[("not-a-case", 1, 1)], [("not-a-case", 2, 1)], [("not-a-case", 3, 1)]]),
    ("a.jsonl", "\0\n" + GOOD, [[("json-syntax", 1, 1)], "a.jsonl:2"]),
    ("a.jsonl", b"\xe9\n" + GOOD.encode() + b'{"id": "\xff"}\n', [[("not-utf8", 1, 1)], "a.jsonl:2",
     [("not-utf8", 3, 9)]]),
    ("a.jsonl", (GOOD * 3).encode("utf-16"), [[("not-utf8", 1, 1)]]),
    ("a.jsonl", GOOD + '{"answers": {"age"', ["a.jsonl:1", [("json-syntax", 2, 19)]]),
    # CSV
    ("a.csv", "id,age,leg_weakness\na,700,maybe\nb,5,\n",
     [[("out-of-range", 2, 3), ("not-yes-no", 2, 7)], "b"]),
    ("a.csv", 'id,age\n"a",700\n', [[("out-of-range", 2, 0)]]),
    ("a.csv", "id,eased_by\na,leaning forward\n", [[("unknown-option", 2, 3)]]),
    ("a.csv", "id,eased_by\na,;\nb,none;resting\n", [[("unknown-option", 2, 3)], [("unknown-option", 3, 3)]]),
    ("a.csv", "id,age\na\nb,1,2\nc,3\n", [[("csv-fields", 2, 0)], [("csv-fields", 3, 0)], "c"]),
    ("a.csv", "age,leg_weakness,age\n1,2,3\n", [[("duplicate-column", 1, 18)]]),
    ("a.csv", "age,eased_by,eased_by.resting\n1,,\n", [[("two-forms", 1, 14)]]),
    ("a.csv", "age,,\n1,,x\n2,,\n", [[("empty-header", 2, 4)], "a.csv:3"]),
    ("a.csv", "agee,leg_weakness\n1,no\n", [[("unknown-column", 1, 1)]]),
    ("a.csv", "1,no\n2,yes\n", [[("no-columns", 1, 0)]]),
    ("a.csv", "age\0,id\n1,2\n", [[("nul-character", 1, 4)]]),
    ("a.csv", "id,age\na,\0\nb,1\n", [[("nul-character", 2, 3)], "b"]),
    ("a.csv", b"id,age\na,\xff\nb,1\n", [[("not-utf8", 2, 3)], "b"]),
    ("a.csv", "id,age\ra,1\r", [[("csv-line-end", 1, 0)]]),
    ("a.csv", 'id,age\n"a"x,1\nb,1\n', [[("csv-quote", 2, 0)], "b"]),
    ("a.csv", 'id,age\na,"1\nb,2\nc,3\n', [[("csv-quote", 2, 0)], "b", "c"]),
    ("a.csv", 'id,age\na,"1\nb,2\nc,3"\nd,4\n', [[("csv-quote", 2, 0)], "b", [("not-a-number", 4, 0)], "d"]),
    ("a.csv", 'id,about,age\na,"torn', [[("csv-quote", 2, 0)]]),
    ("a.csv", '"id,age\na,1\n', [[("csv-quote", 1, 0)]]),
    ("a.csv", "id," * 3000 + "age\n", [[("too-many-columns", 1, 0)]]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), BAD, ids=[f"{n}-{str(t)[:20]!r}" for n, t, _ in BAD])
def test_bad_input_is_named_and_the_rest_is_read(
    tmp_path: Path, name: str, text: str | bytes, expected: list[object]
) -> None:
    assert places(read(tmp_path, name, text)) == expected


def test_a_problem_shows_the_line_and_the_way_out(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", '{"answers": {"walking_efect": "begins"}}\n')
    assert (
        render(only_problem(found))
        .splitlines()[0]
        .endswith("a.jsonl:1:14: error[unknown-question]: there is no question `walking_efect`")
    )
    assert render(only_problem(found)).splitlines()[1:3] == [
        '    1 | {"answers": {"walking_efect": "begins"}}',
        "                     ^^^^^^^^^^^^^^^",
    ]
    assert "did you mean `walking_effect`?" in only_problem(found).help


def test_a_row_keeps_its_text_and_its_question(tmp_path: Path) -> None:
    problem = only_problem(read(tmp_path, "a.csv", "id;age\r\nx;five\r\n"))
    assert (problem.span.source, problem.subject) == ("x;five", "age")


def test_a_column_that_no_question_resembles_is_said_once(tmp_path: Path) -> None:
    notes, *rows = read(tmp_path, "a.csv", "id,shoe_size_and_colour,age\na,1,2\nb,1,2\n")
    assert isinstance(notes, list)
    assert [note.severity for note in notes] == ["warning"]
    assert places(rows) == ["a", "b"]


def test_a_misspelt_column_would_lose_answers_so_nothing_is_read(tmp_path: Path) -> None:
    problem = only_problem(read(tmp_path, "a.csv", "id,agee,leg_weakness\na,1,yes\n"))
    assert (problem.code, problem.severity) == ("unknown-column", "error")


def test_a_duplicate_column_names_both_places(tmp_path: Path) -> None:
    problem = only_problem(read(tmp_path, "a.csv", "age,id,age\n1,2,3\n"))
    assert problem.message == "column `age` appears twice, as columns 1 and 3"


def test_two_cases_with_one_id(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: x\nanswers: {}\n")
    (tmp_path / "b.csv").write_text("id,age\ny,1\nx,2\n")
    *_, problems = read_cases([tmp_path], QUESTIONS)
    assert isinstance(problems, list)
    assert problems[0].code == "duplicate-id"
    assert str(problems[0].earlier) == f"{tmp_path}/a.yaml:1:1"


def test_cases_without_id_in_files_of_one_name_do_not_clash(tmp_path: Path) -> None:
    for folder in ("monday", "tuesday"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jsonl").write_text(GOOD)
    assert places(list(read_cases([tmp_path], QUESTIONS))) == ["a.jsonl:1", f"{tmp_path}/tuesday/a.jsonl:1"]


# Limits


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1000)
    long = '{"id": "' + "x" * 5000 + '", "answers": {}}\n'
    assert places(read(tmp_path, "a.jsonl", GOOD + long + GOOD)) == [
        "a.jsonl:1", [("line-too-long", 2, 0)], "a.jsonl:3"
    ]  # fmt: skip
    assert places(read(tmp_path, "a.csv", "age\n" + "5" * 5000 + "\n5\n")) == [
        [("line-too-long", 2, 0)], "a.csv:3"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_that_is_too_large(tmp_path: Path, name: str) -> None:
    with open(tmp_path / name, "wb") as file:
        file.truncate(50 * 2**20)
    problem = only_problem(list(read_cases([tmp_path / name], QUESTIONS)))
    assert (problem.code, "50 MB" in problem.message) == ("too-large", True)


def test_a_quote_that_never_closes_costs_one_row_of_a_large_file(tmp_path: Path) -> None:
    rows = "".join(f"r{number},5\n" for number in range(30_000))
    problems, *cases = read(tmp_path, "a.csv", f'id,age\nx,"5\n{rows}')
    assert places([problems]) == [[("csv-quote", 2, 0)]]
    assert len(cases) == 30_000
    assert all(isinstance(case, Case) for case in cases)


def test_lines_are_read_one_at_a_time() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readline(self, size: int | None = -1, /) -> bytes:
            return GOOD.encode()

    cases = read_cases(["-"], QUESTIONS, Endless())
    assert places([next(cases) for _ in range(3)]) == ["<stdin>:1", "<stdin>:2", "<stdin>:3"]
