"""Files as other tools write them: what is read, and what is said, once, where it is not."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from case_reading import QUESTIONS, read
from test_segments import WANTED, whole

from facts.case import Case
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.other_names.renaming import Renaming
from facts.problem import Problem, render
from facts.tables.segment import Segment, Table, Wanted


def told(path: Path, wanted: Wanted = WANTED) -> list[Problem]:
    """All that is said of a file, of its columns first."""
    found = list(segments([str(path)], wanted, BytesIO()))
    warnings = [each for each in found if isinstance(each, Problem)]
    rejects = whole((each for each in found if not isinstance(each, Problem)), wanted).rejects
    return [*warnings, *(problem for reject in rejects for problem in reject.problems)]


def codes(problems: list[Problem]) -> list[str]:
    return [each.code for each in problems if each.code != "question-without-column"]


@pytest.mark.parametrize(("name", "column"), [("shoe_size", 8), (" agee ", 9)])
def test_places_in_a_header_are_those_of_the_file_whatever_a_map_calls_its_columns(name, column, tmp_path):
    (tmp_path / "f.csv").write_text(f"rec,q1,{name},q2\n1,7,42,begins\n")
    names = {"rec": "id", "q1": "severity", "q2": "walking_effect"}
    (problem,) = (
        each
        for each in told(tmp_path / "f.csv", Wanted(QUESTIONS, renaming=Renaming(names)))
        if each.code == "unknown-column"
    )
    assert (problem.subject, problem.span.column) == (name.strip(), column)
    _, source, caret, *_ = render(problem).splitlines()
    assert source[caret.index("^") : len(caret)] == name.strip()


def test_columns_twice_under_a_map_have_the_places_of_the_file(tmp_path):
    (tmp_path / "f.csv").write_text("years,sex,age\n5,f,6\n")
    (problem,) = told(tmp_path / "f.csv", Wanted(QUESTIONS, renaming=Renaming({"years": "age"})))
    assert (problem.code, problem.span.column, problem.earlier.column) == ("duplicate-column", 11, 1)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_is_kept_makes_no_other_column_a_misspelt_question(suffix, tmp_path):
    path = tmp_path / f"f{suffix}"
    frame = pl.DataFrame({"repeat_instrument": ["a"], "repeat_instance": ["1"], "ids": ["x"], "age": ["5"]})
    frame.write_csv(path) if suffix == ".csv" else frame.write_parquet(path)
    wanted = Wanted(QUESTIONS, keep=("repeat_instance",))
    found = [each for each in told(path, wanted) if each.code == "unknown-column"]
    assert [(each.subject, each.severity) for each in found] == [
        ("repeat_instrument", "warning"),
        ("ids", "warning"),
    ]


def test_a_first_column_without_a_name_is_told_of_once(tmp_path):
    """Tools write the number of each row there."""
    path = tmp_path / "f.csv"
    path.write_text(",id,age\n" + "".join(f"{n},c{n},5\n" for n in range(30)))
    table = whole(segments([str(path)], WANTED, BytesIO()))
    assert (table.frame.height, list(table.rejects), codes(told(path))) == (30, [], ["empty-header"])
    cases = [each for each in read_cases([path], QUESTIONS) if isinstance(each, Case)]
    assert [case.answers for case in cases] == [{"age": 5}] * 30


def test_another_column_without_a_name_must_be_empty(tmp_path):
    """Its answers would be lost; rows in which it says nothing are fine, whatever others say."""
    path = tmp_path / "f.csv"
    path.write_text(
        "id,age,\n" + "".join(f"{n},5,{'yes' if n == 7 else ' ' if n == 8 else ''}\n" for n in range(30))
    )
    table = whole(segments([str(path)], WANTED, BytesIO()))
    (reject,) = table.rejects
    assert (table.frame.height, reject.place, reject.code) == (29, 9, "empty-header")


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "\ufeffsep=;", "sep=; "])
def test_the_line_that_names_the_delimiter_is_no_header(first, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(f"{first}\r\nid;about;age\r\n1;a, b, c;71\r\n", newline="")
    table = whole(segments([str(path)], WANTED, BytesIO()))
    assert (table.frame["id"].to_list(), table.frame["age"].to_list(), list(table.rejects)) == (
        ["1"],
        [71],
        [],
    )
    (case,) = (each for each in read_cases([path], QUESTIONS) if isinstance(each, Case))
    assert (case.answers, case.span.line) == ({"age": 71}, 3)


@pytest.mark.parametrize(("first", "mark"), [("sep=|", "|"), ("sep=;", ";"), ("sep=,", ",")])
def test_the_delimiter_that_a_line_names_is_that_of_the_header_whatever_is_more_frequent(
    first, mark, tmp_path
):
    other = "," if mark == ";" else ";"
    path, about = tmp_path / "f.csv", f"what{other} where{other} and when"
    path.write_text(f"{first}\n{mark.join(['id', about, 'age'])}\n{mark.join(['1', 'x', '71'])}\n")
    table = whole(segments([str(path)], WANTED, BytesIO()))
    assert (table.frame["id"].to_list(), table.frame["age"].to_list()) == (["1"], [71])
    (case,) = (each for each in read_cases([path], QUESTIONS) if isinstance(each, Case))
    assert (case.id, case.answers) == ("1", {"age": 71})


def test_a_line_that_names_a_delimiter_and_nothing_else_holds_no_case(tmp_path):
    assert codes(read(tmp_path, "f.csv", "sep=,\n")[0]) == codes(read(tmp_path, "f.csv", "\n")[0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f.csv", "record_id,q01___1,q01___2\n1,0,1\n"),
        ("f.csv", '"StartDate","Q1"\n"Start Date","Where?\nAll of it"\n"{""ImportId"":""x""}","y"\n'),
        (
            "f.jsonl",
            '{"resourceType": "QuestionnaireResponse", "id": "a", "status": "completed", "item": []}\n',
        ),
        ("f.jsonl", '{"id": 1, "q1": 5, "q2": "x", "q3": null}\n'),
        ("f.json", '[{"id": 1, "q1": 5, "q2": "x"}]'),
    ],
)
def test_a_foreign_file_is_told_of_once_with_what_to_do(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    (problem,) = told(tmp_path / name)
    assert "`--map`" in problem.help
    assert read(tmp_path, name, text) == [[problem]]


@pytest.mark.parametrize("name", ["f.jsonl", "f.json"])
def test_answers_beside_the_id_are_no_reason_to_write_empty_ones(name, tmp_path):
    (tmp_path / name).write_text('{"id": 1, "age": 71, "walking_effect": "begins", "leg_weakness": null}')
    (problem,) = told(tmp_path / name)
    assert (problem.code, problem.message) == (
        "no-answers",
        "the answers are beside the `id` instead of under `answers`",
    )
    assert '`{"id": ..., "answers": {question: answer}}`' in problem.help


def test_a_misspelt_key_is_still_told_of():
    assert codes(read_one('{"id": "a", "anwsers": {"age": 5}}')) == ["no-answers", "unknown-key"]


def read_one(text: str) -> list[Problem]:
    found = next(segments(["-"], WANTED, BytesIO(text.encode())))
    assert isinstance(found, Segment)
    (reject,) = found.read().rejects
    return list(reject.problems)


@pytest.mark.parametrize("code", ["1.0", "0", "2", "Y", "j"])
def test_codes_for_yes_and_no_are_named_with_the_remedy(code, tmp_path):
    (tmp_path / "f.csv").write_text(f"leg_weakness\n{code}\n")
    pl.DataFrame({"leg_weakness": [code]}).write_parquet(tmp_path / "f.parquet")
    (*_, problem), (*_, other) = (told(tmp_path / name) for name in ("f.csv", "f.parquet"))
    assert (problem.code, "`--map`" in problem.help) == ("not-yes-no", True)
    assert (other.code, other.message, other.help) == (problem.code, problem.message, problem.help)


NOISE = 0.1 + 0.2, 0.1 + 0.7 - 0.8, 7.000000000000001, 69.99999999999999


@pytest.mark.parametrize("number", NOISE)
@pytest.mark.parametrize(
    ("question", "help"), [("severity", "round it to 1 decimal"), ("age", "round it to a whole number")]
)
def test_the_noise_of_floating_point_has_one_name_in_every_file(number, question, help, tmp_path):
    paths = [tmp_path / f"f{suffix}" for suffix in (".csv", ".jsonl", ".json", ".parquet")]
    csv, lines, document, parquet = paths
    csv.write_text(f"{question}\n{number!r}\n")
    lines.write_text(json.dumps({"answers": {question: number}}))
    document.write_text(json.dumps([{"answers": {question: number}}]))
    pl.DataFrame({question: [number]}).write_parquet(parquet)
    (tmp_path / "text").mkdir()
    pl.DataFrame({question: [repr(number)]}).write_parquet(tmp_path / "text" / "f.parquet")
    for path in [*paths, tmp_path / "text" / "f.parquet"]:
        said = [(each.code, each.help) for each in told(path) if each.severity == "error"]
        assert said == [("decimals", help)], path


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_never_reaches_json(number, tmp_path):
    path = tmp_path / "f.parquet"
    pl.DataFrame({"age": [number], "weight": [number], "leg_weakness": [number]}).write_parquet(path)
    (reject,) = whole(segments([str(path)], WANTED, BytesIO())).rejects

    def refuse(word):
        raise AssertionError(word)

    said = json.loads(reject.to_json(), parse_constant=refuse)
    assert said["content"] == dict.fromkeys(["age", "weight", "leg_weakness"], str(number))


@pytest.mark.parametrize(("columns", "said"), [(2_000, []), (2_001, ["too-many-columns"])])
def test_the_most_columns_that_are_read(columns, said, tmp_path):
    names = ["age", *(f"x{number}" for number in range(columns - 1))]
    (tmp_path / "f.csv").write_text(",".join(names) + "\n" + "5" + "," * (columns - 1) + "\n")
    found = [each.code for each in told(tmp_path / "f.csv") if each.severity == "error"]
    assert found == said


@pytest.mark.parametrize("header", ['id;"a,b,c,d";age', '"a,b,c"\tage\tid', '"x;y;z",age'])
def test_a_delimiter_inside_of_quotes_is_none_of_the_header(header, tmp_path):
    (tmp_path / "f.csv").write_text(f"{header}\n")
    assert [each.code for each in told(tmp_path / "f.csv") if each.severity == "error"] == []


MANY = [f"strange_{at}_x" for at in range(1_500)]


def with_columns(folder: Path, suffix: str, names: list[str]) -> Path:
    path = folder / f"f.{suffix}"
    frame = pl.DataFrame({"age": [70], **{name: [1] for name in names}})
    frame.write_csv(path) if suffix == "csv" else frame.write_parquet(path)
    return path


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("columns", "last"),
    [
        (12, "there is no question `strange_11_x`; the column is not read"),
        (13, "1 more column is not read either"),
        (1_500, "1,488 more columns are not read either"),
    ],
)
def test_many_columns_that_nobody_knows_are_a_few_warnings(suffix, columns, last, tmp_path):
    path = with_columns(tmp_path, suffix, MANY[:columns])
    found = list(segments([str(path)], WANTED, BytesIO()))
    said = [each for each in found if isinstance(each, Problem) and each.code == "unknown-column"]
    assert [each.subject for each in said] == [*MANY[:12], *([""] if columns > 12 else [])]
    assert said[-1].message == last
    assert whole(found).frame["age"].to_list() == [70]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_misspelt_question_behind_many_columns_that_nobody_knows_is_an_error(suffix, tmp_path):
    path = with_columns(tmp_path, suffix, [*MANY, "leg_weaknes"])
    (reject,) = whole(segments([str(path)], WANTED, BytesIO())).rejects
    assert [(each.code, each.subject) for each in reject.problems if each.severity == "error"] == [
        ("unknown-column", "leg_weaknes")
    ]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_many_columns_whose_answers_would_be_lost_are_counted(suffix, tmp_path):
    path = with_columns(tmp_path, suffix, [f"answers.q{at}" for at in range(20)])
    (reject,) = whole(segments([str(path)], WANTED, BytesIO())).rejects
    assert [each.subject for each in reject.problems] == [*(f"answers.q{at}" for at in range(12)), ""]
    assert reject.problems[-1].message == "8 more columns would also be lost"


@pytest.mark.parametrize(("answers", "code"), [(1_998, None), (2_001, "too-many-columns")])
def test_a_struct_of_too_many_answers_is_refused(answers, code, tmp_path):
    said = {"age": 70} | {f"strange_{at}_x": 1 for at in range(answers - 1)}
    pl.DataFrame({"answers": [said]}).write_parquet(tmp_path / "f.parquet")
    rejects = whole(segments([str(tmp_path / "f.parquet")], WANTED, BytesIO())).rejects
    assert [each.code for each in rejects] == ([code] if code else [])


@pytest.mark.parametrize("key", ["data", "cases", "records"])
def test_an_object_around_the_cases_is_told_of_once(key, tmp_path):
    text = json.dumps({"next": None, key: [{"id": "a", "answers": {"age": 5}}, {"id": "b", "answers": {}}]})
    (tmp_path / "f.json").write_text(text)
    (problem,) = told(tmp_path / "f.json")
    assert (problem.code, problem.span.column) == ("no-answers", text.index(key))
    assert f"the list under `{key}`" in problem.message
    assert "write only the list" in problem.help


def of_parquet(frame: pl.DataFrame, folder: Path) -> Table:
    frame.write_parquet(folder / "f.parquet")
    return whole(segments([str(folder / "f.parquet")], WANTED, BytesIO()))


def test_decimals_of_parquet_say_yes_and_no(tmp_path):
    codes = pl.Series("leg_weakness", [1, 0, None, 2]).cast(pl.Decimal(1, 0))
    option = pl.Series("eased_by.resting", [0, 1, 0, 0]).cast(pl.Decimal(5, 2))
    read = of_parquet(pl.DataFrame([codes, option]), tmp_path)
    assert read.frame["leg_weakness"].to_list() == [True, False, None]
    assert read.frame["eased_by.resting"].to_list() == [False, True, False]
    assert [(each.place, each.code) for each in read.rejects] == [(4, "not-yes-no")]


def test_lists_of_a_fixed_size_are_lists(tmp_path):
    both = pl.Series("eased_by", [["resting", "sitting"], None], dtype=pl.Array(pl.String, 2))
    read = of_parquet(both.to_frame(), tmp_path)
    columns = [f"eased_by.{option}" for option in ("resting", "sitting", "leaning_forward")]
    assert read.frame.select(columns).rows() == [(True, True, False), (None, None, None)]
    renaming = Renaming(values={"eased_by": {"resting": "leaning_forward"}})
    wanted = Wanted(QUESTIONS, renaming=renaming)
    read = whole(segments([str(tmp_path / "f.parquet")], wanted, BytesIO()), wanted)
    assert read.frame.select(columns).rows() == [(False, True, True), (None, None, None)]


def test_a_list_with_null_is_told_of_as_in_json(tmp_path):
    (tmp_path / "f.jsonl").write_text('{"answers": {"eased_by": ["resting", null]}}\n')
    (expected,) = told(tmp_path / "f.jsonl")
    read = of_parquet(pl.DataFrame({"eased_by": [["resting", None], ["resting"]]}), tmp_path)
    (reject,) = read.rejects
    (problem,) = reject.problems
    assert (problem.code, problem.message) == (expected.code, expected.message)
    assert problem.message == "`eased_by` has no option `null`"


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series("age", [1]).cast(pl.Duration), "numbers or text, not spans of time"),
        (pl.Series("leg_weakness", [1]).cast(pl.Date), "Booleans, 1 and 0, or text, not dates"),
        (pl.Series("walking_effect", [[1.5]]), "text, not lists of numbers"),
        (pl.Series("severity", [{"n": 1}]), "numbers or text, not structs"),
        (pl.Series("severity", [b"1"]), "numbers or text, not bytes"),
    ],
)
def test_a_type_that_is_not_read_is_named_in_plain_words(column, words, tmp_path):
    (reject,) = of_parquet(column.to_frame(), tmp_path).rejects
    (problem,) = reject.problems
    assert problem.message == f"column `{column.name}` must hold {words}"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_id_over_two_lines_is_one_row_that_is_refused(end, tmp_path):
    text = end.join(["id,age", "p1,70", '"p2', 'x",71', "p3,72", ""])
    (tmp_path / "f.csv").write_bytes(text.encode())
    read = whole(segments([str(tmp_path / "f.csv")], WANTED, BytesIO()))
    assert read.frame["id"].to_list() == ["p1", "p3"]
    (reject,) = read.rejects
    assert (reject.place, [each.message for each in reject.problems]) == (3, ["the id has a line break"])
    assert reject.content.replace("\r", "") == '"p2\nx",71'
    cases = read_cases([tmp_path / "f.csv"], QUESTIONS)
    assert [each.id for each in cases if isinstance(each, Case)] == ["p1", "p3"]


def test_a_quote_that_does_not_end_in_an_id_takes_no_row_with_it(tmp_path):
    (tmp_path / "f.csv").write_text('id,age\n"p1,70\np2,71\np3",72\np4,73\n')
    read = whole(segments([str(tmp_path / "f.csv")], WANTED, BytesIO()))
    assert {"p2", "p4"} <= set(read.frame["id"])
    assert [each.place for each in read.rejects] == [2]
