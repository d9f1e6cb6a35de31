"""The truth of any part in many cases at once, so that a few thousand cases cost hardly more than one.

In: a network and cases. Out: for each part the cases in which it is true, and those in which it is false, as
integers with one bit for each case. The meaning is that of `engine.meaning.holds`; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import and_, or_
from typing import NamedTuple, assert_never

from engine.meaning.holds import passes, possible, spread, ticks_of
from engine.meaning.network import Compare, Gate, Keeps, Network, Total
from engine.model.names import kind_of, name_of, without_kind
from engine.model.parts import (
    All,
    Always,
    Answered,
    AnyOf,
    Bound,
    Count,
    Not,
    Part,
    Ref,
    Scored,
    Test,
)
from engine.model.scores import Line, Points
from facts.vocabulary import UNKNOWN, Answer

Answers = Mapping[str, Answer]


class Cases(NamedTuple):
    """The cases in which something is true, and those in which it is false, one bit for each case."""

    true: int
    false: int

    def __invert__(self) -> Cases:
        return Cases(self.false, self.true)


Ends = Mapping[tuple[int, int], int]
"""The cases in which a sum lies between these two ends, in ticks."""


class Shown:
    """Cases, and what is true in which of them. Answers that say nothing are left out."""

    def __init__(self, network: Network, cases: Sequence[Answers]) -> None:
        self.cases = cases
        self.network = network
        self.everybody = (1 << len(cases)) - 1
        self._given = _given(cases)
        self._rails: dict[str, Cases] = {}
        self._ends: dict[str, Ends] = {}
        for name in (name for stratum in network.strata for name in stratum):
            node = network.nodes[name]
            match node:
                case Compare(question, test, asked):
                    self._rails[name] = self._compared(question, test, asked)
                case Gate(count, literals):
                    read = [(self._rails[each.node], each.positive) for each in literals]
                    self._rails[name] = self._gate(count, [one if is_so else ~one for one, is_so in read])
                case Total():
                    self._ends[name] = self._total(node)
                case Keeps(total, bound):
                    self._rails[name] = _keeps(bound, self._ends[total])
                case _:
                    assert_never(node)

    @cached_property
    def clashing(self) -> int:
        """The cases whose answers contradict each other, or in which a question is answered that does not
        apply.
        """
        found = 0
        for name, cases in self._rails.items():
            if kind_of(name) == "inconsistency":
                found |= cases.true
            elif kind_of(name) == "asked":
                found |= cases.false & self.answered(without_kind(name))
        return found

    @cached_property
    def honest(self) -> int:
        """The cases in which follow-up questions are only answered if they were asked."""
        found = self.everybody
        for name, cases in self._rails.items():
            if kind_of(name) == "asked":
                found &= cases.true | ~self.answered(without_kind(name))
        return found

    def having(self, mask: int) -> Iterator[Answers]:
        """The cases of a mask."""
        return (self.cases[at] for at in _bits(mask))

    def answered(self, question: str) -> int:
        """The cases in which a question is answered."""
        return _union(mask for _, mask in self._given.get(question, ()))

    def of(self, part: Part) -> Cases:
        """The cases in which a part is true, and those in which it is false."""
        match part:
            case Always():
                return Cases(self.everybody, 0)
            case Not(inner):
                return ~self.of(inner)
            case All(parts):
                return self._gate(len(parts), [self.of(each) for each in parts])
            case AnyOf(parts):
                return self._gate(1, [self.of(each) for each in parts])
            case Count(parts=parts):
                sides = [self.of(each) for each in parts]
                ends = [(self._gate(needed, sides), positive) for needed, positive in part.gates]
                return self._gate(len(ends), [end if positive else ~end for end, positive in ends])
            case Ref(name) if kind_of(name) == "unanswered":
                known = self.answered(without_kind(name))
                return Cases(self.everybody & ~known, known)
            case Ref(name):
                return self._rails.get(name, Cases(self.everybody, 0))
            case Answered(question, test):
                asked = name_of("asked", question)
                return self._compared(question, test, asked if asked in self._rails else None)
            case Scored(score, bound):
                return _keeps(bound, self._ends[name_of("score", score)])
            case _:
                assert_never(part)

    def _compared(self, question: str, test: Test, asked: str | None) -> Cases:
        true = false = 0
        for answer, cases in self._given.get(question, ()):
            passed = passes(test, answer)
            if passed is not None:
                true, false = (true | cases, false) if passed else (true, false | cases)
        return Cases(true, false if asked is None else false | self._rails[asked].false & ~true)

    def _gate(self, count: int, literals: Sequence[Cases]) -> Cases:
        true, false = [each.true for each in literals], [each.false for each in literals]
        return Cases(self._several(count, true), self._several(len(literals) - count + 1, false))

    def _several(self, count: int, masks: Sequence[int]) -> int:
        """The cases that are in at least `count` of the masks."""
        if count <= 0:
            return self.everybody
        if count == 1:
            return _union(masks)
        if count == len(masks):
            return reduce(and_, masks)
        reached = [self.everybody, *[0] * count]
        for mask in masks:
            for at in range(count, 0, -1):
                reached[at] |= reached[at - 1] & mask
        return reached[count]

    def _total(self, node: Total) -> Ends:
        low, high = [0] * len(self.cases), [0] * len(self.cases)
        for line, literal, asked in zip(node.score.lines, node.lines, node.asked, strict=True):
            if literal is None:
                groups = self._by_answer(line, asked)
            else:
                read = self._rails[literal.node]
                groups = self._by_truth(line, read if literal.positive else ~read)
            for cases, (least, most) in groups:
                for at in _bits(cases):
                    low[at] += least
                    high[at] += most
        found: dict[tuple[int, int], list[int]] = {}
        for at, ends in enumerate(zip(low, high, strict=True)):
            found.setdefault(ends, []).append(at)
        return {ends: _mask(cases) for ends, cases in found.items()}

    def _by_truth(self, line: Line, read: Cases) -> list[tuple[int, tuple[int, int]]]:
        assert isinstance(line, Points)
        is_open = self.everybody & ~read.true & ~read.false
        return [(read.true, (line.ticks, line.ticks)), (is_open, spread([0, line.ticks]))]

    def _by_answer(self, line: Line, asked: str | None) -> list[tuple[int, tuple[int, int]]]:
        assert not isinstance(line, Points)
        given = self._given.get(line.question, ())
        missing = self.everybody & ~self.answered(line.question)
        applies = Cases(self.everybody, 0) if asked is None else self._rails[asked]
        is_open = missing & ~applies.true & ~applies.false
        return [
            *((cases, spread([ticks_of(line, answer)])) for answer, cases in given),
            (missing & applies.true, spread(possible(line))),
            (is_open, spread([0, *possible(line)])),
        ]


def _given(cases: Sequence[Answers]) -> dict[str, list[tuple[Answer, int]]]:
    """For each question the answers given, each with its cases."""
    found: dict[str, dict[object, tuple[Answer, list[int]]]] = {}
    for at, answers in enumerate(cases):
        for question, answer in answers.items():
            if answer is not UNKNOWN and answer != {}:
                key = tuple(sorted(answer.items())) if isinstance(answer, Mapping) else answer
                found.setdefault(question, {}).setdefault(key, (answer, []))[1].append(at)
    return {
        question: [(answer, _mask(ats)) for answer, ats in each.values()] for question, each in found.items()
    }


def _keeps(bound: Bound, ends: Ends) -> Cases:
    keeps: Callable[[int, int | float], bool] = bound.how.keeps
    true = false = 0
    for (low, high), cases in ends.items():
        at_ends = {keeps(low, bound.threshold), keeps(high, bound.threshold)}
        true, false = (
            true | (cases if at_ends == {True} else 0),
            false | (cases if at_ends == {False} else 0),
        )
    return Cases(true, false)


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


def _mask(cases: Sequence[int]) -> int:
    found = bytearray(max(cases, default=0) // 8 + 1)
    for at in cases:
        found[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(found, "little")


def _bits(mask: int) -> Iterator[int]:
    """The numbers of the cases in a mask."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
