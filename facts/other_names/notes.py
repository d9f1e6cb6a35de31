"""Warnings that come with cases: old names of questions, and keys that are not read. Each is told once.

In: the warnings of many cases. Out: those that are new; of many keys, the first by name and the others as a
number, as of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from facts.other_names.columns import MAX_COLUMNS, not_read_either
from facts.other_names.formerly import OLD
from facts.problem import MOST_LISTED, Problem, Span

NOT_READ = "unknown-key"


@dataclass
class Told:
    """The warnings that were told. Of keys at most `MAX_COLUMNS` are remembered."""

    messages: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    place: Span | None = None
    """Where the first key was that has no warning of its own."""

    def new(self, notes: Iterable[Problem]) -> Iterator[Problem]:
        """The warnings that are to be told now."""
        for note in notes:
            if note.code != NOT_READ:
                is_new = note.message not in self.messages
                self.messages.add(note.message)
            elif is_new := note.message not in self.keys and len(self.keys) < MAX_COLUMNS:
                self.keys.add(note.message)
                is_new = len(self.keys) <= MOST_LISTED
                self.place = self.place or (None if is_new else note.span)
            if is_new:
                yield note

    def rest(self) -> Iterator[Problem]:
        """How many keys more there were, after all cases."""
        if self.place is not None:
            more = not_read_either(len(self.keys), "key")
            message = f"at least {more}" if len(self.keys) == MAX_COLUMNS else more
            place = self.place._replace(column=0, source="")
            yield Problem(NOT_READ, message, place, severity="warning")


def once(notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each warning once, where it comes first; at most `MAX_COLUMNS` keys."""
    first: dict[str, Problem] = {}
    keys = 0
    for note in notes:
        if note.message not in first and (note.code != NOT_READ or keys < MAX_COLUMNS):
            first[note.message] = note
            keys += note.code == NOT_READ
    return tuple(first.values())


def comes_with_cases(problem: Problem) -> bool:
    """Whether it is a warning that is told beside cases, and costs none."""
    return problem.severity == "warning" and problem.code in (OLD, NOT_READ)


def listed(notes: Iterable[Problem]) -> Iterator[Problem]:
    """The warnings of one case."""
    told = Told()
    yield from told.new(notes)
    yield from told.rest()
