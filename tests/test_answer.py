"""Answers and cases: what a value means for its question, and what is said about one that does not fit."""

from __future__ import annotations

import pytest
from case_reading import EASED, QUESTIONS

from facts.answer import read_answer
from facts.answers import MANY
from facts.case import MAX_ID, from_mapping, read_case
from facts.plain import plain_of, tree_of
from facts.problem import Problem, Rejected, Span, render
from facts.vocabulary import UNKNOWN, Answer, Number, Question

HERE = Span("case")


@pytest.mark.parametrize(
    ("question", "value", "answer"),
    [
        ("leg_weakness", "Yes", True),
        ("leg_weakness", "FALSE", False),
        ("leg_weakness", "Unknown", UNKNOWN),
        ("leg_weakness", None, None),
        ("leg_weakness", "", None),
        ("leg_weakness", {}, None),
        ("walking_effect", "UNKNOWN", UNKNOWN),
        ("age", "Unknown", UNKNOWN),
        ("age", 71.0, 71),
        ("age", "+7", 7),
        ("severity", "0.50", 0.5),
        ("eased_by", "None", dict.fromkeys(EASED, False)),
        ("eased_by", "unknown", UNKNOWN),
        ("eased_by", [], dict.fromkeys(EASED, False)),
        ("eased_by", ["None"], dict.fromkeys(EASED, False)),
        ("eased_by", ["unknown"], UNKNOWN),
        ("eased_by", ["Unknown"], UNKNOWN),
        ("eased_by", {"sitting": "No", "resting": "unknown"}, {"sitting": False}),
        ("eased_by", {"sitting": "Unknown", "resting": None}, UNKNOWN),
        ("eased_by", {"sitting": None, "resting": ""}, None),
        ("eased_by", {}, None),
    ],
)
def test_what_an_answer_means(question: str, value: object, answer: Answer | None) -> None:
    assert read_answer(QUESTIONS[question], tree_of(value, HERE)) == answer


@pytest.mark.parametrize(
    ("question", "value", "code", "words"),
    [
        ("leg_weakness", "maybe", "not-yes-no", "correct the answer, leave it out, or write `unknown`"),
        ("leg_weakness", {"a": "b"}, "not-yes-no", "must be `yes` or `no`, not a mapping"),
        ("walking_effect", True, "unknown-option", "no option `true`"),
        ("walking_effect", ["begins"], "one-option", "must have exactly one option, not a list"),
        ("walking_effect", "begin", "unknown-option", "did you mean `begins`?"),
        ("walking_effect", "x" * 5000, "unknown-option", "xxx…`"),
        ("eased_by", "leaning forward", "unknown-option", "did you mean `leaning_forward`?"),
        ("eased_by", "resting", "list-of-options", "write `[resting]` if no other option applies"),
        ("eased_by", [["resting"]], "unknown-option", "must be one word, not a list"),
        (
            "eased_by",
            {"resting": "maybe"},
            "not-yes-no",
            "option `resting` of `eased_by` must be `yes` or `no`",
        ),
        ("eased_by", {"siting": "yes"}, "unknown-option", "did you mean `sitting`?"),
        ("age", "five", "not-a-number", "write digits, such as `5`"),
        ("age", "٣", "not-a-number", "`٣`"),
        ("age", "5.5", "decimals", "a whole number"),
        ("severity", "0.25", "decimals", "at most 1 decimal, not `0.25`; round it to 1 decimal"),
        ("age", 121, "out-of-range", "from 0 to 120 years, not `121`"),
    ],
)
def test_what_is_no_answer(question: str, value: object, code: str, words: str) -> None:
    problem = read_answer(QUESTIONS[question], tree_of(value, HERE))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.subject) == (code, question)
    assert words in f"{problem.message}; {problem.help}"
    assert len(render(problem)) < 400


def test_an_answer_that_says_nothing_is_no_answer() -> None:
    assert from_mapping({"eased_by": {}, "age": None, "leg_weakness": False}, QUESTIONS).answers == {
        "leg_weakness": False
    }


@pytest.mark.parametrize("dose", [1e-06, 2.5e-05, 0.000123, 1.0, 1e15 - 1])
def test_a_small_number_of_python_is_a_number(dose: float) -> None:
    asked = {"dose": Question("dose", "?", Number("mg", 0, 10**15, 6), Span("q"))}
    assert from_mapping({"dose": dose}, asked).answers == {"dose": dose}


def test_every_problem_of_a_mapping_is_raised() -> None:
    with pytest.raises(Rejected) as rejected:
        from_mapping({"age": "five", "agee": 5, "leg_weakness": "maybe"}, QUESTIONS)
    assert [p.code for p in rejected.value.problems] == ["not-a-number", "unknown-question", "not-yes-no"]


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        ({"id": "x" * MAX_ID, "answers": {}}, []),
        ({"id": "x" * (MAX_ID + 1), "answers": {}}, ["too-long"]),
        ({"id": ["a"], "answers": {}}, ["not-a-text"]),
        ({"id": None, "answers": None}, []),
        ({"answers": [1], "expect": 5}, ["no-answers", "not-a-mapping"]),
        ({"id": "a", "anwsers": {}}, ["unknown-key", "no-answers"]),
        ({"answers": {f"q{n}": 1 for n in range(5000)}}, ["unknown-question"] * MANY + ["too-many"]),
    ],
)
def test_what_is_no_case(case: object, codes: list[str]) -> None:
    read = read_case(tree_of(case, HERE), QUESTIONS, "default")
    assert [problem.code for problem in read] == codes if isinstance(read, list) else not codes


def test_plain_values_survive_the_way_into_a_tree_and_back() -> None:
    value = {"a": [1, -2.5, True, None, "5", "yes", "null"], "b": {"c": False, "d": []}}
    assert plain_of(tree_of(value, HERE)) == value
