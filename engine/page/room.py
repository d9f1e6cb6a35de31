"""How much room a patient's page has, and how much its sections take.

In: sections. Out: their height in lines of a terminal. A page that would be too long is made once more with
less room; what is left out is counted on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

from engine.page.layout import Section

WIDTH = 96
MOST_LINES = 60
"""One screen or two."""


@dataclass(frozen=True, slots=True)
class Room:
    """Maximum numbers of what a page shows.

    `told` are answers beside what was ticked in lists, `denied` warning signs, `suspected` conditions beside
    those to be ruled out; `letters` are those of the advice of one kind, `kinds` the kinds of advice, and
    `kinds_unless` those given only if nothing speaks against them.
    """

    told: int
    denied: int
    suspected: int
    letters: int
    kinds: int
    kinds_unless: int
    questions: int


ROOMS = (Room(6, 12, 4, 140, 9, 2, 3), Room(4, 6, 3, 90, 5, 1, 2), Room(2, 3, 1, 0, 3, 0, 2))
"""The most room, and less."""


def height(sections: Iterable[Section], width: int = WIDTH) -> int:
    """The lines that sections take, with one between each two of them."""
    lines = 0
    for at, section in enumerate(sections):
        lines += bool(at) + bool(section.heading)
        for line in section.lines:
            before = " " * (2 + 2 * line.depth + (len(line.mark) + 1 if line.mark else 0))
            said = f"{before}{line.lead}: {line.text}" if line.lead else f"{before}{line.text}"
            lines += len(wrap(said, width, subsequent_indent=before, break_on_hyphens=False)) or 1
    return lines
