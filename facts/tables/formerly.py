"""Read columns under old names of questions and options.

In: the columns of a user's frame, and a function that reads the column of a question. Out: what each old
column means for the current questions, merged with their own columns as in `facts.answers`; a frame in which
old option names are replaced by current ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from facts.other_names.formerly import (
    KEEP,
    Former,
    Words,
    as_read,
    column_of,
    old_names,
    reworded,
    two_answers,
)
from facts.problem import Problem, Span
from facts.tables.frame import columns_of, dtype_of
from facts.tables.readings import FALSE, Check, Reading, is_text, says_unknown, text_of, two_forms
from facts.tables.values import in_our_words
from facts.vocabulary import Question, Questionnaire, YesNo

SEPARATOR = re.compile("[;|]")
Read = Callable[[Question], Reading]
"""Returns how a question is read from the columns of the frame."""


@dataclass(frozen=True, slots=True)
class Old:
    """The meaning of old columns for one current question, as expressions by current column.

    `is_part` means that the old columns cover only some options of the question; other options may be known
    anyway.
    """

    question: str
    name: str
    column: str
    values: Mapping[str, pl.Expr]
    unknown: pl.Expr = FALSE
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_part: bool = False


def old_readings(schema: pl.Schema, questions: Questionnaire, read: Read) -> list[Old]:
    """Return the meaning of all old columns in the frame."""
    found: list[Old] = []
    names, columns = old_names(questions), schema.names()
    for index, former in names.of_columns(columns).values():
        if not former.is_left_out:
            found += _of_question(former, columns[index], schema, read(former.question), questions)
    for name, words in names.words.items():
        if name in questions:
            found += _of_options(name, words, schema, read)
    return found


def _of_question(
    former: Former, column: str, schema: pl.Schema, reading: Reading, questions: Questionnaire
) -> Iterator[Old]:
    name, checks, problems = former.question.name, reading.checks, reading.problems
    if former.whole:
        today = columns_of(questions[former.whole])
        values = dict(zip(today, reading.values, strict=True))
        yield Old(
            question=former.whole,
            name=name,
            column=column,
            values=values,
            unknown=reading.unknown,
            checks=checks,
            problems=problems,
        )
        return
    by_option = dict(zip(former.moved, reading.values, strict=True))
    for target in former.targets:
        options = former.options_of(target)
        values = {column_of((target, new)): by_option[old] for old, new in options.items()}
        unknown = _says_unknown(name, options, schema, reading)
        is_part = any(options.values())
        yield Old(
            question=target,
            name=name,
            column=column,
            values=values,
            unknown=unknown,
            checks=checks,
            problems=problems,
            is_part=is_part,
        )
        checks, problems = (), ()


def _says_unknown(name: str, options: Iterable[str], schema: pl.Schema, reading: Reading) -> pl.Expr:
    """Return where these options are unknown: per option if options have columns of their own, else for all
    options.
    """
    if not any(each.startswith(f"{name}.") for each in schema):
        return reading.unknown
    texts = [each for each in (f"{name}.{option}" for option in options) if is_text(schema.get(each))]
    said = [says_unknown(text_of(each)) for each in texts]
    said += [pl.col(f"{name}?")] if schema.get(f"{name}?") == pl.Boolean else []
    return pl.any_horizontal([each.fill_null(False) for each in said]) if said else FALSE


def _of_options(name: str, words: Words, schema: pl.Schema, read: Read) -> Iterator[Old]:
    """Yield the meaning of columns for single options that have new names."""
    for old, new in words.items():
        column = f"{name}.{old}"
        if column not in schema:
            continue
        reading = read(Question(column, "", YesNo(), Span("")))
        problems = (*reading.problems, *([two_forms(name, column)] if name in schema else []))
        values = {column_of((name, new)): reading.values[0]}
        yield Old(
            question=name,
            name=column,
            column=column,
            values=values,
            unknown=reading.unknown,
            checks=reading.checks,
            problems=problems,
        )


def put_together(question: Question, reading: Reading, olds: Iterable[Old], is_list: bool) -> Reading:
    """Merge the reading of a question with columns under old names.

    If the current column `is_list`, an option that the list omits may be chosen or unknown under an old name.
    """
    dtype, columns = dtype_of(question.kind), columns_of(question)
    values = {
        column: value.cast(dtype, strict=False) for column, value in zip(columns, reading.values, strict=True)
    }
    unknown, checks, problems = reading.unknown, list(reading.checks), list(reading.problems)
    for old in olds:
        for column, value in old.values.items():
            known, said = values[column], value.cast(dtype, strict=False)
            differ = known & ~said if is_list else known != said
            values[column] = pl.when(said).then(True).otherwise(known) if is_list else known
            is_left_open = is_list and old.is_part
            unsaid = said.is_null() & ~known
            nobody_knew = old.unknown.fill_null(False) & unsaid if is_left_open else FALSE
            values[column] = pl.when(~nobody_knew).then(pl.coalesce(values[column], said))
            option = column.removeprefix(question.name).removeprefix(".")
            says = two_answers(old.name, (question.name, option))
            checks.append(Check("two-answers", old.column, differ, says, help=KEEP))
        unknown = unknown if old.is_part else unknown | old.unknown
        checks += old.checks
        problems += old.problems
    unknown = unknown & pl.all_horizontal([value.is_null() for value in values.values()])
    return Reading(tuple(values.values()), unknown, tuple(checks), tuple(problems))


def in_words_of_today(frame: pl.DataFrame, questions: Questionnaire) -> pl.DataFrame:
    """Replace old option names in a frame by current ones."""
    asked = as_read(questions)
    return frame.with_columns(
        in_our_words(pl.col(name), frame.schema[name], asked[name], words)
        for name, words in _worded(frame, questions)
    )


def old_words(frame: pl.DataFrame, questions: Questionnaire, file: str) -> list[Problem]:
    """Return a warning for each old option name used in a frame."""
    found: list[Problem] = []
    for name, words in _worded(frame, questions):
        column = frame[name]
        if isinstance(column.dtype, pl.List):
            column = column.explode()
        said = column.drop_nulls().cast(pl.String).unique()
        there = {word.strip() for text in said for word in SEPARATOR.split(text)}
        found += (reworded(name, old, words[old], Span(file)) for old in words if old in there)
    return found


def _worded(frame: pl.DataFrame, questions: Questionnaire) -> Iterator[tuple[str, Words]]:
    """Yield the columns that may contain old option names, each with the map from old to current names."""
    for name, words in old_names(questions).words.items():
        dtype = frame.schema.get(name)
        if is_text(dtype.inner if isinstance(dtype, pl.List) else dtype):
            yield name, words
