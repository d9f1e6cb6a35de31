"""Many cases as columns.

In: cases, or a frame as people have it (text, lists, Booleans; columns missing). Out: the canonical frame:
`id`; for `yes_no` a Boolean and for `choice` a String column called like the question; for `choices` one
Boolean column `question.option` per option; for `number` Int64, or Float64 where it has decimals; and after
each question `question?`, true where the answer is "I don't know". Null is not known; only `question?` and
`id` are never null. What does not fit raises `Rejected`, never turns into null. All work is done by Polars on
whole columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from facts.case import NO, YES, Case
from facts.problem import Problem, Rejected, Span, suggest
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
    kind_name,
)

FRAME = "frame"
FEW = 3
"""How many rows are named for each thing that is wrong with a column."""

NUMERAL = r"^[-+]?[0-9]{1,15}(\.[0-9]{1,15})?$"
HOLDS = {
    "yes_no": "Booleans or text",
    "choice": "text",
    "choices": "lists of text, or text with `;` between the options",
    "number": "numbers or text",
}


def schema_of(questions: Questionnaire) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The columns of the canonical frame, in order."""
    schema: dict[str, pl.DataType | type[pl.DataType]] = {"id": pl.String}
    for question in questions.values():
        schema |= dict.fromkeys(_columns(question), _dtype(question.kind))
        schema[f"{question.name}?"] = pl.Boolean
    return schema


def frame_of(cases: Iterable[Case], questions: Questionnaire) -> pl.DataFrame:
    """The canonical frame of cases, one row each, in their order."""
    rows = list(cases)
    data: dict[str, list[object]] = {"id": [case.id for case in rows]}
    for question in questions.values():
        answers = [case.answers.get(question.name) for case in rows]
        data |= zip(_columns(question), _values(question.kind, answers), strict=True)
        data[f"{question.name}?"] = [answer is UNKNOWN for answer in answers]
    return pl.DataFrame(data, schema=schema_of(questions))


def canonical(frame: pl.DataFrame, questions: Questionnaire) -> pl.DataFrame:
    """The canonical frame of a user's frame; one that is canonical already comes back as it is.

    Columns are called like the questions; one that is missing was not answered. `yes_no`: Boolean, or text
    (yes, no, true, false). `choice`: text. `choices`: lists (complete), text with `;` between the options
    (`none` for none of these), or one column `question.option` an option. `number`: numbers or text, in the
    question's unit. Text may say `unknown`; empty text is null. `id` without a value is the 1-based row.

    Raises `Rejected` with every column that no question knows or that has the wrong type, and with the first
    rows of every other mistake, each with its column and row (span `frame:row`).
    """
    schema = frame.schema
    readings = {question.name: _read(question, schema) for question in questions.values()}
    problems = _unknown_columns(schema, questions) + [p for r in readings.values() for p in r.problems]
    problems += _failed(frame, [check for reading in readings.values() for check in reading.checks])
    id, wrong_id = _id(schema)
    if problems or wrong_id:
        raise Rejected(wrong_id + problems)
    columns = [id.alias("id")]
    for question in questions.values():
        reading = readings[question.name]
        for name, value in zip(_columns(question), reading.values, strict=True):
            columns.append(value.cast(_dtype(question.kind)).alias(name))
        columns.append(reading.unknown.fill_null(False).alias(f"{question.name}?"))
    return frame.lazy().select(columns).collect()


@dataclass(frozen=True, slots=True)
class _Check:
    """What must not be true in any row. In `says`, `{said}` stands for what the cell says."""

    code: str
    column: str
    bad: pl.Expr
    says: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a question is read: one value a canonical column, where it says `unknown`, what must not be."""

    values: tuple[pl.Expr, ...]
    unknown: pl.Expr
    checks: tuple[_Check, ...] = ()
    problems: tuple[Problem, ...] = ()


NULL = pl.lit(None)
FALSE = pl.lit(False)


def _columns(question: Question) -> list[str]:
    match question.kind:
        case Choices(options):
            return [f"{question.name}.{option}" for option in options]
        case _:
            return [question.name]


def _dtype(kind: Kind) -> type[pl.DataType]:
    match kind:
        case YesNo() | Choices():
            return pl.Boolean
        case Choice():
            return pl.String
        case Number(decimals=decimals):
            return pl.Float64 if decimals else pl.Int64


def _values(kind: Kind, answers: list[Answer | None]) -> Iterator[list[object]]:
    match kind:
        case Choices(options):
            for option in options:
                yield [answer.get(option) if isinstance(answer, Mapping) else None for answer in answers]
        case _:
            yield [None if answer is UNKNOWN else answer for answer in answers]


# Reading a question's columns


def _read(question: Question, schema: pl.Schema) -> _Reading:
    flag = f"{question.name}?"
    reading = _read_answers(question, schema)
    if flag not in schema:
        return reading
    if schema[flag] not in (pl.Boolean, pl.Null):
        problem = _wrong_type(flag, schema[flag], "Booleans", question.name)
        return _Reading(reading.values, reading.unknown, reading.checks, (*reading.problems, problem))
    flagged = pl.col(flag).cast(pl.Boolean).fill_null(False)
    says = f"`{question.name}` has an answer where `{flag}` says that it is unknown"
    answered = pl.any_horizontal(value.is_not_null() for value in reading.values)
    clash = _Check("two-answers", flag, flagged & answered, says)
    return _Reading(reading.values, reading.unknown | flagged, (*reading.checks, clash), reading.problems)


def _read_answers(question: Question, schema: pl.Schema) -> _Reading:
    name = question.name
    present = [column for column in _columns(question) if column in schema]
    if isinstance(question.kind, Choices) and present:
        return _read_options(question, schema, present)
    if name not in schema or schema[name] == pl.Null:
        return _Reading((NULL,) * len(_columns(question)), FALSE)
    match question.kind:
        case YesNo():
            says = f"`{name}` is answered with `yes` or `no`, not with {{said}}"
            reading = _yes_no(name, schema[name], says)
        case Choice(options):
            reading = _choice(name, schema[name], tuple(options))
        case Choices(options):
            reading = _choices(name, schema[name], tuple(options))
        case Number():
            reading = _number(name, schema[name], question.kind)
    if reading is not None:
        return reading
    wrong = _wrong_type(name, schema[name], HOLDS[kind_name(question.kind)], name)
    return _Reading((NULL,) * len(_columns(question)), FALSE, (), (wrong,))


def _is_text(dtype: object) -> bool:
    return isinstance(dtype, (pl.String, pl.Categorical, pl.Enum))


def _text(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def _yes_no(column: str, dtype: pl.DataType, says: str) -> _Reading | None:
    if dtype == pl.Boolean:
        return _Reading((pl.col(column),), FALSE)
    if not _is_text(dtype):
        return None
    word = _text(column).str.to_lowercase()
    value = pl.when(word.is_in(YES)).then(True).when(word.is_in(NO)).then(False)
    bad = ~word.is_in((*YES, *NO, UNKNOWN.value))
    return _Reading((value,), word == UNKNOWN.value, (_Check("not-yes-no", column, bad, says),))


def _choice(column: str, dtype: pl.DataType, options: tuple[str, ...]) -> _Reading | None:
    if not _is_text(dtype):
        return None
    word = _text(column)
    bad = ~word.is_in((*options, UNKNOWN.value))
    check = _Check("unknown-option", column, bad, f"`{column}` has no option {{said}}", options)
    return _Reading((pl.when(word != UNKNOWN.value).then(word),), word == UNKNOWN.value, (check,))


def _choices(column: str, dtype: pl.DataType, options: tuple[str, ...]) -> _Reading | None:
    says = f"`{column}` has no option {{said}}"
    if isinstance(dtype, pl.List) and (_is_text(dtype.inner) or dtype.inner == pl.Null):
        chosen = pl.col(column).cast(pl.List(pl.String))
        return _Reading(_options(chosen, options), FALSE, (_strange(column, chosen, options, says),))
    if not _is_text(dtype):
        return None
    text = _text(column)
    words = text.str.replace_all("|", ";", literal=True).str.split(";")
    words = words.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
    alone = pl.when(words.list.len() == 1).then(words.list.first())
    unknown = alone.eq_missing(UNKNOWN.value)
    chosen = pl.when(alone.eq_missing("none")).then(pl.lit([], pl.List(pl.String))).when(~unknown).then(words)
    empty = _Check("unknown-option", column, words.list.len() == 0, says, options)
    checks = (_strange(column, chosen, options, says), empty)
    return _Reading(_options(chosen, options), unknown, checks)


def _options(chosen: pl.Expr, options: tuple[str, ...]) -> tuple[pl.Expr, ...]:
    return tuple(chosen.list.contains(option) for option in options)


def _strange(column: str, chosen: pl.Expr, options: tuple[str, ...], says: str) -> _Check:
    bad = chosen.list.eval(~pl.element().is_in(options).fill_null(False)).list.any()
    return _Check("unknown-option", column, bad, says, options)


def _read_options(question: Question, schema: pl.Schema, present: list[str]) -> _Reading:
    """One column an option. Where the columns say nothing but `unknown`, the question's answer is that."""
    says = f"option `{{option}}` of `{question.name}` is `yes` or `no`, not {{said}}"
    problems = []
    if question.name in schema:
        message = f"`{question.name}` has a column of its own and the column `{present[0]}`"
        span, help = Span(FRAME), "keep one of the two forms"
        problems.append(Problem("two-forms", message, span, help, subject=question.name))
    readings = {}
    for column in present:
        option = column.removeprefix(f"{question.name}.")
        dtype = pl.Boolean() if schema[column] == pl.Null else schema[column]
        reading = _yes_no(column, dtype, says.replace("{option}", option))
        if reading is None:
            problems.append(_wrong_type(column, dtype, HOLDS["yes_no"], question.name))
        else:
            readings[column] = reading
    values = tuple(readings[name].values[0] if name in readings else NULL for name in _columns(question))
    said = pl.any_horizontal([FALSE, *(reading.unknown for reading in readings.values())])
    unknown = said & pl.all_horizontal(value.is_null() for value in values)
    checks = tuple(check for reading in readings.values() for check in reading.checks)
    return _Reading(values, unknown, checks, tuple(problems))


def _number(column: str, dtype: pl.DataType, kind: Number) -> _Reading | None:
    if _is_text(dtype):
        return _numeral(column, kind)
    if dtype.is_integer():
        return _Reading((pl.col(column),), FALSE, (_range(column, kind, pl.col(column), pl.lit(True)),))
    if not (dtype.is_float() or dtype.is_decimal()):
        return None
    given = pl.col(column).cast(pl.Float64)
    value = given.round(kind.decimals)
    is_fine = (value.cast(dtype, strict=False) == pl.col(column)) if dtype == pl.Float32 else value == given
    finite = given.is_finite()
    checks = (
        _Check("not-a-number", column, ~finite, _no_number(column, kind)),
        _Check("decimals", column, finite & ~is_fine, _decimals(column, kind)),
        _range(column, kind, value, finite & is_fine),
    )
    return _Reading((value,), FALSE, checks)


def _numeral(column: str, kind: Number) -> _Reading:
    word = _text(column)
    unknown = word == UNKNOWN.value
    is_numeral = word.str.contains(NUMERAL)
    decimals = word.str.extract(r"\.([0-9]*?)0*$").str.len_chars().fill_null(0)
    is_fine = is_numeral & (decimals <= kind.decimals)
    digits = pl.when(is_fine).then(word.str.strip_prefix("+"))
    value = digits.cast(pl.Float64) if kind.decimals else digits.str.replace(r"\..*$", "").cast(pl.Int64)
    checks = (
        _Check("not-a-number", column, ~unknown & ~is_numeral, _no_number(column, kind)),
        _Check("decimals", column, is_numeral & ~is_fine, _decimals(column, kind)),
        _range(column, kind, value, is_fine),
    )
    return _Reading((value,), unknown, checks)


def _range(column: str, kind: Number, value: pl.Expr, applies: pl.Expr) -> _Check:
    bad = applies & ~value.is_between(kind.minimum, kind.maximum)
    says = f"`{column}` is from {kind.minimum} to {kind.maximum} {kind.unit}, not {{said}}"
    return _Check("out-of-range", column, bad, says)


def _no_number(column: str, kind: Number) -> str:
    return f"`{column}` is a number of {kind.unit}, not {{said}}"


def _decimals(column: str, kind: Number) -> str:
    allowed = f"at most {kind.decimals} decimals" if kind.decimals else "whole numbers"
    return f"`{column}` takes {allowed}, not {{said}}"


def _id(schema: pl.Schema) -> tuple[pl.Expr, list[Problem]]:
    row = pl.int_range(1, pl.len() + 1).cast(pl.String)
    if "id" not in schema or schema["id"] == pl.Null:
        return row, []
    if not (_is_text(schema["id"]) or schema["id"].is_integer()):
        return row, [_wrong_type("id", schema["id"], "text or whole numbers", "id")]
    text = pl.col("id").cast(pl.String)
    return pl.when(text != "").then(text).otherwise(row), []


# What is wrong, in words


def _unknown_columns(schema: pl.Schema, questions: Questionnaire) -> list[Problem]:
    known = ["id", "about", *questions]
    for question in questions.values():
        known += (*_columns(question), f"{question.name}?")
    strange = [column for column in schema if column not in known]
    return [
        Problem(
            "unknown-column",
            f"no question is called `{_short(column)}`",
            Span(FRAME),
            suggest(column, known, "columns") or "rename the column or drop it",
            subject=column,
        )
        for column in strange
    ]


def _wrong_type(column: str, dtype: pl.DataType, wanted: str, question: str) -> Problem:
    message = f"column `{column}` takes {wanted}, not `{dtype}`"
    return Problem("column-type", message, Span(FRAME), "convert the column", subject=question)


def _failed(frame: pl.DataFrame, checks: list[_Check]) -> list[Problem]:
    """The first rows of each check that fails somewhere."""
    if not checks or not frame.height:
        return []
    sums = [check.bad.fill_null(False).sum().alias(str(index)) for index, check in enumerate(checks)]
    counts = frame.lazy().select(sums).collect().row(0)
    failed = ((check, count) for check, count in zip(checks, counts, strict=True) if count)
    return [problem for check, count in failed for problem in _first_rows(frame, check, count)]


def _first_rows(frame: pl.DataFrame, check: _Check, count: int) -> Iterator[Problem]:
    bad = check.bad.fill_null(False)
    rows = frame.lazy().select(row=pl.int_range(1, pl.len() + 1), bad=bad, said=check.column)
    more = f" ({count} rows are like this)" if count > FEW else ""
    for row, said in rows.filter("bad").drop("bad").head(FEW).collect().iter_rows():
        word = _culprit(said, check.options)
        help = suggest(word, check.options, "options") if check.options else ""
        help = help or "correct the cell or leave it empty"
        message = check.says.replace("{said}", f"`{_short(word)}`" if word else "nothing") + more
        subject = check.column.removesuffix("?").partition(".")[0]
        yield Problem(check.code, message, Span(FRAME, row), help, subject=subject)


def _culprit(said: object, options: tuple[str, ...]) -> str:
    """What a cell says, or the first word of it that is no option."""
    if not options:
        return str(said)
    words = said if isinstance(said, list) else [word.strip() for word in re.split("[;|]", str(said))]
    return next((word for word in words if word and word not in options), "" if words == said else str(said))


def _short(word: str) -> str:
    return word if len(word) <= 60 else word[:60] + "..."
