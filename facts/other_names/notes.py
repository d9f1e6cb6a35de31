"""Report warnings that come with cases (old names, ignored keys) only once each.

In: the warnings of many cases. Out: the new ones. Only the first few ignored keys are named; the others are
counted, as for columns.
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
    """The warnings already reported; remembers at most `MAX_COLUMNS` keys."""

    messages: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    place: Span | None = None
    """The place of the first key that was counted instead of named."""

    def new(self, notes: Iterable[Problem]) -> Iterator[Problem]:
        """Yield the warnings to report now."""
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
        """Yield a warning with the number of unnamed keys, after all cases."""
        if self.place is not None:
            more = not_read_either(len(self.keys), "key")
            message = f"at least {more}" if len(self.keys) == MAX_COLUMNS else more
            place = self.place._replace(column=0, source="")
            yield Problem(NOT_READ, message, place, severity="warning")


def once(notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """Drop duplicate warnings, and keys beyond the first `MAX_COLUMNS`."""
    first: dict[str, Problem] = {}
    keys = 0
    for note in notes:
        if note.message not in first and (note.code != NOT_READ or keys < MAX_COLUMNS):
            first[note.message] = note
            keys += note.code == NOT_READ
    return tuple(first.values())


def comes_with_cases(problem: Problem) -> bool:
    """Whether a problem is a warning that comes with a case and does not reject it."""
    return problem.severity == "warning" and problem.code in (OLD, NOT_READ)


def listed(notes: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the warnings of one case, each once."""
    told = Told()
    yield from told.new(notes)
    yield from told.rest()
