"""Known column names, and problems for unknown ones.

In: the column names of a file, in order. Out: warnings, and errors for columns that may be misspelt
questions, because their answers would be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice

from facts.nearest import nearest
from facts.other_names.formerly import answered, as_read
from facts.problem import MOST_LISTED, Problem, Span, quote, quoted, suggest
from facts.vocabulary import Choices, Question, Questionnaire

TEXTS = ("id", "about")
ANSWERS = "answers"
"""The key of the answers in files of objects. As a column of a table, it may hold answers in an unsupported
form.
"""
MAX_COLUMNS = 2_000
"""Maximum number of columns in CSV, of answers in a struct of a Parquet file, and of ignored keys."""
CLOSE = 0.8
"""Minimum similarity at which an unknown column counts as a misspelt question; 1 means equal."""

Place = Callable[[int | None], Span]
"""Returns the place of a column by index; None means all columns."""


def forms_of(question: Question) -> list[str]:
    """Return the names of the columns that can answer a question."""
    options = question.kind.options if isinstance(question.kind, Choices) else ()
    return [question.name, *(f"{question.name}.{option}" for option in options)]


def known_names(questions: Questionnaire) -> list[str]:
    """Return all known column names, old names included."""
    return [*TEXTS, *(form for question in as_read(questions).values() for form in forms_of(question))]


def strange_columns(
    names: Sequence[str], known: Sequence[str], carry: Sequence[str], place: Place
) -> Iterator[Problem]:
    """Yield a problem for each named column that is neither known nor carried along: an error if the name is
    similar to a question, else a warning. Only the first few are named; the others are counted.
    """
    there, asked = {*known, *carry}, [name for name in known if name not in TEXTS]
    heads = {*asked, ANSWERS}
    lost, unread = 0, 0
    for index, name in enumerate(names):
        if not name or name in there:
            continue
        is_lost = may_be_answers(name, asked, heads)
        lost, unread = lost + is_lost, unread + (not is_lost)
        if is_lost and lost <= MOST_LISTED:
            yield _lost(name, known, place(index))
        elif not is_lost and unread <= MOST_LISTED:
            yield not_read(name, "column", place(index), suggest(name, known, "columns"))
    if lost > MOST_LISTED:
        message = f"{_more(lost, 'column')} would also be lost"
        yield Problem(
            "unknown-column", message, place(None), "rename, remove or keep these columns like those above"
        )
    if unread > MOST_LISTED:
        message = not_read_either(unread, "column")
        yield Problem("unknown-column", message, place(None), severity="warning")


def _lost(name: str, known: Sequence[str], place: Span) -> Problem:
    """Return the error for a column that may hold answers but is not read."""
    message = f"there is no question {quote(name)}, so the answers in this column would be lost"
    help = f"{suggest(name, known, 'columns')} rename the column, remove it, or keep it with `--keep`"
    if name.partition(".")[0] == ANSWERS:
        message = f"the answers in {quote(name)} would be lost"
        help = "write a column for each question, named like the question"
    return Problem("unknown-column", message, place, help, subject=name)


def may_be_answers(name: str, asked: Sequence[str], heads: Container[str]) -> bool:
    """Whether a column may hold answers: its name is similar to one in `asked`, or the part before the first
    dot is in `heads`.
    """
    return name.partition(".")[0] in heads or bool(nearest(name, asked, CLOSE))


def not_read(name: str, what: str, place: Span, help: str) -> Problem:
    """Return the warning that a column or key is not read; `what` is "column" or "key"."""
    message = f"there is no question {quote(name)}; the {what} is not read"
    return Problem(f"unknown-{what}", message, place, help, subject=name, severity="warning")


def not_read_either(count: int, what: str) -> str:
    """Say how many of `count` columns or keys are not read, in addition to those already named."""
    return f"{_more(count, what)} {'is' if count == MOST_LISTED + 1 else 'are'} not read either"


def _more(count: int, what: str) -> str:
    more = count - MOST_LISTED
    return f"{more:,} more {what}{'s' * (more > 1)}"


def no_question(
    names: Iterable[str], questions: Questionnaire, place: Span, first: str = ""
) -> Iterator[Problem]:
    """Yield an error if there are columns but none answers a question; `first` is put before its help."""
    there = {name for name in names if name} - set(TEXTS)
    if there and there.isdisjoint(known_names(questions)):
        help = f"{first}name columns like questions, or match them in a map (`--map`)"
        yield Problem("no-columns", "no column is named like a question", place, help)


def missing_columns(names: Sequence[str], needed: Iterable[str], place: Span) -> Iterator[Problem]:
    """Yield an error for each requested column that is absent."""
    for name in needed:
        if name not in names:
            help = suggest(name, names, "columns") or "write the name of a column of the file"
            message = f"there is no column {quote(name)}"
            yield Problem("missing-column", message, place, help, subject=name)


def unmapped(names: Iterable[str], theirs: Iterable[str], place: Span) -> Iterator[Problem]:
    """Yield a warning for each column that a map renames but that is absent."""
    there = list(names)
    for name in theirs:
        if name not in there:
            help = suggest(name, there, "columns") or "write the name of a column of the file"
            message = f"the map names a column {quote(name)} that the file does not have"
            yield Problem("map-column", message, place, help, subject=name, severity="warning")


def without_column(names: Iterable[str], questions: Questionnaire, place: Span) -> Iterator[Problem]:
    """Yield one warning that lists the questions without a column."""
    there = set(names)
    spoken = answered(there, questions)
    silent = [
        name
        for name, question in questions.items()
        if there.isdisjoint(forms_of(question)) and name not in spoken
    ]
    if silent:
        many, are = ("question", "has") if len(silent) == 1 else ("questions", "have")
        message = f"{len(silent)} {many} {are} no column and stay{'s' * (are == 'has')} unanswered"
        listed = quoted(islice(silent, MOST_LISTED)) + (", ..." if len(silent) > MOST_LISTED else "")
        yield Problem("question-without-column", message, place, listed, severity="warning")
