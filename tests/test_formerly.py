"""Old names of questions and options mean in every file what the questionnaire says that they are today."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from case_reading import question
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sweeps import examples

from facts.case import Case, from_mapping
from facts.cases.text import assigned
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.other_names.renaming import AS_IT_IS, Renaming, read_renaming
from facts.problem import Problem, Rejected
from facts.reject import Reject
from facts.tables import csv_file, jsonl_file
from facts.tables.canonical import canonical, frame_of
from facts.tables.segment import Segment, Wanted
from facts.vocabulary import UNKNOWN, Choice, Choices, Number, YesNo


def options(*names: str) -> Choices:
    return Choices({name: name for name in names})


def today(name: str, kind: object, formerly: Mapping[str, Mapping[str, str] | None]) -> tuple[str, object]:
    _, asked = question(name, kind)
    return name, replace(asked, formerly=formerly)


QUESTIONS = dict(
    [
        today(
            "leg_signs",
            options("weakness", "foot_drop", "numbness"),
            {"leg_weakness": {"yes": "weakness"}, "foot_drop": {"yes": "foot_drop"}},
        ),
        today(
            "warning_signs",
            options("fever", "chest", "fall"),
            {"outside": {"belly": "chest", "fall": "fall"}},
        ),
        today("history", options("cancer", "diabetes"), {"outside": {"cancer": "cancer"}}),
        today("smokes", YesNo(), {"outside": {"smoker": "yes"}}),
        today("bladder", options("lost", "hard", "burning"), {"bladder": {"other_change": "hard"}}),
        today("eased_by", options("rest", "seat"), {"relief": None}),
        today("where_now", Choice({"home": "h", "walk": "w"}), {"where_now": {"at_home": "home"}}),
        today("strength", Choice({"mild": "m", "severe": "s"}), {"how_strong": {"strong": "severe"}}),
        today("weeks", Number("weeks", 0, 100), {"duration": None, "cooling": {}}),
        question("age", Number("years", 0, 120)),
    ]
)
OUTSIDE = ("belly", "fall", "cancer", "smoker")
NOTES = {
    "leg_weakness": "`leg_weakness` is an old name and is read as `leg_signs: weakness`",
    "outside": "`outside` is an old name and is read as "
    "`warning_signs: chest, fall`, `history: cancer` and `smokes`",
    "relief": "`relief` is an old name and is read as `eased_by`",
    "bladder": "`bladder: other_change` is an old name and is read as `bladder: hard`",
    "cooling": "`cooling` is no longer asked; its answers are ignored",
}

NOTHING_MORE = {
    "warning_signs": {"chest": False, "fall": False},
    "history": {"cancer": False},
    "smokes": False,
}
EXAMPLES = [
    # What is answered, in the words of the time; what that is today.
    ({"leg_weakness": True}, {"leg_signs": {"weakness": True}}),
    ({"leg_weakness": False}, {"leg_signs": {"weakness": False}}),
    ({"leg_weakness": "unknown"}, {}),
    ({"leg_weakness": "unknown", "leg_signs": []}, {"leg_signs": {"foot_drop": False, "numbness": False}}),
    (
        {"leg_weakness": "unknown", "leg_signs": ["weakness"]},
        {"leg_signs": {"weakness": True, "foot_drop": False, "numbness": False}},
    ),
    ({"leg_weakness": "unknown", "foot_drop": True}, {"leg_signs": {"foot_drop": True}}),
    ({"leg_weakness": True, "foot_drop": False}, {"leg_signs": {"weakness": True, "foot_drop": False}}),
    ({"outside": []}, NOTHING_MORE),
    ({"outside": "none"}, NOTHING_MORE),
    (
        {"outside": ["belly", "smoker"]},
        {"warning_signs": {"chest": True, "fall": False}, "history": {"cancer": False}, "smokes": True},
    ),
    ({"outside": "unknown"}, {"smokes": UNKNOWN}),
    ({"outside": {"fall": True}}, {"warning_signs": {"fall": True}}),
    ({"outside": {"cancer": "unknown"}}, {}),
    ({"outside": {"cancer": "unknown", "fall": False}}, {"warning_signs": {"fall": False}}),
    ({"outside": {"smoker": True}}, {"smokes": True}),
    ({"bladder": ["other_change"]}, {"bladder": {"lost": False, "hard": True, "burning": False}}),
    ({"bladder": {"other_change": False}}, {"bladder": {"hard": False}}),
    ({"bladder": ["hard"]}, {"bladder": {"lost": False, "hard": True, "burning": False}}),
    ({"relief": ["seat"]}, {"eased_by": {"rest": False, "seat": True}}),
    ({"relief": {"seat": False}}, {"eased_by": {"seat": False}}),
    ({"relief": "unknown"}, {"eased_by": UNKNOWN}),
    ({"where_now": "at_home"}, {"where_now": "home"}),
    ({"how_strong": "strong"}, {"strength": "severe"}),
    ({"how_strong": "mild"}, {"strength": "mild"}),
    ({"duration": 5}, {"weeks": 5}),
    ({"duration": 5, "weeks": 5}, {"weeks": 5}),
    ({"duration": "unknown", "weeks": 5}, {"weeks": 5}),
    ({"cooling": "peas"}, {}),
    (
        {"warning_signs": ["fever"], "outside": ["fall"]},
        {
            "warning_signs": {"fever": True, "chest": False, "fall": True},
            "history": {"cancer": False},
            "smokes": False,
        },
    ),
    (
        {"warning_signs": {"fever": False}, "outside": []},
        NOTHING_MORE
        | {
            "warning_signs": {"fever": False, "chest": False, "fall": False},
        },
    ),
    (
        {"leg_signs": ["weakness"], "leg_weakness": True},
        {
            "leg_signs": {"weakness": True, "foot_drop": False, "numbness": False},
        },
    ),
    ({"leg_signs": "unknown", "leg_weakness": False}, {"leg_signs": {"weakness": False}}),
    ({"relief": "unknown", "eased_by": ["seat"]}, {"eased_by": {"rest": False, "seat": True}}),
    ({"warning_signs": ["fever"], "outside": {"belly": "unknown"}}, {"warning_signs": {"fever": True}}),
    *(
        (
            {"warning_signs": ["fever"], "outside": {"belly": "unknown", "fall": fell}},
            {"warning_signs": {"fever": True, "fall": fell}},
        )
        for fell in (True, False)
    ),
    (
        {"warning_signs": ["chest"], "outside": {"belly": "unknown", "fall": True}},
        {"warning_signs": {"fever": False, "chest": True, "fall": True}},
    ),
    (
        {"warning_signs": ["fever"], "outside": {"fall": True, "cancer": "unknown"}},
        {"warning_signs": {"fever": True, "chest": False, "fall": True}},
    ),
    ({"warning_signs": {"fall": False}, "outside": {"fall": "unknown"}}, {"warning_signs": {"fall": False}}),
]
CONTRADICTIONS = [
    {"leg_signs": ["weakness"], "leg_weakness": False},
    {"leg_signs": {"weakness": False}, "leg_weakness": True},
    {"warning_signs": ["chest"], "outside": []},
    {"smokes": True, "outside": []},
    {"weeks": 4, "duration": 5},
    {"strength": "mild", "how_strong": "strong"},
    {"eased_by": {"seat": True}, "relief": ["rest"]},
]
"""Both names of one thing, with different answers."""


def as_written(answer: object) -> object:
    return (
        {option: as_written(each) for option, each in answer.items()} if isinstance(answer, dict) else answer
    )


def yaml(answers: dict[str, object]) -> str:
    return json.dumps({"answers": as_written(answers)})


def cell(answer: object) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case list():
            return ";".join(answer) or "none"
    return str(answer)


def cells(answers: dict[str, object]) -> dict[str, str]:
    """The columns of a table of text: one for each option where not all of them are known."""
    row: dict[str, str] = {}
    for name, answer in answers.items():
        if isinstance(answer, dict):
            row |= {f"{name}.{option}": cell(each) for option, each in answer.items()}
        else:
            row[name] = cell(answer)
    return row


def written(folder: Path, rows: list[dict[str, object]]) -> list[Path]:
    """Files of every kind with these rows."""
    objects = [{"id": f"r{at}", "answers": as_written(row)} for at, row in enumerate(rows)]
    (folder / "a.json").write_text(json.dumps(objects))
    (folder / "a.yaml").write_text(json.dumps(objects, indent=1))
    (folder / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in objects))
    flat = [{"id": f"r{at}"} | cells(row) for at, row in enumerate(rows)]
    names = list(dict.fromkeys(name for row in flat for name in row))
    text = pl.DataFrame(
        [[row.get(name) for name in names] for row in flat], dict.fromkeys(names, pl.String), orient="row"
    )
    text.write_csv(folder / "a.csv")
    text.with_columns(pl.col(names[1:]) + " ").write_csv(folder / "blanks.csv")
    text.write_parquet(folder / "text.parquet")
    typed(text).write_parquet(folder / "typed.parquet")
    return [
        folder / name
        for name in ("a.json", "a.yaml", "a.jsonl", "a.csv", "blanks.csv", "text.parquet", "typed.parquet")
    ]


def typed(text: pl.DataFrame) -> pl.DataFrame:
    """The same with Booleans, lists and numbers, where all rows have such."""
    frame = text
    for name in text.columns[1:]:
        said = set(text[name].drop_nulls())
        if said <= {"yes", "no"}:
            frame = frame.with_columns(
                pl.col(name).replace_strict({"yes": True, "no": False}, return_dtype=pl.Boolean)
            )
        elif name in ("outside", "relief", "bladder", "warning_signs", "leg_signs") and "unknown" not in said:
            words = (
                pl.when(pl.col(name) == "none")
                .then(pl.lit([], pl.List(pl.String)))
                .otherwise(pl.col(name).str.split(";"))
            )
            frame = frame.with_columns(words.alias(name))
        elif name in ("duration", "weeks") and "unknown" not in said:
            frame = frame.with_columns(pl.col(name).cast(pl.Int64))
    return frame


def at_once(path: Path, renaming: Renaming = AS_IT_IS) -> tuple[pl.DataFrame, list[Reject], list[Problem]]:
    wanted = Wanted(QUESTIONS, renaming=renaming)
    frames, rejects, notes = [], [], []
    for found in segments([str(path)], wanted, BytesIO()):
        if isinstance(found, Segment):
            table = found.read()
            frames.append(table.frame)
            rejects += table.rejects
            notes += table.notes
        else:
            (rejects if isinstance(found, Reject) else notes).append(found)
    frame = pl.concat(frames) if frames else frame_of([], QUESTIONS).with_columns(pl.lit("").alias("#expect"))
    return frame.drop("#expect"), rejects, notes


def one_by_one(path: Path) -> tuple[pl.DataFrame, list[list[Problem]], list[Problem]]:
    found = list(read_cases([path], QUESTIONS))
    cases = [each for each in found if isinstance(each, Case)]
    lists = [each for each in found if not isinstance(each, Case)]
    rejects = [each for each in lists if any(problem.severity == "error" for problem in each)]
    notes = [problem for each in lists for problem in each if problem.severity == "warning"]
    return frame_of(cases, QUESTIONS), rejects, notes


@pytest.fixture(params=["few", "many"])
def sizes(request, monkeypatch):
    """With few rows text is read row by row, with many all at once."""
    if request.param == "many":
        monkeypatch.setattr(csv_file, "FEW", 0)
        monkeypatch.setattr(jsonl_file, "FEW", 0)


@pytest.mark.parametrize(("answers", "expected"), EXAMPLES, ids=[str(each) for each, _ in EXAMPLES])
def test_examples(answers, expected, tmp_path, sizes):
    assert from_mapping(answers, QUESTIONS).answers == expected
    if answers == {"cooling": "peas"}:
        answers = answers | {"age": 5}
        expected = {"age": 5}
    right = frame_of([Case("r0", expected)], QUESTIONS)
    for path in written(tmp_path, [answers]):
        for frame, rejects, _ in (at_once(path), one_by_one(path)):
            assert not rejects, path
            assert_frame_equal(frame, right, check_column_order=True)


def test_a_list_says_no_of_what_it_omits_beside_an_old_column_that_is_empty_there(tmp_path, sizes):
    rows = [{"warning_signs": ["fever"]}, {"outside": "unknown"}]
    known = {"fever": True, "chest": False, "fall": False}
    cases = [Case("r0", {"warning_signs": known}), Case("r1", {"smokes": UNKNOWN})]
    for path in written(tmp_path, rows):
        for frame, rejects, _ in (at_once(path), one_by_one(path)):
            assert not rejects, path
            assert_frame_equal(frame, frame_of(cases, QUESTIONS))


@pytest.mark.parametrize("answers", CONTRADICTIONS, ids=str)
def test_answers_that_contradict_each_other_are_rejected(answers, tmp_path, sizes):
    with pytest.raises(Rejected, match="contradict each other about"):
        from_mapping(answers, QUESTIONS)
    for path in written(tmp_path, [answers]):
        _, rejects, _ = at_once(path)
        _, lists, _ = one_by_one(path)
        assert [[each.code for each in found] for found in lists] == [["two-answers"]], path
        assert [each.code for each in rejects] == ["two-answers"], path
        assert [each.problems[0].message for each in rejects] == [lists[0][0].message], path


def test_what_contradicts_is_named_with_both_places(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("answers:\n  leg_weakness: no\n  leg_signs: [weakness]\n")
    ((problem,),) = read_cases([path], QUESTIONS)
    assert (
        problem.message == "`leg_weakness` and `leg_signs` contradict each other about `leg_signs: weakness`"
    )
    assert (problem.span.line, problem.span.column, problem.earlier.line) == (2, 3, 3)


@pytest.mark.parametrize(
    ("answers", "said", "column"),
    [
        ("leg_weakness: maybe", "the answer to `leg_weakness` must be `yes` or `no`, not `maybe`", 17),
        ("outside: [fall, fever]", "`outside` has no option `fever`", 19),
        ("outside: {fever: no}", "`outside` has no option `fever`", 13),
        ("how_strong: strongg", "`how_strong` has no option `strongg`", 15),
        ("duration: 500", "`duration` must be from 0 to 100 weeks, not `500`", 13),
        (
            "bladder: {other_change: yes, hard: no}",
            "option `hard` of `bladder` is both chosen and not chosen",
            38,
        ),
        ("leg_weaknes: yes", "there is no question `leg_weaknes`", 3),
    ],
)
def test_what_is_wrong_is_named_where_it_stands_and_in_its_own_words(answers, said, column, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(f"answers:\n  {answers}\n")
    ((problem,),) = read_cases([path], QUESTIONS)
    assert (problem.message, problem.span.line, problem.span.column) == (said, 2, column)


@pytest.mark.parametrize("name", NOTES)
def test_each_old_name_is_told_once(name, tmp_path, sizes):
    answers = {
        "leg_weakness": True,
        "outside": ["fall"],
        "relief": [],
        "bladder": ["other_change"],
        "cooling": "peas",
    }
    for path in written(tmp_path, [{name: answers[name], "age": 5}] * 3):
        wanted = at_once(path), one_by_one(path)
        for frame, rejects, notes in wanted:
            assert (frame.height, len(rejects)) == (3, 0)
            old = [each for each in notes if each.code == "old-name"]
            assert {each.message for each in old} == {NOTES[name]}, path
        assert len([each for each in wanted[1][2] if each.code == "old-name"]) == 1


def test_names_of_today_are_not_told(tmp_path, sizes):
    for path in written(tmp_path, [{"leg_signs": ["weakness"], "bladder": ["hard"], "age": 5}] * 3):
        for _, _, notes in (at_once(path), one_by_one(path)):
            assert {each.code for each in notes} <= {"question-without-column"}


def test_a_question_that_old_columns_answer_has_columns(tmp_path):
    (tmp_path / "a.csv").write_text("id,outside\na,none\n")
    told = [each for each in at_once(tmp_path / "a.csv")[2] if each.code == "question-without-column"]
    assert "`warning_signs`" not in told[0].help
    assert "`leg_signs`" in told[0].help


def test_two_forms_of_an_old_question_are_refused(tmp_path):
    for path, names in product(
        ("a.csv", "a.parquet"), (("outside", "outside.fall"), ("bladder", "bladder.other_change"))
    ):
        frame = pl.DataFrame(dict(zip(names, (["none"], ["no"]), strict=True)))
        (frame.write_csv if path == "a.csv" else frame.write_parquet)(tmp_path / path)
        assert [each.code for each in at_once(tmp_path / path)[1]] == ["two-forms"], names


@pytest.mark.parametrize("wrong", ["weeks", "duration"])
def test_a_column_of_a_wrong_type_is_refused_beside_one_under_another_name(wrong, tmp_path):
    frame = pl.DataFrame({"weeks": [5], "duration": [5]}).with_columns(pl.lit([5]).alias(wrong))
    frame.write_parquet(tmp_path / "a.parquet")
    (reject,) = at_once(tmp_path / "a.parquet")[1]
    assert [(each.code, each.message) for each in reject.problems] == [
        ("column-type", f"column `{wrong}` must hold numbers or text, not lists of numbers")
    ]


def test_a_column_for_an_old_option_and_one_for_that_of_today_are_put_together(tmp_path):
    rows = [("yes", "yes"), ("no", None), (None, "no"), ("yes", "no")]
    frame = pl.DataFrame(rows, {"bladder.other_change": pl.String, "bladder.hard": pl.String}, orient="row")
    frame.write_csv(tmp_path / "a.csv")
    frame.write_parquet(tmp_path / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        for found, rejects, _ in (at_once(tmp_path / name), one_by_one(tmp_path / name)):
            assert found["bladder.hard"].to_list() == [True, False, False], name
            assert len(rejects) == 1


def test_structs_and_folders_have_old_names(tmp_path):
    folder = tmp_path / "leg_weakness=yes"
    folder.mkdir()
    frame = pl.DataFrame(
        {"answers": [{"outside": {"fall": True, "cancer": None}, "cooling": {"peas": True}}]}
    )
    frame.write_parquet(folder / "a.parquet")
    (folder / "a.csv").write_text("age\n5\n")
    (folder / "a.yaml").write_text("answers: {age: 5}\n")
    for name in ("a.parquet", "a.csv", "a.yaml"):
        for found, rejects, _ in (at_once(folder / name), one_by_one(folder / name)):
            assert (found["leg_signs.weakness"].to_list(), rejects) == ([True], []), name
    assert at_once(folder / "a.parquet")[0]["warning_signs.fall"].to_list() == [True]


def test_a_canonical_frame_of_the_time_is_read(tmp_path):
    frame = pl.DataFrame(
        {
            "outside.fall": [None, True],
            "outside.cancer": [None, None],
            "outside?": [True, False],
            "leg_weakness?": [True, False],
        },
        schema_overrides={"outside.fall": pl.Boolean, "outside.cancer": pl.Boolean},
    )
    found = canonical(frame, QUESTIONS)
    assert found["warning_signs?"].to_list() == [False, False]
    assert found["leg_signs?"].to_list() == [False, False]
    assert found["warning_signs.fall"].to_list() == [None, True]


def test_a_frame_with_old_words_and_columns_that_are_left_out_is_canonical():
    frame = pl.DataFrame({"bladder": ["other_change"], "where_now": ["at_home"], "cooling": ["peas"]})
    found = canonical(frame, QUESTIONS)
    assert found.select("bladder.hard", "bladder.lost", "where_now").row(0) == (True, False, "home")


MAP = """
columns: {Kraft: leg_weakness, Sturz: outside.fall, Blase: bladder, Taub: leg_signs.numbness, weg: cooling}
values:
  leg_weakness: {ja: yes, nein: no}
  outside: {x: yes, o: no}
  bladder: {anders: other_change}
  cooling: {a: b}
"""


def test_a_map_may_point_to_old_names_and_to_those_of_today(tmp_path, sizes):
    (tmp_path / "map.yaml").write_text(MAP)
    renaming, problems = read_renaming(str(tmp_path / "map.yaml"), QUESTIONS)
    assert not problems
    (tmp_path / "a.csv").write_text("Kraft,Sturz,Blase,Taub,weg\nja,x,anders,no,a\n")
    pl.read_csv(tmp_path / "a.csv").write_parquet(tmp_path / "a.parquet")
    expected = {
        "leg_signs": {"weakness": True, "numbness": False},
        "warning_signs": {"fall": True},
        "bladder": {"lost": False, "hard": True, "burning": False},
    }
    for name in ("a.csv", "a.parquet"):
        frame, rejects, _ = at_once(tmp_path / name, renaming)
        assert not rejects
        assert_frame_equal(frame.drop("id"), frame_of([Case("", expected)], QUESTIONS).drop("id"))
    (tmp_path / "a.jsonl").write_text('{"answers": {"Kraft": "ja", "Blase": ["anders"]}}\n')
    *_, case = read_cases([tmp_path / "a.jsonl"], QUESTIONS, renaming=renaming)
    assert case.answers == {"leg_signs": {"weakness": True}, "bladder": expected["bladder"]}


def test_a_map_that_points_to_no_old_option_is_refused(tmp_path):
    (tmp_path / "map.yaml").write_text("values: {outside: {a: fever}}")
    assert read_renaming(str(tmp_path / "map.yaml"), QUESTIONS)[1][0].message == "`outside` cannot be `fever`"


# The same answers under old names and under those of today. `TODAY` says by itself what is what.

TODAY = {
    "leg_weakness": ("leg_signs", "weakness"),
    "foot_drop": ("leg_signs", "foot_drop"),
    "belly": ("warning_signs", "chest"),
    "fall": ("warning_signs", "fall"),
    "cancer": ("history", "cancer"),
    "smoker": ("smokes", ""),
}
THREE = st.sampled_from([True, False, "unknown"])
OLD = st.fixed_dictionaries(
    {},
    optional={
        "leg_weakness": THREE,
        "foot_drop": THREE,
        "outside": st.just("unknown")
        | st.lists(st.sampled_from(OUTSIDE), unique=True)
        | st.dictionaries(st.sampled_from(OUTSIDE), THREE, min_size=1),
        "bladder": st.lists(st.sampled_from(["lost", "other_change", "burning"]), unique=True),
        "relief": st.lists(st.sampled_from(["rest", "seat"]), unique=True),
        "where_now": st.sampled_from(["at_home", "home", "walk", "unknown"]),
        "how_strong": st.sampled_from(["strong", "mild", "severe"]),
        "duration": st.integers(0, 100),
        "cooling": st.just("peas"),
        "age": st.integers(0, 120),
    },
)


def of_today(answers: dict[str, object]) -> dict[str, object]:
    """The same in the names of today: each option by itself, and in whole lists what kept its name."""
    found: dict[str, dict[str, object]] = {}
    for name, answer in answers.items():
        if name in ("leg_weakness", "foot_drop"):
            said = {name: answer}
        elif name == "outside":
            said = answer if isinstance(answer, dict) else dict.fromkeys(OUTSIDE, answer)
            said = {each: each in answer for each in OUTSIDE} if isinstance(answer, list) else said
        else:
            continue
        for old, each in said.items():
            target, option = TODAY[old]
            if each != "unknown" or not option:
                found.setdefault(target, {})[option] = each
    plain = {name: each.get("", each) for name, each in found.items()}
    words = {"other_change": "hard", "at_home": "home", "strong": "severe"}
    names = {"relief": "eased_by", "how_strong": "strength", "duration": "weeks"}
    for name, answer in answers.items():
        if name not in ("leg_weakness", "foot_drop", "outside", "cooling"):
            said = (
                [words.get(each, each) for each in answer]
                if isinstance(answer, list)
                else words.get(answer, answer)
            )
            plain[names.get(name, name)] = said
    return plain


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formerly")


@examples(15, 40)
@given(rows=st.lists(OLD.filter(bool), min_size=1, max_size=4), many=st.booleans())
def test_the_same_answers_under_old_names_and_those_of_today_mean_the_same(rows, many, folder):
    rows = [row | {"age": 5} for row in rows]
    # One form a file: lists, or a column an option.
    is_by_option = any(isinstance(row.get("outside"), dict) for row in rows)
    if is_by_option:
        rows = [
            row if isinstance(row.get("outside", {}), dict) else {**row, "outside": by_option(row)}
            for row in rows
        ]
    right = frame_of(
        [from_mapping(of_today(row), QUESTIONS, f"r{at}") for at, row in enumerate(rows)], QUESTIONS
    )
    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr(csv_file, "FEW", 0)
            patch.setattr(jsonl_file, "FEW", 0)
        for path in written(folder, rows):
            for frame, rejects, _ in (at_once(path), one_by_one(path)):
                assert not rejects, (path, rejects)
                assert_frame_equal(frame, right)


def by_option(row: dict[str, object]) -> dict[str, object]:
    answer = row["outside"]
    return (
        dict.fromkeys(OUTSIDE, "unknown")
        if answer == "unknown"
        else {each: each in answer for each in OUTSIDE}
    )


@pytest.mark.parametrize(
    ("word", "help"),
    [
        ("foot_drop=yes", "`foot_drop` is an old name; use `leg_signs`"),
        ("outside=[fall]", "`outside` is an old name; use `warning_signs`, `history`, `smokes`"),
        ("leg_sings=yes", "did you mean `leg_signs`?"),
    ],
)
def test_what_an_old_name_is_called_today(word, help):
    problem = assigned(word, QUESTIONS)
    assert isinstance(problem, Problem)
    assert problem.code == "unknown-question"
    assert problem.help.startswith(help)
