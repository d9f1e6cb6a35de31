"""A part with the truth of every part inside it; no part is skipped because another has already decided.

In: a part and a fact base. Out: the same tree with truth values, and which parts decide the whole.
Explanations show this, and coverage counts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from engine.meaning.holds import FactBase, Truth, enough, holds, within
from engine.model.parts import All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored


@dataclass(frozen=True, slots=True)
class Marked:
    """A part, its truth for the case, and the parts inside it."""

    part: Part
    truth: Truth
    inner: tuple[Marked, ...] = ()


def marked(part: Part, case: FactBase) -> Marked:
    """The part and every part inside it with their truth; other definitions are not expanded."""
    return Marked(part, holds(part, case), tuple(marked(each, case) for each in inner_parts(part)))


def inner_parts(part: Part) -> tuple[Part, ...]:
    """The direct parts of a part."""
    match part:
        case All(parts) | AnyOf(parts) | Count(parts=parts):
            return parts
        case Not(inner):
            return (inner,)
        case Always() | Answered() | Ref() | Scored():
            return ()
        case _:
            assert_never(part)


def deciding(whole: Marked) -> Iterator[Marked]:
    """The parts that decide the truth of the whole, the whole first.

    A part decides if making it true or false, with everything else unchanged, would change the truth of the
    whole. If two parts of an `all` are false, neither decides. Source: masking MC/DC (J. J. Chilenski, An
    investigation of three forms of the modified condition decision coverage criterion, 2001), with a third
    truth value.
    """
    return _deciding(whole, {True, False, None} - {whole.truth})


def _deciding(part: Marked, changing: set[Truth]) -> Iterator[Marked]:
    """A part and those inside it that decide. `changing`: truths of the part that would change the whole."""
    yield part
    for each in part.inner:
        own = {truth for truth in (True, False, None) if _with(part, each, truth) in changing}
        if own - {None}:
            yield from _deciding(each, own)


def _with(whole: Marked, part: Marked, truth: Truth) -> Truth:
    """The truth of the whole if one of its parts had this truth."""
    values = [truth if each is part else each.truth for each in whole.inner]
    match whole.part:
        case Not():
            return None if truth is None else not truth
        case AnyOf():
            return enough(1, values)
        case Count(least, most):
            return within(values, least, most)
        case _:
            return enough(len(values), values)
