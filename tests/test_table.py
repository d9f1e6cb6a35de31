"""Cases as columns: what a frame holds, and the canonical frame or the problems that come out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from facts.case import Case
from facts.problem import Rejected, Span
from facts.tables.canonical import canonical, frame_of, schema_of
from facts.vocabulary import UNKNOWN, Answer, Choice, Choices, Kind, Number, Question, YesNo


def question(name: str, kind: Kind) -> tuple[str, Question]:
    return name, Question(name, f"{name}?", kind, Span("questions.yaml"))


QUESTIONS = dict(
    [
        question("weak", YesNo()),
        question("effect", Choice({"begins": "it begins", "increases": "it grows"})),
        question("eased_by", Choices({"resting": "rest", "sitting": "a seat"})),
        question("age", Number("years", 0, 120)),
        question("severity", Number("points", 0, 10, 1)),
    ]
)
REST, SEAT = "eased_by.resting", "eased_by.sitting"


def test_the_columns_and_their_order() -> None:
    assert schema_of(QUESTIONS) == {
        "id": pl.String,
        "weak": pl.Boolean,
        "weak?": pl.Boolean,
        "effect": pl.Enum(["begins", "increases"]),
        "effect?": pl.Boolean,
        REST: pl.Boolean,
        SEAT: pl.Boolean,
        "eased_by?": pl.Boolean,
        "age": pl.Int64,
        "age?": pl.Boolean,
        "severity": pl.Float64,
        "severity?": pl.Boolean,
    }
    assert list(schema_of(QUESTIONS)) == frame_of([], QUESTIONS).columns


def test_a_case_is_a_row() -> None:
    full: dict[str, Answer] = {"weak": True, "effect": "begins", "eased_by": {"resting": False}, "age": 71}
    unknown: dict[str, Answer] = dict.fromkeys(QUESTIONS, UNKNOWN)
    frame = frame_of([Case("a", full), Case("b", unknown), Case("c", {})], QUESTIONS)
    assert frame.drop("id").rows() == [
        (True, False, "begins", False, False, None, False, 71, False, None, False),
        (None, True, None, True, None, None, True, None, True, None, True),
        (None, False, None, False, None, None, False, None, False, None, False),
    ]


READINGS = [
    ("weak", pl.Series([True, False, None]), {"weak": [True, False, None]}),
    ("weak", pl.Series([None, None]), {"weak": [None, None]}),
    ("weak", pl.Series([1, 0, None], dtype=pl.Int8), {"weak": [True, False, None]}),
    ("weak", pl.Series([1.0, 0.0, None]), {"weak": [True, False, None]}),
    ("weak", pl.Series(["Yes", " FALSE", "", "Unknown", None]),
     {"weak": [True, False, None, None, None], "weak?": [False, False, False, True, False]}),
    ("effect", pl.Series(["begins ", "", "unknown"]),
     {"effect": ["begins", None, None], "effect?": [False, False, True]}),
    ("effect", pl.Series(["begins", None], dtype=pl.Categorical), {"effect": ["begins", None]}),
    ("effect", pl.Series(["begins", None], dtype=pl.Enum(["begins"])), {"effect": ["begins", None]}),
    ("eased_by", pl.Series([["resting"], [], None]), {REST: [True, False, None], SEAT: [False, False, None]}),
    ("eased_by", pl.Series([[], []]), {REST: [False, False]}),
    ("eased_by", pl.Series(["resting; sitting", "sitting|", "none", "unknown", " "]),
     {REST: [True, False, False, None, None], SEAT: [True, True, False, None, None],
      "eased_by?": [False, False, False, True, False]}),
    (REST, pl.Series([True, False, None]), {REST: [True, False, None], SEAT: [None, None, None]}),
    (SEAT, pl.Series(["yes", "unknown", ""]), {SEAT: [True, None, None], "eased_by?": [False, True, False]}),
    ("age", pl.Series([0, 120, None], dtype=pl.UInt8), {"age": [0, 120, None]}),
    ("age", pl.Series([71.0, None]), {"age": [71, None]}),
    ("age", pl.Series(["71", "+7", "7.0", "unknown", ""]),
     {"age": [71, 7, 7, None, None], "age?": [False, False, False, True, False]}),
    ("severity", pl.Series([k / 10 for k in range(101)]), {"severity": [k / 10 for k in range(101)]}),
    ("severity", pl.Series([3, 10]), {"severity": [3.0, 10.0]}),
    ("severity", pl.Series([0.1, 9.9], dtype=pl.Float32), {"severity": [0.1, 9.9]}),
    ("severity", pl.Series(["0.10", " 7", "10.0"]), {"severity": [0.1, 7.0, 10.0]}),
    ("age?", pl.Series([True, None, False]), {"age": [None] * 3, "age?": [True, False, False]}),
    ("id", pl.Series(["a", "", None]), {"id": ["a", "2", "3"]}),
    ("effect", pl.Series(["UNKNOWN"]), {"effect": [None], "effect?": [True]}),
    ("eased_by", pl.Series(["None", " Unknown;"]), {REST: [False, None], "eased_by?": [False, True]}),
    ("age", pl.Series(["Unknown"]), {"age": [None], "age?": [True]}),
    ("id", pl.Series([10, 11]), {"id": ["10", "11"]}),
    ("about", pl.Series(["a man of 71"]), {"id": ["1"]}),
]  # fmt: skip


@pytest.mark.parametrize(("column", "given", "expected"), READINGS)
def test_what_a_column_means(column: str, given: pl.Series, expected: dict[str, list[object]]) -> None:
    frame = canonical(given.alias(column).to_frame(), QUESTIONS)
    assert dict(frame.schema) == schema_of(QUESTIONS)
    assert {name: frame[name].to_list() for name in expected} == expected
    assert_frame_equal(canonical(frame, QUESTIONS), frame)


BAD = [
    ({"weak": [1, 0, 2]}, [("not-yes-no", 3, "not `2`")]),
    ({"weak": [1.5]}, [("not-yes-no", 1, "not `1.5`")]),
    ({"weak": [[1]]}, [("column-type", 0, "`weak`")]),
    ({"weak": ["yes", "maybe"]}, [("not-yes-no", 2, "`maybe`")]),
    ({"effect": [True]}, [("column-type", 0, "`effect`")]),
    ({"effect": ["begin"]}, [("unknown-option", 1, "did you mean `begins`?")]),
    ({"eased_by": [["resting"], ["resting", "siting"]]}, [("unknown-option", 2, "did you mean `sitting`?")]),
    ({"eased_by": [[None]]}, [("unknown-option", 1, "`null`")]),
    ({"eased_by": [[1]]}, [("column-type", 0, "`eased_by`")]),
    ({"eased_by": ["resting;siting", ";", "none;resting"]},
     [("unknown-option", 1, "`siting`"), ("unknown-option", 3, "`none`"), ("unknown-option", 2, "`;`")]),
    ({"eased_by": [None], REST: [True]}, [("two-forms", 0, REST)]),
    ({REST: ["perhaps"]}, [("not-yes-no", 1, "option `resting`")]),
    ({REST: [[1]]}, [("column-type", 0, REST)]),
    ({"age": ["five", "1e1", "5.5", "121", "-1", "٣"]},
     [("not-a-number", 1, "`five`"), ("not-a-number", 2, "`1e1`"), ("not-a-number", 6, "`٣`"),
      ("decimals", 3, "a whole number"), ("out-of-range", 4, "0 to 120 years"), ("out-of-range", 5, "`-1`")]),
    ({"age": [121, -1]}, [("out-of-range", 1, "`121`"), ("out-of-range", 2, "`-1`")]),
    ({"age": [2**64 - 1]}, [("out-of-range", 1, "`18446744073709551615`")]),
    ({"age": [float("nan"), float("inf"), 0.5, 1e300]},
     [("not-a-number", 1, "`nan`"), ("not-a-number", 2, "`inf`"), ("decimals", 3, "`0.5`"),
      ("out-of-range", 4, "0 to 120")]),
    ({"severity": [0.25, 10.1]}, [("decimals", 1, "at most 1"), ("out-of-range", 2, "`10.1`")]),
    ({"severity": ["0.25"]}, [("decimals", 1, "`0.25`")]),
    ({"age": [True]}, [("column-type", 0, "`age`")]),
    ({"age": [5], "age?": [True]}, [("two-answers", 1, "`age?`")]),
    ({"age?": [1]}, [("column-type", 0, "`age?`")]),
    ({"effect": ["x" * 5000]}, [("unknown-option", 1, "…`")]),
    ({"id": ["x" * 200, "x" * 201]}, [("too-long", 2, "has more than 200 characters")]),
    ({"id": [1.5]}, [("column-type", 0, "`id`")]),
    ({"agee": [1], "weak": ["no?"]},
     [("unknown-column", 0, "did you mean `age`?"), ("not-yes-no", 1, "`no?`")]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), BAD, ids=[str(data)[:50] for data, _ in BAD])
def test_what_does_not_fit_is_named(
    data: dict[str, list[object]], expected: list[tuple[str, int, str]]
) -> None:
    with pytest.raises(Rejected) as rejected:
        canonical(pl.DataFrame(data), QUESTIONS)
    problems = rejected.value.problems
    assert [(problem.code, problem.span.line) for problem in problems] == [said[:2] for said in expected]
    for problem, (_, _, words) in zip(problems, expected, strict=True):
        assert words in f"{problem.message} {problem.help}"
        assert problem.span.file == "frame"


def test_many_bad_rows_are_counted_and_a_few_are_named() -> None:
    with pytest.raises(Rejected) as rejected:
        canonical(pl.DataFrame({"age": ["x"] * 1000}), QUESTIONS)
    problems = rejected.value.problems
    assert [problem.span.line for problem in problems] == [1, 2, 3]
    assert "(in 1000 rows)" in problems[0].message


@pytest.mark.parametrize(("many", "more"), [(1, ""), (3, ""), (4, " (in 4 rows)")])
def test_as_many_rows_as_are_named_are_not_counted(many: int, more: str) -> None:
    with pytest.raises(Rejected) as rejected:
        canonical(pl.DataFrame({"age": [200] * many}), QUESTIONS)
    assert [problem.span.line for problem in rejected.value.problems] == [1, 2, 3][:many]
    for problem in rejected.value.problems:
        assert problem.message.partition(" (")[1:] == (more[:2], more[2:])


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame(schema={"weak": pl.String, "age": pl.Int8})])
def test_no_rows(frame: pl.DataFrame) -> None:
    assert_frame_equal(canonical(frame, QUESTIONS), frame_of([], QUESTIONS))


ANSWERS: dict[str, st.SearchStrategy[Answer]] = {
    "weak": st.booleans(),
    "effect": st.sampled_from(["begins", "increases"]),
    "eased_by": st.fixed_dictionaries({"resting": st.booleans(), "sitting": st.booleans()}),
    "age": st.integers(0, 120),
    "severity": st.integers(0, 100).map(lambda tenths: tenths / 10),
}
OPTIONAL = {name: answer | st.just(UNKNOWN) for name, answer in ANSWERS.items()}
ROWS = st.lists(st.fixed_dictionaries({}, optional=OPTIONAL))


def as_text(answer: Answer | None) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case Mapping():
            return ";".join(option for option, chosen in answer.items() if chosen) or "none"
        case _:
            return "" if answer is None else "unknown" if answer is UNKNOWN else str(answer)


@given(ROWS)
def test_cases_as_text_give_the_same_frame(rows: list[dict[str, Answer]]) -> None:
    frame = frame_of([Case(str(row), answers) for row, answers in enumerate(rows, 1)], QUESTIONS)
    text = {name: [as_text(answers.get(name)) for answers in rows] for name in QUESTIONS}
    assert_frame_equal(canonical(pl.DataFrame(text, schema=dict.fromkeys(text, pl.String)), QUESTIONS), frame)
    assert_frame_equal(canonical(frame, QUESTIONS), frame)
