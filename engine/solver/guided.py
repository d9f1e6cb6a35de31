"""Cases drawn towards a goal: answers chosen so that given parts become true or false.

In: parts, each with the truth that it should have. Out: answers that often, but not always, give them this
truth, so that whoever uses them has to look. Little else is answered: a goal is seldom missed because of an
answer that it does not need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import assert_never

from engine.meaning.definitions import Definitions
from engine.meaning.holds import passes
from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import (
    All,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Count,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Test,
)
from facts.vocabulary import Answer, Choice, Choices, Number, YesNo

DEEPEST = 40
"""Maximum number of parts opened one inside the other; those inside are left as they are."""
MOST_NAMES = 60
"""Maximum number of names followed for one case; it is then left as it is."""

Wish = tuple[Part, bool]
"""A part, and the truth that it should have."""


@dataclass(slots=True)
class Guided:
    """One case that is being drawn. `wanted` has the tests that the answer to each question should pass, or
    fail.
    """

    kb: KnowledgeBase
    named: Definitions
    dice: Random
    answers: dict[str, Answer] = field(default_factory=dict)
    wanted: dict[str, list[tuple[Test, bool]]] = field(default_factory=dict)
    made: set[tuple[str, bool]] = field(default_factory=set)

    def make(self, part: Part, truth: bool, depth: int = 0) -> None:
        """Answer so that the part has this truth, if that fits what was answered before."""
        if depth > DEEPEST:
            return
        match part:
            case Answered(question, test):
                if question in self.kb.asked_when:
                    self.make(self.kb.asked_when[question], True, depth + 1)
                self._answer(question, test, truth)
            case Ref(name) if name in self.named:
                if (name, truth) not in self.made and len(self.made) < MOST_NAMES:
                    self.made.add((name, truth))
                    self.make(self.named[name], truth, depth + 1)
            case Not(inner):
                self.make(inner, not truth, depth + 1)
            case All(parts):
                self._make_some(parts, len(parts) if truth else 1, truth, depth)
            case AnyOf(parts):
                self._make_some(parts, 1 if truth else len(parts), truth, depth)
            case Count(parts=parts) if part.gates:
                gates = part.gates if truth else self.dice.sample(part.gates, 1)
                left = self.dice.sample(parts, len(parts))
                for needed, positive in gates:
                    wanted = positive is truth
                    some = needed if wanted else len(parts) - needed + 1
                    self._make_some(left[:some], some, wanted, depth)
                    left = left[some:]
            case _:
                return

    def _make_some(self, parts: Sequence[Part], needed: int, truth: bool, depth: int) -> None:
        for each in parts if needed >= len(parts) else self.dice.sample(parts, needed):
            self.make(each, truth, depth + 1)

    def _answer(self, question: str, test: Test, truth: bool) -> None:
        wanted = self.wanted.setdefault(question, [])
        given = self.answers.get(question)
        if (test, truth) in wanted:
            return
        if given is None or passes(test, given) is not truth:
            for answer in self._candidates(question, test, wanted):
                if passes(test, answer) is truth and all(passes(each, answer) is so for each, so in wanted):
                    self.answers[question] = answer
                    break
            else:
                return
        wanted.append((test, truth))

    def _candidates(self, question: str, test: Test, wanted: Sequence[tuple[Test, bool]]) -> Iterable[Answer]:
        """Answers to choose from, in random order; to a list, the answer so far comes with more options."""
        kind = self.kb.questions[question].kind
        match kind:
            case YesNo():
                return (True, False)
            case Choice(options):
                return self.dice.sample(list(options), len(options))
            case Number():
                numbers = list(_numbers(kind, [test, *(each for each, _ in wanted)]))
                return self.dice.sample(numbers, len(numbers))
            case Choices():
                return self._lists(self.answers.get(question, {}), test)
            case _:
                assert_never(kind)

    def _lists(self, given: Answer, test: Test) -> Iterator[Answer]:
        """The answer so far with one more option, then with more and more of those that the test is about."""
        assert isinstance(given, Mapping)
        assert isinstance(test, OneOf | NoneOf | ChosenBound)
        about = self.dice.sample(test.options, len(test.options))
        yield from ({each: True, **given} for each in about)
        for chosen in range(len(about) + 1):
            yield {**{each: at < chosen for at, each in enumerate(about)}, **given}


def guided(
    kb: KnowledgeBase, named: Definitions, goals: Iterable[Sequence[Wish]], seed: int
) -> list[dict[str, Answer]]:
    """A case for each goal. The same seed gives the same cases."""
    dice, found = Random(seed), []
    for goal in goals:
        case = Guided(kb, named, dice)
        for part, truth in goal:
            case.make(part, truth)
        found.append(case.answers)
    return found


def _numbers(kind: Number, tests: Iterable[Test]) -> Iterator[int | float]:
    """The numbers at which the tests can tell answers apart, with their neighbours, and both ends."""
    step = Decimal(1).scaleb(-kind.decimals)
    low, high = (Decimal(str(end)) for end in (kind.minimum, kind.maximum))
    near = {low, high}
    for test in tests:
        if isinstance(test, Bound):
            at = Decimal(str(test.threshold)).quantize(step)
            near |= {at - step, at, at + step}
    yield from (float(each) if kind.decimals else int(each) for each in sorted(near) if low <= each <= high)
