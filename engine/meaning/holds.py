"""What a rule means: the truth of a part for a case, in three values, defined only here.

`True` means known to hold, `False` known not to hold, `None` not known yet. Every target must agree with
`holds`. Source: strong Kleene logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64),
extended to counts and to intervals of scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, assert_never

from engine.model.names import name_of
from engine.model.parts import (
    All,
    Always,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Count,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
    Test,
)
from engine.model.scores import Bands, Line, Points, PointsByOption, Score, Times
from facts.vocabulary import Answer, Unknown

Truth = bool | None
Interval = tuple[int, int]


class FactBase(Protocol):
    """What is known about a case: the answers, and the truth of definitions."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The answers by question."""

    def value(self, name: str) -> Truth:
        """The truth of a definition (`rule:...`, `finding:...`, `asked:...`)."""

    def score(self, name: str) -> Score:
        """The score with this name."""


def holds(part: Part, facts: FactBase) -> Truth:
    """Whether the part holds for the case; None while answers that matter are open."""
    match part:
        case Answered(question, test):
            known = passes(test, facts.answers.get(question))
            return False if known is None and facts.value(name_of("asked", question)) is False else known
        case Ref(name):
            return facts.value(name)
        case All(parts):
            return enough(len(parts), [holds(each, facts) for each in parts])
        case AnyOf(parts):
            return enough(1, [holds(each, facts) for each in parts])
        case Count(least, most, parts):
            return within([holds(each, facts) for each in parts], least, most)
        case Not(inner):
            value = holds(inner, facts)
            return None if value is None else not value
        case Scored(score, bound):
            return keeps(bound, total(facts.score(score), facts))
        case Always():
            return True
        case _:
            assert_never(part)


def enough(count: int, values: Iterable[Truth]) -> Truth:
    """Whether at least `count` values are true: False once that is impossible, None while it is open."""
    return within(list(values), count)


def within(values: Sequence[Truth], least: int, most: int | None = None) -> Truth:
    """Whether from `least` to `most` values are true; None while open values can still change it."""
    true = values.count(True)
    highest, most = true + values.count(None), len(values) if most is None else most
    if highest < least or true > most:
        return False
    return True if least <= true and highest <= most else None


def keeps(bound: Bound, interval: Interval) -> Truth:
    """Whether a value known only to lie in an interval satisfies a bound."""
    low, high = (bound.how.keeps(end, bound.threshold) for end in interval)
    return low if low == high else None


def passes(test: Test, answer: Answer | None) -> Truth:
    """Whether an answer passes a test; None if the answer does not decide it."""
    if answer is None or isinstance(answer, Unknown):
        return None
    match test:
        case Is(value):
            return answer is value
        case OneOf(options):
            return answer in options if isinstance(answer, str) else enough(1, _chosen(answer, options))
        case NoneOf(options):
            some = enough(1, _chosen(answer, options))
            return None if some is None else not some
        case Bound() as bound:
            assert isinstance(answer, int | float)
            return bool(bound.how.keeps(answer, bound.threshold))
        case ChosenBound(bound, options):
            chosen = _chosen(answer, options)
            return keeps(bound, (chosen.count(True), chosen.count(True) + chosen.count(None)))
        case _:
            assert_never(test)


def _chosen(answer: Answer, options: tuple[str, ...]) -> list[Truth]:
    assert isinstance(answer, Mapping)
    return [answer.get(option) for option in options]


def total(score: Score, facts: FactBase) -> Interval:
    """The lowest and highest sum of a score, in ticks, as if its lines were independent."""
    lines = [contribution(line, facts) for line in score.lines]
    return sum(low for low, _ in lines), sum(high for _, high in lines)


def contribution(line: Line, facts: FactBase) -> Interval:
    """The lowest and highest that a line can count, in ticks."""
    if isinstance(line, Points):
        return points_for(line.ticks, holds(line.when, facts))
    answer = facts.answers.get(line.question)
    if answer is not None and not isinstance(answer, Unknown):
        return spread([ticks_of(line, answer)])
    applies = facts.value(name_of("asked", line.question))
    if applies is False:
        return 0, 0
    return spread(possible(line) if applies else [0, *possible(line)])


def points_for(ticks: int, truth: Truth) -> Interval:
    """What a `when` line of a score counts, in ticks."""
    return spread([ticks] if truth else [0] if truth is False else [0, ticks])


def spread(ticks: Iterable[int]) -> Interval:
    """The minimum and maximum. Raises `ValueError` if there are no values."""
    known = list(ticks)
    return min(known), max(known)


def ticks_of(line: PointsByOption | Times | Bands, answer: Answer) -> int:
    """What a line counts for an answer, in ticks, exactly."""
    match line:
        case PointsByOption(_, ticks):
            return ticks.get(str(answer), 0)
        case Times(_, ticks, decimals):
            assert isinstance(answer, int | float)
            return round(answer * int(10**decimals)) * ticks
        case Bands(_, bands):
            assert isinstance(answer, int | float)
            return next(ticks for below, ticks in bands if below is None or answer < below)
        case _:
            assert_never(line)


def possible(line: PointsByOption | Times | Bands) -> list[int]:
    """What a line can count while its question is open, in ticks; includes both extremes."""
    match line:
        case PointsByOption(_, ticks, options):
            return [ticks.get(option, 0) for option in options]
        case Times(_, _, _, minimum, maximum):
            return [ticks_of(line, minimum), ticks_of(line, maximum)]
        case Bands(_, bands, minimum, maximum):
            ends = [minimum] + [below for below, _ in bands[:-1] if below is not None]
            return [ticks_of(line, end) for end in ends if minimum <= end <= maximum]
        case _:
            assert_never(line)


class _Open:
    """A case without answers, used to find the range of a score."""

    answers: Mapping[str, bool] = {}

    def value(self, name: str) -> None:
        """Unknown for every name."""

    def score(self, name: str) -> Score:
        """Never called: lines of a score do not read scores."""
        raise KeyError(name)


def score_range(score: Score) -> tuple[int, int]:
    """The lowest and highest sum that a score can have in any case, in ticks."""
    ends = [line_range(line) for line in score.lines]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def line_range(line: Line) -> tuple[int, int]:
    """The lowest and highest that a line can count in any case, in ticks."""
    if isinstance(line, Points):
        return min(0, line.ticks), max(0, line.ticks)
    return contribution(line, _Open())
