"""What the tests of files of cases share: a questionnaire, and reading a text as a file."""

from __future__ import annotations

from pathlib import Path

from facts.case import Case
from facts.files.cases import read_cases
from facts.problem import Problem, Span, render
from facts.vocabulary import Choice, Choices, Kind, Number, Question, YesNo

GOOD = '{"answers": {"age": 5}}\n'


def question(name: str, kind: Kind) -> tuple[str, Question]:
    return name, Question(name, f"{name}?", kind, Span("questions.yaml"))


QUESTIONS = dict(
    [
        question("leg_weakness", YesNo()),
        question("walking_effect", Choice({"begins": "it begins", "increases": "it grows"})),
        question("eased_by", Choices({"resting": "rest", "sitting": "a seat", "leaning_forward": "leaning"})),
        question("age", Number("years", 0, 120)),
        question("severity", Number("points", 0, 10, 1)),
    ]
)
EASED = {"resting": True, "sitting": False, "leaning_forward": True}


def read(folder: Path, name: str, text: str | bytes) -> list[Case | list[Problem]]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_cases([path], QUESTIONS))


def places(found: list[Case | list[Problem]]) -> list[object]:
    """Ids of cases, and code, line and column of problems."""
    return [
        item.id if isinstance(item, Case) else [(p.code, p.span.line, p.span.column) for p in item]
        for item in found
    ]


def only_case(found: list[Case | list[Problem]]) -> Case:
    (case,) = found
    assert isinstance(case, Case), "\n".join(map(render, case))
    return case


def only_problem(found: list[Case | list[Problem]]) -> Problem:
    (problems,) = found
    assert isinstance(problems, list)
    (problem,) = problems
    return problem
