"""What is wrong with a user's frame, as problems: columns that no question knows, and rows that fail a check.

A check that fails in many rows names the first few and says how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from facts.problem import Problem, Span, quote, suggest
from facts.table_layout import columns_of, flag_of
from facts.table_reading import FRAME, Check
from facts.vocabulary import Questionnaire

PLACE = "\0place"
"""The column that says where a row stands in its file, from 1."""
FEW = 3
"""How many rows are named for each thing that is wrong with a column."""


def known_columns(questions: Questionnaire) -> list[str]:
    """What a column can be called."""
    known = ["id", "about", *questions]
    for question in questions.values():
        known += (*columns_of(question), flag_of(question))
    return known


def unknown_columns(
    schema: Iterable[str], questions: Questionnaire, others: Iterable[str] = ()
) -> list[Problem]:
    """The columns that no question knows, without the others."""
    known = dict.fromkeys([*known_columns(questions), *others])
    return [_unknown_column(column, list(known)) for column in schema if column not in known]


def _unknown_column(column: str, known: list[str]) -> Problem:
    help = suggest(column, known, "columns") or "rename the column or drop it"
    message = f"no question is called {quote(column)}"
    return Problem("unknown-column", message, Span(FRAME), help, subject=column)


def row_problems(rows: pl.DataFrame, checks: Sequence[Check], file: str) -> dict[int, list[Problem]]:
    """What is wrong in rows, by their place, which stands in the column `#place`."""
    found: dict[int, list[Problem]] = {place: [] for place in rows[PLACE]}
    for check in checks:
        bad = rows.lazy().filter(check.bad.fill_null(False)).select(PLACE, said=check.column).collect()
        for place, said in bad.iter_rows():
            found[place].append(_problem(check, said, Span(file, place)))
    return found


def failures(frame: pl.DataFrame, checks: Sequence[Check]) -> list[Problem]:
    """The first rows of each check that fails somewhere."""
    if not checks or not frame.height:
        return []
    sums = [check.bad.fill_null(False).sum().alias(str(index)) for index, check in enumerate(checks)]
    counts = frame.lazy().select(sums).collect().row(0)
    failed = ((check, count) for check, count in zip(checks, counts, strict=True) if count)
    return [problem for check, count in failed for problem in _first_rows(frame, check, count)]


def _first_rows(frame: pl.DataFrame, check: Check, count: int) -> Iterator[Problem]:
    bad = check.bad.fill_null(False)
    rows = frame.lazy().select(row=pl.int_range(1, pl.len() + 1), bad=bad, said=check.column)
    more = f" ({count} rows are like this)" if count > FEW else ""
    for row, said in rows.filter("bad").drop("bad").head(FEW).collect().iter_rows():
        yield _problem(check, said, Span(FRAME, row), more)


def _problem(check: Check, said: object, span: Span, more: str = "") -> Problem:
    word = _culprit(said, check.options)
    help = suggest(word, check.options, "options") if check.options else ""
    message = check.says.replace("{said}", quote(word) if word else "nothing") + more
    subject = check.column.removesuffix("?").partition(".")[0]
    help = check.help or help or "correct the cell or leave it empty"
    return Problem(check.code, message, span, help, subject=subject)


def _culprit(said: object, options: tuple[str, ...]) -> str:
    """What a cell says, or the first word of it that is no option."""
    if not options:
        return str(said)
    words = said if isinstance(said, list) else [word.strip() for word in re.split("[;|]", str(said))]
    return next((word for word in words if word and word not in options), "" if words == said else str(said))
