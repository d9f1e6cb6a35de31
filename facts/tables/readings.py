"""How a user's column is read: expressions for its values, and checks for forbidden content.

A function that reads a column takes its name and type, and returns None if the type is wrong. Text is
stripped and empty text is null; `yes`, `no`, `true`, `false`, `unknown` and `none` are case-insensitive, as
in `facts.answer`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from facts.answer import DONT_KNOW
from facts.problem import Problem, Span

FRAME = "frame"
NULL = pl.lit(None)
FALSE = pl.lit(False)


WORDS: dict[type[pl.DataType], str] = {
    pl.Boolean: "Booleans",
    pl.String: "text",
    pl.Categorical: "text",
    pl.Enum: "text",
    pl.Date: "dates",
    pl.Datetime: "dates with a time",
    pl.Time: "times of day",
    pl.Duration: "spans of time",
    pl.Struct: "structs",
    pl.Binary: "bytes",
    pl.Null: "nothing",
}


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that must not be true in any row. `{said}` in `says` is replaced by the content of the
    cell.
    """

    code: str
    column: str
    bad: pl.Expr
    says: str
    options: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question is read: an expression per canonical column, one for "I don't know", and checks."""

    values: tuple[pl.Expr, ...]
    unknown: pl.Expr = FALSE
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()


def wrong_type(column: str, dtype: pl.DataType, wanted: str, subject: str) -> Problem:
    """Return the problem of a column with an unsupported type."""
    message = f"column `{column}` must hold {wanted}, not {in_words(dtype)}"
    return Problem("column-type", message, Span(FRAME), "convert the column", subject=subject)


def two_forms(question: str, column: str) -> Problem:
    """Return the problem of a question that has both its own column and one for an option."""
    message = f"`{question}` has a column for its answer and the column `{column}` for an option"
    return Problem("two-forms", message, Span(FRAME), "use only one of the two forms", subject=question)


def in_words(dtype: object) -> str:
    """Describe a type in plain words."""
    match dtype:
        case pl.List(inner=inner) | pl.Array(inner=inner):
            return f"lists of {in_words(inner)}"
        case pl.DataType() if dtype.is_numeric():
            return "numbers"
        case _:
            return next((words for types, words in WORDS.items() if isinstance(dtype, types)), f"`{dtype}`")


def is_text(dtype: object) -> bool:
    """Whether a column holds text."""
    return isinstance(dtype, (pl.String, pl.Categorical, pl.Enum))


def text_of(column: str) -> pl.Expr:
    """Return the stripped text of a column, null if it is empty."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def says_unknown(word: pl.Expr) -> pl.Expr:
    """Return an expression that is true where a word is "I don't know"."""
    return word.str.to_lowercase() == DONT_KNOW
