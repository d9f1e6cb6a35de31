"""Convert a user's frame to the canonical frame (`facts.tables.frame`).

In: a frame in any supported form (text, lists, Booleans; columns may be missing). Out: the canonical frame.
An invalid value raises `Rejected` or fails a check in its row; it never becomes null. Polars processes whole
columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from facts.case import MAX_ID
from facts.problem import Problem, Rejected
from facts.tables.formerly import in_words_of_today, old_readings, put_together
from facts.tables.frame import columns_of, dtype_of, flag_of, frame_of, schema_of
from facts.tables.numbers import read_number
from facts.tables.options import read_choice, read_choices, read_option_columns
from facts.tables.problems import failures, unknown_columns
from facts.tables.readings import FALSE, NULL, Check, Reading, is_text, wrong_type
from facts.tables.usual import read_quickly
from facts.tables.yes_no import read_yes_no
from facts.vocabulary import Choice, Choices, Number, Question, Questionnaire, YesNo, kind_name

__all__ = ["Columns", "canonical", "frame_of", "read_columns", "schema_of"]

HOLDS = {
    "yes_no": "Booleans, 1 and 0, or text",
    "choice": "text",
    "choices": "lists of text, or text with `;` between the options",
    "number": "numbers or text",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The expressions that turn a user's columns into the canonical ones: `id`, then the columns of each
    question.

    `id` is null in rows without one. `problems` concern columns, not single rows.
    """

    id: pl.Expr
    values: tuple[pl.Expr, ...]
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]

    @property
    def bad(self) -> pl.Expr:
        """Whether a row fails any check."""
        failed = [check.bad.fill_null(False) for check in self.checks]
        return pl.any_horizontal(failed) if failed else FALSE


def read_columns(
    schema: pl.Schema,
    questions: Questionnaire,
    others: Iterable[str] = (),
    quick: bool = False,
    objects: bool = False,
) -> Columns:
    """Return how columns with these names and types are read; `others` are ignored.

    With `quick`, text is only read in its usual form: a row that fails a check may still be valid and must be
    read again without `quick`. With `objects`, text may be a JSON object.
    """
    id = _read_id(schema, quick)
    readings = _readings(schema, questions, quick, objects)
    problems = [*id.problems, *unknown_columns(schema, questions, others)]
    problems += (problem for reading in readings for problem in reading.problems)
    values: list[pl.Expr] = []
    for question, reading in zip(questions.values(), readings, strict=True):
        dtype, named = dtype_of(question.kind), zip(columns_of(question), reading.values, strict=True)
        values += (value.cast(dtype, strict=False).alias(name) for name, value in named)
        values.append(reading.unknown.fill_null(False).alias(flag_of(question)))
    checks = (check for reading in (id, *readings) for check in reading.checks)
    return Columns(id.values[0].alias("id"), tuple(values), tuple(checks), tuple(problems))


def canonical(frame: pl.DataFrame, questions: Questionnaire) -> pl.DataFrame:
    """Return the canonical frame of a user's frame; a canonical frame is returned unchanged.

    Each question has a column of its name; a missing column means unanswered. `yes_no`: Boolean, 1 and 0, or
    text (yes, no, true, false). `choice`: text. `choices`: lists (complete), text separated by `;` or `|`
    (`none` for none of these), or one column `question.option` per option. `number`: numbers or text, in the
    question's unit. Text may be `unknown`; empty text is null. A missing `id` becomes the 1-based row number.

    Raises `Rejected` with every unknown column and every column of the wrong type, and with the first rows of
    every other mistake, each with its column and row (span `frame:row`).
    """
    frame = in_words_of_today(frame, questions)
    columns = read_columns(frame.schema, questions)
    problems = [*columns.problems, *failures(frame, columns.checks)]
    if problems:
        raise Rejected(problems)
    row = pl.int_range(1, pl.len() + 1).cast(pl.String)
    return frame.lazy().select(columns.id.fill_null(row), *columns.values).collect()


def _read_id(schema: pl.Schema, quick: bool) -> Reading:
    nothing = pl.lit(None, dtype=pl.String)
    if "id" not in schema or schema["id"] == pl.Null:
        return Reading((nothing,))
    if not (is_text(schema["id"]) or schema["id"].is_integer()):
        return Reading((nothing,), problems=(wrong_type("id", schema["id"], "text or whole numbers", "id"),))
    text = pl.col("id").cast(pl.String)
    says = f"the `id` {{said}} has more than {MAX_ID} characters"
    # Byte lengths are free to compute; rows with too many bytes are read again carefully.
    length = text.str.len_bytes() if quick else text.str.len_chars()
    check = Check("too-long", "id", length > MAX_ID, says)
    return Reading((pl.when(text != "").then(text),), checks=(check,))


def _readings(schema: pl.Schema, questions: Questionnaire, quick: bool, objects: bool) -> list[Reading]:
    """Return how each question is read, from columns under its current and old names."""
    own = {name: _read_flagged(question, schema, quick, objects) for name, question in questions.items()}
    olds = old_readings(schema, questions, lambda question: _read_flagged(question, schema, quick, objects))
    for name in dict.fromkeys(old.question for old in olds):
        question, fed = questions[name], [old for old in olds if old.question == name]
        is_list = isinstance(question.kind, Choices) and name in schema
        own[name] = put_together(question, own[name], fed, is_list)
    return list(own.values())


def _read_flagged(question: Question, schema: pl.Schema, quick: bool, objects: bool) -> Reading:
    """Return how a question is read, including its column `question?`, if present."""
    flag, reading = flag_of(question), _read(question, schema, quick, objects)
    if flag not in schema:
        return reading
    if schema[flag] not in (pl.Boolean, pl.Null):
        problem = wrong_type(flag, schema[flag], "Booleans", question.name)
        return Reading(reading.values, reading.unknown, reading.checks, (*reading.problems, problem))
    flagged = pl.col(flag).cast(pl.Boolean).fill_null(False)
    says = f"`{question.name}` has an answer, although `{flag}` says that it is unknown"
    answered = pl.any_horizontal(value.is_not_null() for value in reading.values)
    clash = Check("two-answers", flag, flagged & answered, says)
    return Reading(reading.values, reading.unknown | flagged, (*reading.checks, clash), reading.problems)


def _read(question: Question, schema: pl.Schema, quick: bool, objects: bool) -> Reading:
    name, columns = question.name, columns_of(question)
    present = [column for column in columns if column in schema]
    if isinstance(question.kind, Choices) and present:
        return read_option_columns(question, schema, present, quick)
    nothing = (NULL,) * len(columns)
    if name not in schema or schema[name] == pl.Null:
        return Reading(nothing)
    reading = None
    if quick and schema[name] == pl.String:
        reading = read_quickly(name, question.kind, objects)
    reading = reading or _read_column(question, schema[name])
    if reading is not None:
        return reading
    wrong = wrong_type(name, schema[name], HOLDS[kind_name(question.kind)], name)
    return Reading(nothing, problems=(wrong,))


def _read_column(question: Question, dtype: pl.DataType) -> Reading | None:
    """Return how the column named after a question is read, or None if its type is wrong."""
    name = question.name
    match question.kind:
        case YesNo():
            return read_yes_no(name, dtype, f"the answer to `{name}` must be `yes` or `no`, not {{said}}")
        case Choice(options):
            return read_choice(name, dtype, tuple(options))
        case Choices(options):
            return read_choices(name, dtype, tuple(options))
        case Number():
            return read_number(name, dtype, question.kind)
