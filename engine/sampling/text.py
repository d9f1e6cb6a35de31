"""Answers of a canonical frame as text, in the words of CSV and JSON cases.

In: the questionnaire. Out: expressions over a canonical frame, for the cells of a row or for a whole line.
Unanswered questions are empty cells, and are left out of lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import polars as pl

from facts.answer import DONT_KNOW
from facts.tables.frame import columns_of, flag_of
from facts.vocabulary import Choice, Choices, Number, Question, Questionnaire, YesNo

NOTHING = pl.lit("")


def as_cells(questions: Questionnaire) -> Iterator[pl.Expr]:
    """The cells of a row, each named after its column."""
    yield pl.col("id")
    for question in questions.values():
        for column in columns_of(question):
            unknown = pl.when(flag_of(question)).then(pl.lit(DONT_KNOW))
            yield _word(question, column, "yes", "no").fill_null(unknown).alias(column)


def as_lines(questions: Questionnaire, about: str | None = None) -> pl.Expr:
    """A case as one line of JSON. `about` names the column with the case's `about`, if any."""
    members = _joined(_member(question) for question in questions.values())
    told = NOTHING if about is None else _text('"about":"', pl.col(about).cast(pl.String), '",')
    return _text('{"id":"', pl.col("id"), '",', told, '"answers":{', members.str.strip_prefix(","), "}}")


def _member(question: Question) -> pl.Expr:
    """A comma, the name of the question and its answer; empty if unanswered."""
    known = pl.when(flag_of(question)).then(pl.lit(_quoted(DONT_KNOW))).otherwise(_value(question))
    return _text(f",{_quoted(question.name)}:", known).fill_null(NOTHING)


def _value(question: Question) -> pl.Expr:
    match question.kind:
        case YesNo() | Number():
            return _word(question, question.name, "true", "false")
        case Choice():
            return _text('"', _word(question, question.name), '"')
        case Choices(options):
            return _chosen(question.name, options)


def _chosen(question: str, options: Iterable[str]) -> pl.Expr:
    """A list if every option is known, a mapping if some are, null if none is."""
    columns = {option: pl.col(f"{question}.{option}") for option in options}
    items = _joined(
        pl.when(column).then(pl.lit(f",{_quoted(option)}")).otherwise(NOTHING)
        for option, column in columns.items()
    )
    entries = _joined(
        pl.when(column)
        .then(pl.lit(f",{_quoted(option)}:true"))
        .when(~column)
        .then(pl.lit(f",{_quoted(option)}:false"))
        .otherwise(NOTHING)
        for option, column in columns.items()
    )
    known = [column.is_not_null() for column in columns.values()]
    whole = pl.when(pl.all_horizontal(known)).then(_text("[", items.str.strip_prefix(","), "]"))
    return whole.when(pl.any_horizontal(known)).then(_text("{", entries.str.strip_prefix(","), "}"))


def _word(question: Question, column: str, yes: str = "", no: str = "") -> pl.Expr:
    """The value of a column as text; null if unanswered."""
    value = pl.col(column)
    match question.kind:
        case YesNo() | Choices():
            return pl.when(value).then(pl.lit(yes)).when(~value).then(pl.lit(no))
        case Choice() | Number():
            return value.cast(pl.String)


def _text(*pieces: str | pl.Expr) -> pl.Expr:
    """Concatenated pieces; null if a piece is null."""
    return pl.concat_str(pl.lit(each) if isinstance(each, str) else each for each in pieces)


def _joined(pieces: Iterable[pl.Expr]) -> pl.Expr:
    return pl.concat_str([NOTHING, *pieces])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
