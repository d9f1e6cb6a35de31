"""Necessary conditions on the answers for a definition to be true, and for it to be false.

In: the definitions of a knowledge base. Out: two boxes for every name. A box maps some questions to the
domain in which their answer must lie; None is the empty box. The conditions are necessary, not sufficient: no
case lies in an empty box, but a box that is not empty may also contain no case. A definition other than a
rule counts as a yes/no question of its own, so that `f` and `not f` together are empty whatever `f` means.
Each name is visited once, after the names that it reads, and no box has more than `MOST` questions, so the
work is linear in the knowledge base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from engine.checks.domains import Domain, Values, failing, in_enough, passing, shared
from engine.meaning.definitions import Definitions
from engine.meaning.holds import score_range
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of
from engine.model.parts import All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored, Test

MOST = 40
Box = Mapping[str, Domain]


@dataclass(frozen=True, slots=True)
class Sides:
    """The boxes of the answers for which a part is true, and of those for which it is false."""

    true: Box | None
    false: Box | None


Lookup = Callable[[str], Sides]
ANYTHING = Sides({}, {})
HOLDS = Sides({}, None)


class Answers:
    """The answers that pass and fail each test, cached because rules repeat tests."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self._known: dict[tuple[str, Test], Sides] = {}

    def sides(self, question: str, test: Test) -> Sides:
        """The boxes of the answers that pass a test and of those that fail it."""
        found = self._known.get((question, test))
        if found is None:
            kind = self.kb.questions[question].kind
            true, false = passing(test, kind), failing(test, kind)
            found = Sides(*(None if each is None else {question: each} for each in (true, false)))
            self._known[question, test] = found
        return found


def boxes(answers: Answers, definitions: Definitions, order: Iterable[str]) -> dict[str, Sides]:
    """Both sides of every definition; `order` lists each name after the names that it reads."""
    found: dict[str, Sides] = {}
    for name in order:
        found[name] = sides(definitions[name], answers, lambda other: found.get(other, HOLDS))
    return found


def sides(part: Part, answers: Answers, of: Lookup) -> Sides:
    """Both sides of a part; `of` gives the sides of definitions."""
    match part:
        case Always():
            return HOLDS
        case Not(inner):
            turned = sides(inner, answers, of)
            return Sides(turned.false, turned.true)
        case All(parts):
            return _counted(len(parts), parts, answers, of)
        case AnyOf(parts):
            return _counted(1, parts, answers, of)
        case Count(parts=parts):
            ends = [(_counted(needed, parts, answers, of), positive) for needed, positive in part.gates]
            both = [end if positive else Sides(end.false, end.true) for end, positive in ends]
            return Sides(
                some(len(both), [each.true for each in both]), some(1, [each.false for each in both])
            )
        case Answered():
            return _answered(part, answers, of)
        case Ref(name):
            return _named(name, of(name))
        case Scored(score, bound):
            low, high = (
                bound.how.keeps(end, bound.threshold) for end in score_range(answers.kb.scores[score])
            )
            return ANYTHING if low != high else HOLDS if low else Sides(None, {})
        case _:
            assert_never(part)


def _counted(count: int, parts: Sequence[Part], answers: Answers, of: Lookup) -> Sides:
    """Sides of "at least `count` parts are true"; its false side is "too many parts are false"."""
    inner = [sides(each, answers, of) for each in parts]
    missing = len(parts) - count + 1
    return Sides(some(count, [each.true for each in inner]), some(missing, [each.false for each in inner]))


def _answered(part: Answered, answers: Answers, of: Lookup) -> Sides:
    """Sides of a comparison; it is also false if its question does not apply."""
    found = answers.sides(part.question, part.test)
    if part.question in answers.kb.asked_when:
        return Sides(found.true, some(1, [found.false, of(name_of("asked", part.question)).false]))
    return found


def _named(name: str, found: Sides) -> Sides:
    """The sides of a definition, with its own name as a yes/no question."""
    if kind_of(name) == "rule":
        return found
    yes, no = ({name: Values(frozenset((value,)))} for value in (True, False))
    return Sides(some(2, [found.true, yes]), some(2, [found.false, no]))


def some(count: int, of: Sequence[Box | None]) -> Box | None:
    """A box that contains every case in at least `count` of these boxes; None if there is no such case."""
    possible = [box for box in of if box is not None]
    if len(possible) < count:
        return None
    if len(possible) == count:
        return _in_all(possible)
    domains: dict[str, list[Domain]] = {}
    for box in possible:
        for question, domain in box.items():
            domains.setdefault(question, []).append(domain)
    found: dict[str, Domain] = {}
    for question, those in domains.items():
        needed = count - len(possible) + len(those)
        if needed > 0:
            within = in_enough(needed, those)
            if within is None:
                return None
            found[question] = within
    return found


def _in_all(of: Sequence[Box]) -> Box | None:
    if len(of) == 1:
        return of[0]
    found: dict[str, Domain] = {}
    for box in of:
        for question, domain in box.items():
            both = shared(found[question], domain) if question in found else domain
            if both is None:
                return None
            if len(found) < MOST or question in found:
                found[question] = both
    return found


def clash(of: Sequence[Box | None]) -> str:
    """The first question or name on which the boxes have no common answer; empty if there is none."""
    found: dict[str, Domain] = {}
    for box in of:
        for question, domain in (box or {}).items():
            both = shared(found[question], domain) if question in found else domain
            if both is None:
                return question
            found[question] = both
    return ""
