"""Grounds as lines of text: what is so, where that is written, and what makes it so.

In: a tree of grounds. Out: a line each, the grounds of a ground indented below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.model.parts import NOWHERE
from facts.problem import Span


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence, the place of the part it is about, and what makes it so."""

    said: str
    place: Span = NOWHERE
    below: tuple[Ground, ...] = ()


Grounds = tuple[Ground, ...]


def lines(found: Sequence[Ground], told: set[Ground], indent: str = "") -> Iterator[str]:
    """A line for each ground, what makes it so below it; where that is one thing, in the same line.

    What was `told` already and takes lines of its own is not told again.
    """
    for each in found:
        said, place, last = each.said, each.place, each
        while len(last.below) == 1 and not _is_told(last, told):
            (last,) = last.below
            said, place = f"{said}: {last.said}", last.place if last.place.file else place
        below = () if _is_told(last, told) else last.below
        told.add(last)
        end = ":" if below else ", as above" if last.below else ""
        yield indent + said + (f" ({place.file}:{place.line})" if place.line else "") + end
        yield from lines(below, told, indent + "  ")


def _is_told(ground: Ground, told: set[Ground]) -> bool:
    return len(ground.below) > 1 and ground in told
