"""Their values in a column to ours, as a map says (`facts.other_names.renaming`).

In: a column, its type, its question and our value of each of theirs. Out: the column with our values, as text
or as lists of text; a value that the map does not name stays as it is, and one that it leaves blank is null.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from facts.answer import NO, YES
from facts.other_names.renaming import WHOLE
from facts.vocabulary import Choices, Question, YesNo

SEPARATOR = ";"
BLANK = "\0"
"""What a value is in between that the map leaves blank."""


def in_our_words(column: pl.Expr, dtype: pl.DataType, question: Question, ours: Mapping[str, str]) -> pl.Expr:
    """A column of their values with ours."""
    ours = {theirs: said or BLANK for theirs, said in ours.items()}
    if isinstance(dtype, pl.List | pl.Array):
        return _listed(column.cast(pl.List(pl.String)), ours)
    text = column.cast(pl.String)
    if isinstance(question.kind, YesNo | Choices) and dtype.is_numeric():
        ours = {"1": YES[0], "0": NO[0], **ours}
    if isinstance(question.kind, Choices):
        return _separated(text, ours)
    said = _said(text, ours)
    return pl.when(said != BLANK).then(said)


def _said(text: pl.Expr, ours: Mapping[str, str]) -> pl.Expr:
    word, theirs, said = text.str.strip_chars(), list(ours), list(ours.values())
    found = [
        each.replace_strict(theirs, said, default=None, return_dtype=pl.String)
        for each in (word, word.str.replace(WHOLE.pattern, "${1}"))
    ]
    return pl.coalesce(*found, text)


def _listed(words: pl.Expr, ours: Mapping[str, str]) -> pl.Expr:
    """Lists; one of nothing but blanks is unanswered, where an empty one would be none of the options."""
    left = words.list.eval(_said(pl.element(), ours))
    left = left.list.eval(pl.element().filter((pl.element() != BLANK).fill_null(True)))
    return pl.when((left.list.len() > 0) | (words.list.len() == 0)).then(left)


def _separated(text: pl.Expr, ours: Mapping[str, str]) -> pl.Expr:
    """Words with `;` or `|` between them."""
    words = text.str.replace_all("|", SEPARATOR, literal=True).str.split(SEPARATOR)
    words = words.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
    said = _listed(words, ours).list.join(SEPARATOR)
    return pl.when(words.list.len() > 0).then(said).otherwise(text)
