"""Translate the values of a column by a map (`facts.other_names.renaming`).

In: a column, its type, its question and a map from their values to ours. Out: the column with our values, as
text or lists of text. A value that the map does not contain is unchanged; one that it maps to nothing is
null.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from facts.answer import NO, YES
from facts.other_names.renaming import WHOLE
from facts.vocabulary import Choices, Question, YesNo

SEPARATOR = ";"
BLANK = "\0"
"""Temporary replacement for a value that is mapped to nothing."""


def in_our_words(column: pl.Expr, dtype: pl.DataType, question: Question, ours: Mapping[str, str]) -> pl.Expr:
    """Translate a column of their values to ours."""
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
    """Translate lists. A list whose items all mean unanswered becomes null, as an empty list would mean none
    of the options.
    """
    left = words.list.eval(_said(pl.element(), ours))
    left = left.list.eval(pl.element().filter((pl.element() != BLANK).fill_null(True)))
    return pl.when((left.list.len() > 0) | (words.list.len() == 0)).then(left)


def _separated(text: pl.Expr, ours: Mapping[str, str]) -> pl.Expr:
    """Translate words separated by `;` or `|`."""
    words = text.str.replace_all("|", SEPARATOR, literal=True).str.split(SEPARATOR)
    words = words.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
    said = _listed(words, ours).list.join(SEPARATOR)
    return pl.when(words.list.len() > 0).then(said).otherwise(text)
