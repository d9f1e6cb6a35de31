"""Rejects: rows that are not valid cases, with their problems, place and content.

In: problems. Out: a line of JSON for a file of rejects, so that no answers are lost: users can correct the
rows and read them again.
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
    """The key by which rejects are counted: the code of the first error, and its question or key."""

    code: str
    subject: str


@dataclass(frozen=True, slots=True)
class Reject:
    """One or more rejected rows of a file, starting at line or row `place` (0: the whole file), with all
    problems.

    `content` is the row as written: text, or a value per column; None if it cannot be read. `unread` means
    that a file, or part of one, could not be read, as opposed to a row with a mistake.
    """

    file: str
    place: int
    problems: Sequence[Problem]
    content: str | Mapping[str, object] | None = None
    rows: int = 1
    unread: bool = False

    @property
    def kind(self) -> Kind:
        """The key by which it is counted."""
        first = next(each for each in self.problems if each.severity == "error")
        return Kind(first.code, first.subject)

    @property
    def code(self) -> str:
        """The code of its first error."""
        return self.kind.code

    def to_json(self) -> str:
        """Return the reject as JSON without a line end; values that JSON cannot represent become strings."""
        said = [fields_of(problem) for problem in self.problems if problem.severity == "error"]
        first = {"file": self.file, "line": self.place or None, "rows": self.rows, **said[0]}
        record = first | {"also": said[1:], "content": self.content}
        return json_text(record, str)


@dataclass(frozen=True, slots=True)
class Group:
    """Rejects that are counted and written together.

    `rows` counts rows by kind, `unread` is the number of unread rejects, and `lines` returns the JSON lines.
    Single rejects are only created by `rejects`.
    """

    rows: Counter[Kind]
    unread: int
    lines: Callable[[], bytes]
    rejects: Callable[[], Iterable[Reject]]


@dataclass(frozen=True, slots=True)
class Rejects:
    """The rejects of a segment: the number of rows, and their places.

    Rejects are created anew on each iteration, not stored, because a file may contain nothing else.
    """

    rows: int = 0
    places: Iterable[int] = ()
    groups: Callable[[], Iterable[Group]] = tuple

    def __iter__(self) -> Iterator[Reject]:
        return chain.from_iterable(group.rejects() for group in self.groups())


def group_of(reject: Reject) -> Group:
    """Return a group of one reject."""
    rows = Counter({reject.kind: reject.rows})
    return Group(rows, reject.unread, lambda: line_of(reject), lambda: (reject,))


def rejects_of(found: Sequence[Reject]) -> Rejects:
    """Wrap existing rejects."""
    places = [each.place for each in found]
    return Rejects(sum(each.rows for each in found), places, lambda: map(group_of, found))


def line_of(reject: Reject) -> bytes:
    """Return the line of a reject in a file of rejects, with its end."""
    return f"{reject.to_json()}\n".encode("utf-8", "replace")


def fields_of(problem: Problem) -> dict[str, object]:
    """Return the JSON fields of a problem in a reject."""
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
    """Return the reject of a row or an `unread` file, placed at the line of its first error. `content`
    defaults to that line.
    """
    first = next(each for each in problems if each.severity == "error")
    said = first.span.source if content is None else content
    return Reject(file, first.span.line, problems, said or None, unread=unread)
