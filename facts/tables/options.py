"""Read columns of options: `choice`, and the three forms of `choices`."""

from __future__ import annotations

import polars as pl

from facts.answer import NONE
from facts.tables.frame import columns_of
from facts.tables.readings import (
    FALSE,
    NULL,
    Check,
    Reading,
    is_text,
    says_unknown,
    text_of,
    two_forms,
    wrong_type,
)
from facts.tables.usual import yes_no
from facts.tables.yes_no import read_yes_no
from facts.vocabulary import Question

Options = tuple[str, ...]


def read_choice(column: str, dtype: pl.DataType, options: Options) -> Reading | None:
    """Return how a text column with one option per cell is read, or None for another type. An Enum of known
    options needs no check.
    """
    if isinstance(dtype, pl.Enum) and set(dtype.categories) <= set(options):
        return Reading((pl.col(column),))
    if not is_text(dtype):
        return None
    word = text_of(column)
    unknown = says_unknown(word)
    check = _no_option(column, ~word.is_in(options) & ~unknown, options)
    return Reading((pl.when(~unknown).then(word),), unknown, (check,))


def read_choices(column: str, dtype: pl.DataType, options: Options) -> Reading | None:
    """Return how a column of lists, or of text separated by `;` or `|`, is read, or None for another type."""
    if isinstance(dtype, pl.List | pl.Array) and (is_text(dtype.inner) or dtype.inner == pl.Null):
        words = pl.col(column).cast(pl.List(pl.String))
    elif is_text(dtype):
        words = text_of(column).str.replace_all("|", ";", literal=True).str.split(";")
        words = words.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
    else:
        return None
    alone = pl.when(words.list.len() == 1).then(words.list.first()).fill_null("")
    none, unknown = alone.str.to_lowercase() == NONE, says_unknown(alone)
    chosen = pl.when(none).then(pl.lit([], pl.List(pl.String))).when(~unknown).then(words)
    nothing = (words.list.len() == 0) if is_text(dtype) else FALSE
    checks = (
        _strange(column, chosen, options),
        _null(column, chosen),
        _no_option(column, nothing, options),
    )
    return Reading(tuple(chosen.list.contains(option) for option in options), unknown, checks)


def read_option_columns(
    question: Question, schema: pl.Schema, present: list[str], quick: bool = False
) -> Reading:
    """Return how one column per option is read. If they contain nothing but `unknown`, so is the answer."""
    problems = [two_forms(question.name, present[0])] if question.name in schema else []
    readings: dict[str, Reading] = {}
    for column in present:
        option = column.removeprefix(f"{question.name}.")
        says = f"option `{option}` of `{question.name}` must be `yes` or `no`, not {{said}}"
        dtype = pl.Boolean() if schema[column] == pl.Null else schema[column]
        is_quick = quick and dtype == pl.String
        reading = yes_no(column) if is_quick else read_yes_no(column, dtype, says)
        if reading is None:
            problems.append(wrong_type(column, dtype, "Booleans or text", question.name))
        else:
            readings[column] = reading
    values = tuple(readings[name].values[0] if name in readings else NULL for name in columns_of(question))
    said = [reading.unknown for reading in readings.values() if reading.unknown is not FALSE]
    unsaid = (value.is_null() for value in values)
    unknown = pl.any_horizontal(said) & pl.all_horizontal(unsaid) if said else FALSE
    checks = tuple(check for reading in readings.values() for check in reading.checks)
    return Reading(values, unknown, checks, tuple(problems))


def _strange(column: str, chosen: pl.Expr, options: Options) -> Check:
    bad = chosen.list.eval(~pl.element().is_in(options).fill_null(True)).list.any()
    return _no_option(column, bad, options)


def _null(column: str, chosen: pl.Expr) -> Check:
    bad = chosen.list.eval(pl.element().is_null()).list.any()
    says = f"`{column}` has no option `null`"
    return Check("unknown-option", column, bad, says, help="leave null out of the list")


def _no_option(column: str, bad: pl.Expr, options: Options) -> Check:
    return Check("unknown-option", column, bad, f"`{column}` has no option {{said}}", options)
