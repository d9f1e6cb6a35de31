"""A case that is missing: its answers, and what the rules give today, to be confirmed by a person.

In: a case as values. Out: the same as YAML, with a `todo` that keeps it from passing unread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from facts.case import Case
from facts.cases.text import answer_text, text_of
from facts.plain import Plain
from facts.vocabulary import Answer, Questionnaire

TODO = "confirm that this is right, say what it is about, and remove this line"
UNSAFE = {"", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "~"}


@dataclass(frozen=True, slots=True)
class MissingCase:
    """A case that shows what no case shows yet; `id` says what, and is made unique where it is written."""

    id: str
    about: str
    answers: Mapping[str, Answer]
    expect: Mapping[str, Plain]
    expect_not: Mapping[str, Plain]


def case_lines(case: MissingCase, questions: Questionnaire) -> Iterator[str]:
    """A case for people: its answers, and what it must give."""
    yield "  for example:" if case.answers else "  for example: whoever answers nothing"
    for question in questions:
        if question in case.answers:
            yield f"    {question}: {answer_text(questions[question], case.answers[question])}"
    for key, said in _sides(case):
        yield f"  {key}: {flow(said)}"


def case_texts(cases: Iterable[MissingCase], questions: Questionnaire) -> Iterator[str]:
    """Each case in YAML, each with an id of its own."""
    times = Counter[str]()
    for each in cases:
        name = each.id.replace(" ", "-")
        times[name] += 1
        id = name if times[name] == 1 else f"{name}-{times[name]}"
        sides = "".join(f"  {key}: {flow(said)}\n" for key, said in _sides(each))
        yield f"{text_of(Case(id, each.answers, each.about), questions)}{sides}  todo: {TODO}\n"


def _sides(case: MissingCase) -> Iterator[tuple[str, Mapping[str, Plain]]]:
    if case.expect:
        yield "expect", case.expect
    if case.expect_not:
        yield "expect_not", case.expect_not


def flow(value: object) -> str:
    """Plain values in the flow style of YAML."""
    match value:
        case Mapping():
            return f"{{{', '.join(f'{flow(key)}: {flow(each)}' for key, each in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(flow, value))}]"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return f'"{value}"' if value.lower() in UNSAFE else value
        case _:
            return str(value)
