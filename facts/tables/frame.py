"""The canonical frame, and conversion of cases to its rows and back.

Its columns are `id` and, for each question, its answer and `question?`, true if the answer is "I don't know".
The answer is one column named after the question: Boolean for `yes_no`, Enum for `choice`, Int64 for
`number`, or Float64 if it has decimals. For `choices` it is one Boolean column `question.option` per option.
Null means not known; only `id` and `question?` are never null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from facts.case import Case
from facts.vocabulary import (
    UNKNOWN,
    Answer,
    Choice,
    Choices,
    Kind,
    Number,
    Question,
    Questionnaire,
    YesNo,
)

DataType = pl.DataType | type[pl.DataType]
"""The type of a column. An Enum takes 8 bits per row, text takes 16 bytes."""


def schema_of(questions: Questionnaire) -> dict[str, DataType]:
    """Return the columns of the canonical frame, in order."""
    schema: dict[str, DataType] = {"id": pl.String}
    for question in questions.values():
        schema |= dict.fromkeys(columns_of(question), dtype_of(question.kind))
        schema[flag_of(question)] = pl.Boolean
    return schema


def frame_of(cases: Iterable[Case], questions: Questionnaire) -> pl.DataFrame:
    """Return the canonical frame of cases, one row per case, in order."""
    rows = list(cases)
    data: dict[str, list[object]] = {"id": [case.id for case in rows]}
    for question in questions.values():
        answers = [case.answers.get(question.name) for case in rows]
        data |= zip(columns_of(question), _values(question.kind, answers), strict=True)
        data[flag_of(question)] = [answer is UNKNOWN for answer in answers]
    return pl.DataFrame(data, schema=schema_of(questions))


def cases_of(frame: pl.DataFrame, questions: Questionnaire) -> Iterator[Case]:
    """Yield the rows of a canonical frame as cases: the inverse of `frame_of`."""
    for row in frame.iter_rows(named=True):
        answers = {name: _answer(question, row) for name, question in questions.items()}
        yield Case(row["id"], {name: each for name, each in answers.items() if each is not None})


def _answer(question: Question, row: Mapping[str, Answer | None]) -> Answer | None:
    if row[flag_of(question)]:
        return UNKNOWN
    if not isinstance(question.kind, Choices):
        return row[question.name]
    known = {option: row[f"{question.name}.{option}"] for option in question.kind.options}
    return {option: bool(each) for option, each in known.items() if each is not None} or None


def columns_of(question: Question) -> list[str]:
    """Return the columns that hold the answer to a question, without the flag column."""
    match question.kind:
        case Choices(options):
            return [f"{question.name}.{option}" for option in options]
        case _:
            return [question.name]


def flag_of(question: Question) -> str:
    """Return the name of the column that is true if the answer is "I don't know"."""
    return f"{question.name}?"


def dtype_of(kind: Kind) -> DataType:
    """Return the type of the columns for this kind of question."""
    match kind:
        case YesNo() | Choices():
            return pl.Boolean
        case Choice(options):
            return pl.Enum(list(options))
        case Number(decimals=decimals):
            return pl.Float64 if decimals else pl.Int64


def _values(kind: Kind, answers: list[Answer | None]) -> Iterator[list[object]]:
    match kind:
        case Choices(options):
            for option in options:
                yield [answer.get(option) if isinstance(answer, Mapping) else None for answer in answers]
        case _:
            yield [None if answer is UNKNOWN else answer for answer in answers]
