"""How many lines a patient's page may have, and how many its sections take.

In: sections. Out: their height in lines of a terminal. A page that would be too long is made again with less
room; it then says how much was left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.page.layout import Section, wrapped

WIDTH = 96
MOST_LINES = 60
"""Maximum number of lines of a patient's page: one or two screens."""


@dataclass(frozen=True, slots=True)
class Room:
    """The limits of a patient's page.

    `told`: answers other than those ticked in lists; `denied`: warning signs; `suspected`: conditions other
    than those to be ruled out; `letters`: characters of advice per kind; `kinds`: kinds of advice;
    `kinds_unless`: kinds of advice given only if nothing speaks against them.
    """

    told: int
    denied: int
    suspected: int
    letters: int
    kinds: int
    kinds_unless: int
    questions: int


ROOMS = (Room(6, 12, 4, 140, 9, 2, 3), Room(4, 6, 3, 90, 5, 1, 2), Room(2, 3, 1, 0, 3, 0, 2))
"""From the most generous to the tightest."""


def height(sections: Iterable[Section], width: int = WIDTH) -> int:
    """The number of lines that sections take, with a blank line between sections."""
    lines = 0
    for at, section in enumerate(sections):
        lines += bool(at) + bool(section.heading)
        lines += sum(len(wrapped(line, width)) for line in section.lines)
    return lines
