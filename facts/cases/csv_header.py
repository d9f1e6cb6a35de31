"""Read the header of a CSV file.

In: the first row and the questionnaire. Out: the layout of the rows, and problems: errors that make the whole
file unreadable, or warnings about columns that are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.cases.csv_rows import Row
from facts.other_names.columns import MAX_COLUMNS, TEXTS, known_names, no_question, strange_columns
from facts.other_names.formerly import as_read, left_out, old_columns
from facts.problem import Problem, quote
from facts.vocabulary import Choices, Questionnaire

DELIMITER = re.compile("[,;\t]")
FIRST_LINE = "the first line names the columns: "


@dataclass(frozen=True, slots=True)
class Column:
    """A column for a text (`id`, `about`, carried columns), a question, or one option. `is_list` marks a
    column with several options per cell.
    """

    index: int
    name: str
    option: str = ""
    is_list: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are read, the indices of nameless columns, and the total number of columns."""

    columns: list[Column]
    nameless: list[int]
    width: int

    def makes_sense(self, cells: list[str]) -> bool:
        """Whether these can be the cells of a row that spans several lines.

        Answers cannot contain line breaks. An id cannot either, but as long as it has no delimiter, it cannot
        have swallowed another row.
        """
        if len(cells) != self.width:
            return False
        long = (column for column in self.columns if "\n" in cells[column.index])
        return all(
            column.is_text and (column.name != "id" or not DELIMITER.search(cells[column.index]))
            for column in long
        )


def layout_of(names: Sequence[str], questions: Questionnaire, carry: Sequence[str] = ()) -> Layout:
    """Return the layout for column names after renaming. A nameless first column, which usually holds row
    numbers, is ignored.
    """
    known = _known(questions)
    lists = {name for name, question in as_read(questions).items() if isinstance(question.kind, Choices)}
    columns = [
        Column(at, *known[name], name in lists, name in TEXTS)
        for at, name in enumerate(names)
        if name in known
    ]
    columns += [Column(at, name, is_text=True) for at, name in enumerate(names) if name in carry]
    return Layout(columns, [index for index, name in enumerate(names) if index and not name], len(names))


def header_problems(
    header: Row, names: Sequence[str], questions: Questionnaire, carry: Sequence[str] = ()
) -> list[Problem]:
    """Return the errors that make the whole file unreadable. `names` are the column names after renaming."""
    if len(names) > MAX_COLUMNS:
        message = f"the header has {len(names):,} columns; the limit is {MAX_COLUMNS:,}"
        help = "remove the columns that are not questions"
        return [Problem("too-many-columns", message, header.span(), help)]
    first = {name: index for index, name in reversed(list(enumerate(names))) if name}
    known = _known(questions)
    problems = [*_twice(header, names, first), *_two_forms(header, first, known)]
    strange = unread_columns(header, names, questions, carry)
    problems += [each for each in strange if each.severity == "error"]
    return problems or list(no_question(names, questions, header.span(), FIRST_LINE))


def unread_columns(
    header: Row, names: Sequence[str], questions: Questionnaire, carry: Sequence[str] = ()
) -> list[Problem]:
    """Return warnings about unknown columns and old names, and errors for columns that may be misspelt
    questions.
    """
    nameless = [] if names[0] or not any(names) else [_numbered(header)]
    known = [*known_names(questions), *left_out(names, questions)]
    strange = strange_columns(names, known, carry, header.span)
    return [*nameless, *strange, *old_columns(names, questions, header.span)]


def _numbered(header: Row) -> Problem:
    message, help = (
        "the first column has no name and is not read",
        "give it a name if it belongs to the cases",
    )
    return Problem("empty-header", message, header.span(), help, severity="warning")


def _known(questions: Questionnaire) -> dict[str, tuple[str, str]]:
    """Map each known column name to its text or question, and its option."""
    asked = as_read(questions)
    known = {name: (name, "") for name in (*TEXTS, *asked)}
    for name, question in asked.items():
        if isinstance(question.kind, Choices):
            known |= {f"{name}.{option}": (name, option) for option in question.kind.options}
    return known


def _twice(header: Row, names: Sequence[str], first: dict[str, int]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name and first[name] != index:
            message = f"column {quote(name)} appears twice, as columns {first[name] + 1} and {index + 1}"
            help, earlier = "remove or rename one of the two", header.span(first[name])
            yield Problem("duplicate-column", message, header.span(index), help, earlier, name)


def _two_forms(header: Row, first: dict[str, int], known: dict[str, tuple[str, str]]) -> Iterator[Problem]:
    for name, index in sorted(first.items(), key=lambda item: item[1]):
        question, option = known.get(name, ("", ""))
        if option and question in first:
            message = f"`{question}` has a column for its answer and the column `{name}` for an option"
            help, earlier = "use only one of the two forms", header.span(first[question])
            yield Problem("two-forms", message, header.span(index), help, earlier, question)
