"""Unknown keys beside the answers: left out with one warning each, as columns are; no answer is lost."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from case_reading import QUESTIONS
from runs import done, job, small_base

from facts.case import Case
from facts.files.cases import read_cases
from facts.files.segments import segments
from facts.other_names.notes import Told
from facts.other_names.renaming import Renaming
from facts.problem import Problem, render
from facts.reject import Reject
from facts.tables import jsonl_file, text_reader
from facts.tables.segment import Segment, Wanted

FORMS = ("lines.jsonl", "indented.json", "one-line.json", "one-a-file", "stdin")


@pytest.fixture(params=["few", "many"])
def sizes(request, monkeypatch):
    """Few lines are read one by one, many all at once."""
    if request.param == "many":
        monkeypatch.setattr(jsonl_file, "FEW", 0)
        monkeypatch.setattr(text_reader, "FEWEST", 1)


def written(folder: Path, form: str, cases: list[dict]) -> tuple[str, bytes]:
    """A file or folder of these cases, and standard input."""
    lines = "".join(f"{json.dumps(case)}\n" for case in cases)
    match form:
        case "stdin":
            return "-", lines.encode()
        case "one-a-file":
            for at, case in enumerate(cases):
                (folder / f"{at:03}.jsonl").write_text(json.dumps(case))
            return str(folder), b""
        case "lines.jsonl":
            (folder / form).write_text(lines)
        case _:
            (folder / form).write_text(json.dumps(cases, indent=1 if form == "indented.json" else None))
    return str(folder / form), b""


def read(path: str, stdin: bytes, wanted: Wanted) -> tuple[list[int], list[Problem], list[str]]:
    """The ages of cases, errors, and the warnings about keys, read in both ways."""
    ages, errors, told = [], [], Told()
    notes: list[Problem] = []
    for found in segments([path], wanted, BytesIO(stdin)):
        if isinstance(found, Segment):
            table = found.read()
            ages += table.frame["age"].to_list()
            errors += [problem for reject in table.rejects for problem in reject.problems]
            notes += told.new(table.notes)
        else:
            assert isinstance(found, Reject)
            errors += found.problems
    notes += told.rest()
    messages = [note.message for note in notes if note.code == "unknown-key"]
    again = list(read_cases([path], QUESTIONS, BytesIO(stdin), wanted.carry, wanted.renaming))
    lists = [each for each in again if not isinstance(each, Case)]
    assert [case.answers.get("age") for case in again if isinstance(case, Case)] == ages
    alone = [problem for each in lists for problem in each]
    assert [each.message for each in alone if each.severity == "warning"] == messages
    assert [each.message for each in alone if each.severity == "error"] == [each.message for each in errors]
    return ages, errors, messages


def case(at: int, /, **others: object) -> dict:
    return {"id": f"c{at}", "answers": {"age": at}, **others}


VALUES = ("Kassel", 3, 1e300, True, None, ["x", 1], [], {"v": {"w": 1}}, [{"v": 1}], "", '{"v": 1}')


@pytest.mark.parametrize("form", FORMS)
def test_keys_that_nobody_knows_are_left_out_and_told_of_once(form, tmp_path, sizes):
    cases = [case(at, site=value) for at, value in enumerate(VALUES)]
    cases += [case(at, visit=at) if at % 2 else case(at) for at in range(30, 60)]
    ages, errors, messages = read(*written(tmp_path, form, cases), Wanted(QUESTIONS))
    assert (ages, errors) == ([*range(len(VALUES)), *range(30, 60)], [])
    assert messages == [f"there is no question `{key}`; the key is not read" for key in ("site", "visit")]


def test_it_is_told_in_the_words_of_columns(tmp_path):
    (tmp_path / "f.csv").write_text("id,age,site\na,5,x\n")
    (tmp_path / "f.jsonl").write_text('{"id": "a", "answers": {"age": 5}, "site": "x"}\n')
    (tmp_path / "f.json").write_text('[\n{"id": "a", "answers": {"age": 5}, "site": "x"}]\n')
    of_columns, of_lines, of_json = (
        next(
            problem
            for each in read_cases([tmp_path / name], QUESTIONS)
            if not isinstance(each, Case)
            for problem in each
            if problem.subject == "site"
        )
        for name in ("f.csv", "f.jsonl", "f.json")
    )
    assert of_columns.message.replace("column", "key") == of_lines.message == of_json.message
    assert of_columns.severity == of_lines.severity == "warning"
    assert "`--keep`" in of_lines.help
    assert str(of_lines.span) == str(tmp_path / "f.jsonl")
    assert render(of_json).splitlines()[1:3] == [
        '    2 | {"id": "a", "answers": {"age": 5}, "site": "x"}]',
        " " * 43 + "^" * 6,
    ]


LOST = {
    "a question": ({"age": 71}, "age"),
    "nearly a question": ({"leg_weaknes": True}, "leg_weaknes"),
    "an option": ({"eased_by.resting": True}, "eased_by.resting"),
    "an option that is not there": ({"eased_by.lying": True}, "eased_by.lying"),
    "answers by their name": ({"answers.age": 71}, "answers.age"),
    "a question under it": ({"demographics": {"age": 71}}, "demographics"),
    "a question in a list under it": ({"visits": [{"day": 1}, {"more": {"age": 71}}]}, "visits"),
    "a misspelt key": ({"ids": "x"}, "ids"),
    "misspelt answers": ({"Answers": {}}, "Answers"),
    "a misspelt expectation": ({"expct": "urgent"}, "expct"),
    "a key without a name": ({" ": 1}, " "),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", LOST)
def test_keys_that_may_hold_answers_reject_their_case(kind, form, tmp_path, sizes):
    more, key = LOST[kind]
    cases = [case(at, site="x", **(more if at == 7 else {})) for at in range(20)]
    ages, errors, messages = read(*written(tmp_path, form, cases), Wanted(QUESTIONS))
    assert ages == [at for at in range(20) if at != 7]
    assert [(each.code, each.subject) for each in errors] == [("unknown-key", key)]
    assert messages == ["there is no question `site`; the key is not read"]
    assert ("write answers under `answers`" in errors[0].help) == (key not in ("ids", "Answers", "expct"))


@pytest.mark.parametrize(
    "example",
    [{"expect": {"triage": "urgent"}}, {"expect_not": {"fired": ["x"]}}, {"todo": "later"}],
    ids=str,
)
def test_in_an_example_every_key_is_read_or_an_error(example, tmp_path, sizes):
    cases = [case(at, site="x", **(example if at == 7 else {})) for at in range(20)]
    ages, errors, _ = read(*written(tmp_path, "lines.jsonl", cases), Wanted(QUESTIONS))
    assert ages == [at for at in range(20) if at != 7]
    assert [(each.code, each.subject) for each in errors] == [("unknown-key", "site")]


@pytest.mark.parametrize("name", ["f.yaml", "f.yml"])
def test_in_yaml_every_key_is_read_or_an_error(name, tmp_path):
    (tmp_path / name).write_text("id: a\nanswers: {age: 5}\nsite: x\n")
    ((problem,),) = read_cases([tmp_path / name], QUESTIONS)
    assert (problem.code, problem.severity, problem.span.line) == ("unknown-key", "error", 3)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_kept_is_read(form, tmp_path, sizes):
    wanted = Wanted(QUESTIONS, keep=("site",))
    path, stdin = written(tmp_path, form, [case(at, site=f"s{at}", day=at) for at in range(20)])
    assert read(path, stdin, wanted)[2] == ["there is no question `day`; the key is not read"]
    tables = [
        found.read() for found in segments([path], wanted, BytesIO(stdin)) if isinstance(found, Segment)
    ]
    assert [site for table in tables for site in table.frame["#site"]] == [f"s{at}" for at in range(20)]


@pytest.mark.parametrize("form", FORMS)
def test_what_a_map_renames_is_known_by_our_name(form, tmp_path, sizes):
    cases = [{"nr": f"c{at}", "answers": {"years": at}, "place": "x"} for at in range(20)]
    wanted = Wanted(QUESTIONS, renaming=Renaming({"nr": "id", "years": "age"}))
    ages, errors, messages = read(*written(tmp_path, form, cases), wanted)
    assert (ages, errors) == (list(range(20)), [])
    assert messages == ["there is no question `place`; the key is not read"]


def test_a_case_whose_answers_are_null_is_one_without_answers(tmp_path, sizes):
    cases = [{"id": str(at), "answers": None, "site": "x"} for at in range(20)]
    ages, errors, messages = read(*written(tmp_path, "lines.jsonl", cases), Wanted(QUESTIONS))
    assert (ages, errors, len(messages)) == ([None] * 20, [], 1)


@pytest.mark.parametrize(
    ("keys", "last"),
    [
        (12, "there is no question `strange_11_x`; the key is not read"),
        (13, "1 more key is not read either"),
        (500, "488 more keys are not read either"),
        (1_999, "1,987 more keys are not read either"),
        (2_400, "at least 1,988 more keys are not read either"),
    ],
)
@pytest.mark.parametrize("form", ["lines.jsonl", "one-a-file"])
def test_of_many_keys_the_first_are_named_and_the_others_counted(keys, last, form, tmp_path, sizes):
    names = [f"strange_{at}_x" for at in range(keys)]
    cases = [case(at, **dict.fromkeys(names[at * 100 : at * 100 + 100], 1)) for at in range(24)]
    ages, errors, messages = read(*written(tmp_path, form, cases), Wanted(QUESTIONS))
    assert (ages, errors) == (list(range(24)), [])
    assert messages[-1] == last
    assert len(messages) == min(keys, 13)


@pytest.mark.parametrize(("keys", "codes"), [(2_000, []), (2_001, ["too-many"])])
def test_the_most_keys_of_a_case_that_are_left_out(keys, codes, tmp_path, sizes):
    strange = dict.fromkeys([f"strange_{at}_x" for at in range(keys)], 1)
    cases = [case(1), case(2, **strange), case(3)]
    ages, errors, _ = read(*written(tmp_path, "lines.jsonl", cases), Wanted(QUESTIONS))
    assert ([each.code for each in errors], 2 in ages) == (codes, not codes)


def test_cases_of_one_kind_are_read_at_once_whatever_keys_they_have(tmp_path, monkeypatch):
    """To read them one by one takes ten times as long."""
    monkeypatch.setattr(jsonl_file, "read_line", lambda *_: pytest.fail("read by itself"))
    cases = [case(at % 100, site="x" if at % 2 else None, visit=at) for at in range(2_000)]
    path, _ = written(tmp_path, "lines.jsonl", cases)
    (found,) = segments([path], Wanted(QUESTIONS), BytesIO())
    table = found.read()
    assert (table.frame.height, [note.subject for note in table.notes]) == (2_000, ["site", "visit"])


class Hearing:
    """Hears of warnings alone."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def warn(self, problem):
        self.heard.append(problem.message)

    def reject(self, rejects):
        pass

    def lines(self, data):
        pass

    def step(self, file, share, rows):
        pass


def test_a_run_tells_of_each_key_once_whatever_files_have_it(tmp_path):
    kb, keys = small_base(tmp_path), [f"strange_{at}_x" for at in range(20)]
    paths = []
    for at in range(4):
        paths.append(tmp_path / f"{at}.{'json' if at % 2 else 'jsonl'}")
        paths[-1].write_text(json.dumps(case(at, **dict.fromkeys(keys[: 8 + at * 4], 1))))
    watch = Hearing()
    outcome = done(job(kb, tmp_path / "out.csv", *paths), kb, watch)
    assert (outcome.counts.assessed, outcome.counts.rejected) == (4, 0)
    named = [f"there is no question `{key}`; the key is not read" for key in keys[:12]]
    assert watch.heard == [*named, "8 more keys are not read either"]


def test_the_command_line_tells_of_each_key_once(run, write):
    lines = "".join(f'{{"id": "c{at}", "answers": {{}}, "site": "x"}}\n' for at in range(3))
    files = write("a.jsonl", lines), write("b.jsonl", lines.replace('"c', '"d'))
    result = run("assess", *files, "-o", "out.csv")
    assert result.exit_code == 0
    assert result.stderr.count("there is no question `site`; the key is not read") == 1
    one = run("assess", files[0], "--case", "c1")
    assert (one.exit_code, one.stderr.count("the key is not read")) == (0, 1)
    many = ", ".join(f'"strange_{at}_x": 1' for at in range(40))
    one = run("explain", write("one.json", f'{{"id": "a", "answers": {{}}, {many}}}'), "--case", "a")
    assert (one.exit_code, one.stderr.count("warning[unknown-key]")) == (0, 13)
