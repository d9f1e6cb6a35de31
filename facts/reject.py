"""A row that is no case: what is wrong with it, where it stands, and the row itself.

In: problems. Out: a line of JSON for a file of rejects, so that nobody's answers are lost: they can be mended
and read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from facts.plain import json_text
from facts.problem import Problem


class Kind(NamedTuple):
    """What a reject is counted by: the code of its first error, and the question or key concerned."""

    code: str
    subject: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Rows of a file, from its line or row `place` (0: all of it), with all their problems.

    `content` is the row as it was written: text, or a value a column; None where it cannot be read. `unread`
    says that a file, or a stretch of one, could not be read, not that a row has a mistake in it.
    """

    file: str
    place: int
    problems: Sequence[Problem]
    content: str | Mapping[str, object] | None = None
    rows: int = 1
    unread: bool = False

    @property
    def kind(self) -> Kind:
        """What it is counted by."""
        first = next(each for each in self.problems if each.severity == "error")
        return Kind(first.code, first.subject)

    @property
    def code(self) -> str:
        """The code of its first error."""
        return self.kind.code

    def to_json(self) -> str:
        """A line of JSON, without its end; what JSON cannot say is written as text."""
        said = [fields_of(problem) for problem in self.problems if problem.severity == "error"]
        first = {"file": self.file, "line": self.place or None, "rows": self.rows, **said[0]}
        record = first | {"also": said[1:], "content": self.content}
        return json_text(record, str)


@dataclass(frozen=True, slots=True)
class Group:
    """Rejects that are counted and written together: `rows` by kind, how many rejects are `unread`, and their
    lines with their ends. One by one they are made where they are gone through.
    """

    rows: Counter[Kind]
    unread: int
    lines: Callable[[], bytes]
    rejects: Callable[[], Iterable[Reject]]


@dataclass(frozen=True, slots=True)
class Rejects:
    """The rejects of so many rows, at these places, made each time as they are gone through: a file may have
    nothing else.
    """

    rows: int = 0
    places: Iterable[int] = ()
    groups: Callable[[], Iterable[Group]] = tuple

    def __iter__(self) -> Iterator[Reject]:
        return chain.from_iterable(group.rejects() for group in self.groups())


def group_of(reject: Reject) -> Group:
    """A reject by itself."""
    rows = Counter({reject.kind: reject.rows})
    return Group(rows, reject.unread, lambda: line_of(reject), lambda: (reject,))


def rejects_of(found: Sequence[Reject]) -> Rejects:
    """Rejects that are already made."""
    places = [each.place for each in found]
    return Rejects(sum(each.rows for each in found), places, lambda: map(group_of, found))


def line_of(reject: Reject) -> bytes:
    """The line of a reject in a file of them."""
    return f"{reject.to_json()}\n".encode("utf-8", "replace")


def fields_of(problem: Problem) -> dict[str, object]:
    """A problem as it stands in the line of its reject."""
    field, column = problem.subject or None, problem.span.column or None
    return {
        "column": column,
        "field": field,
        "code": problem.code,
        "message": problem.message,
        "help": problem.help,
    }


def reject_of(
    file: str, problems: Sequence[Problem], unread: bool = False, content: str | None = None
) -> Reject:
    """The reject of a row, or of an `unread` file, at the line where the first of its problems is. If nothing
    else is its `content`, that line is.
    """
    first = next(each for each in problems if each.severity == "error")
    said = first.span.source if content is None else content
    return Reject(file, first.span.line, problems, said or None, unread=unread)
