"""What the columns of a table can be called, and what is said of those that are called otherwise.

In: the names of the columns of a file, in their order. Out: warnings, and errors where a column may be a
misspelt question, since its answers would be lost.
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
"""What holds the answers in files of objects, and in a table may hold them in a form that is not read."""
MAX_COLUMNS = 2_000
"""Maximum number of columns of CSV, and of answers inside the struct of a Parquet file."""
CLOSE = 0.8
"""How like a question a column has to be called to be taken for it, misspelt; 1 is the same."""

Place = Callable[[int | None], Span]
"""The place of a column, by its index, or of all columns."""


def forms_of(question: Question) -> list[str]:
    """The columns that can answer a question."""
    options = question.kind.options if isinstance(question.kind, Choices) else ()
    return [question.name, *(f"{question.name}.{option}" for option in options)]


def known_names(questions: Questionnaire) -> list[str]:
    """What a column can be called, old names included."""
    return [*TEXTS, *(form for question in as_read(questions).values() for form in forms_of(question))]


def strange_columns(
    names: Sequence[str], known: Sequence[str], carry: Sequence[str], place: Place
) -> Iterator[Problem]:
    """A problem for each column that has a name, and none that is known or carried along; an error where the
    name is nearly that of a question. Of many, the first are named, and the others counted.
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
        message = f"the answers in {_more(lost, 'column')} would also be lost"
        yield Problem("unknown-column", message, place(None), "rename, remove or keep them as those above")
    if unread > MOST_LISTED:
        message = not_read_either(unread, "column")
        yield Problem("unknown-column", message, place(None), severity="warning")


def _lost(name: str, known: Sequence[str], place: Span) -> Problem:
    """A column that may hold answers and is not read."""
    message = f"no question is called {quote(name)}, and its answers would be lost"
    help = f"{suggest(name, known, 'columns')} rename the column, remove it, or carry it along with `--keep`"
    if name.partition(".")[0] == ANSWERS:
        message = f"the answers in {quote(name)} would be lost"
        help = "write a column for each question, with the name of the question alone"
    return Problem("unknown-column", message, place, help, subject=name)


def may_be_answers(name: str, asked: Sequence[str], heads: Container[str]) -> bool:
    """Whether what is called so may hold answers: its name is nearly one of those that are `asked`, or begins
    with one of the `heads` and a point.
    """
    return name.partition(".")[0] in heads or bool(nearest(name, asked, CLOSE))


def not_read(name: str, what: str, place: Span, help: str) -> Problem:
    """The warning that a column or a key, `what` says which, is not read."""
    message = f"no question is called {quote(name)}; the {what} is not read"
    return Problem(f"unknown-{what}", message, place, help, subject=name, severity="warning")


def not_read_either(count: int, what: str) -> str:
    """That of so many columns or keys those are not read either that are not named."""
    return f"{_more(count, what)} {'is' if count == MOST_LISTED + 1 else 'are'} not read either"


def _more(count: int, what: str) -> str:
    more = count - MOST_LISTED
    return f"{more:,} more {what}{'s' * (more > 1)}"


def no_question(
    names: Iterable[str], questions: Questionnaire, place: Span, first: str = ""
) -> Iterator[Problem]:
    """An error where there are columns, and none that answers a question; its help begins with `first`."""
    there = {name for name in names if name} - set(TEXTS)
    if there and there.isdisjoint(known_names(questions)):
        help = f"{first}give columns the names of questions, or say in a map which is which (`--map`)"
        yield Problem("no-columns", "no column has the name of a question", place, help)


def missing_columns(names: Sequence[str], needed: Iterable[str], place: Span) -> Iterator[Problem]:
    """An error for each column that somebody asked for by name and that is not there."""
    for name in needed:
        if name not in names:
            help = suggest(name, names, "columns") or "name a column of the file"
            message = f"no column is called {quote(name)}"
            yield Problem("missing-column", message, place, help, subject=name)


def unmapped(names: Iterable[str], theirs: Iterable[str], place: Span) -> Iterator[Problem]:
    """A warning for each column that a map renames and that is not there."""
    there = list(names)
    for name in theirs:
        if name not in there:
            help = suggest(name, there, "columns") or "name a column of the file"
            message = f"the map names {quote(name)}, and no column is called so"
            yield Problem("map-column", message, place, help, subject=name, severity="warning")


def without_column(names: Iterable[str], questions: Questionnaire, place: Span) -> Iterator[Problem]:
    """One warning that names the questions that no column answers."""
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
