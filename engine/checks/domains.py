"""Sets of answers to one question, with intersection and an approximate union.

In: tests of parts, and kinds of questions. Out: domains; None is the empty domain. `either` may be larger
than the union, never smaller, so whatever is reported as impossible is impossible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import assert_never

from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from facts.vocabulary import Choice, Choices, Kind, Number

MOST_CLAUSES = 12


@dataclass(frozen=True, slots=True)
class Values:
    """One of these values, for a `yes_no` or `choice` question."""

    allowed: frozenset[str | bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number from `low` to `high`, inclusive, in units of its last decimal."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options of a `choices` question: none excluded, at least one per clause, `least` to `most` chosen."""

    options: frozenset[str]
    clauses: frozenset[frozenset[str]]
    excluded: frozenset[str]
    least: int
    most: int


Domain = Values | Interval | Chosen


def passing(test: Test, kind: Kind) -> Domain | None:
    """The answers that pass a test, or None if none can."""
    match test:
        case Is(value):
            return Values(frozenset((value,)))
        case OneOf(options) if isinstance(kind, Choices):
            return _chosen(kind, clauses=[options])
        case OneOf(options):
            return Values(frozenset(options))
        case NoneOf(options):
            return _chosen(_choices(kind), excluded=options)
        case Bound():
            return _interval(test, _number(kind))
        case ChosenBound(bound):
            most = len(_choices(kind).options)
            counts = [each for each in range(most + 1) if bound.how.keeps(each, bound.threshold)]
            return _chosen(_choices(kind), least=counts[0], most=counts[-1]) if counts else None
        case _:
            assert_never(test)


def failing(test: Test, kind: Kind) -> Domain | None:
    """The answers that fail a test, or None."""
    match test:
        case Is(value):
            return Values(frozenset((not value,)))
        case OneOf(options) if isinstance(kind, Choices):
            return _chosen(kind, excluded=options)
        case OneOf(options):
            left = frozenset(kind.options) - set(options) if isinstance(kind, Choice) else frozenset()
            return Values(left) if left else None
        case NoneOf(options):
            return _chosen(_choices(kind), clauses=[options])
        case Bound():
            return _interval(_opposite(test), _number(kind))
        case ChosenBound(bound, options):
            return passing(ChosenBound(_opposite(bound), options), kind)
        case _:
            assert_never(test)


def shared(one: Domain, other: Domain) -> Domain | None:
    """The intersection of two domains, or None."""
    match one, other:
        case Values(these), Values(those):
            return Values(these & those) if these & those else None
        case Interval(low, high), Interval(other_low, other_high):
            both = Interval(max(low, other_low), min(high, other_high))
            return both if both.low <= both.high else None
        case Chosen(), Chosen():
            least, most = max(one.least, other.least), min(one.most, other.most)
            clauses = one.clauses | other.clauses
            return _possible(Chosen(one.options, clauses, one.excluded | other.excluded, least, most))
        case _:
            raise TypeError(f"answers of two kinds: {one}, {other}")


def either(one: Domain, other: Domain) -> Domain:
    """A domain that contains the union of two, and perhaps more."""
    match one, other:
        case Values(these), Values(those):
            return Values(these | those)
        case Interval(low, high), Interval(other_low, other_high):
            return Interval(min(low, other_low), max(high, other_high))
        case Chosen(), Chosen():
            few = len(one.clauses) * len(other.clauses) <= MOST_CLAUSES
            pairs = frozenset(a | b for a in one.clauses for b in other.clauses) if few else frozenset()
            least, most = min(one.least, other.least), max(one.most, other.most)
            return Chosen(one.options, pairs, one.excluded & other.excluded, least, most)
        case _:
            raise TypeError(f"answers of two kinds: {one}, {other}")


def in_enough(count: int, domains: Sequence[Domain]) -> Domain | None:
    """A domain that contains every answer in at least `count` of these domains, and perhaps more; or None."""
    if count == len(domains):
        return _reduced(domains, shared)
    match domains[0]:
        case Values():
            times = Counter(value for each in domains if isinstance(each, Values) for value in each.allowed)
            left = frozenset(value for value, number in times.items() if number >= count)
            return Values(left) if left else None
        case Interval():
            return _hull(count, [each for each in domains if isinstance(each, Interval)])
        case Chosen():
            return _reduced(domains, either)
        case _:
            assert_never(domains[0])


def _reduced(domains: Sequence[Domain], of_two: Callable[[Domain, Domain], Domain | None]) -> Domain | None:
    found: Domain | None = domains[0]
    for domain in domains[1:]:
        found = found and of_two(found, domain)
    return found


def _hull(count: int, intervals: Sequence[Interval]) -> Interval | None:
    """The range from the lowest to the highest number that lies in at least `count` intervals, or None."""
    ends = sorted([*((each.low, 1) for each in intervals), *((each.high + 1, -1) for each in intervals)])
    inside, low, high = 0, None, None
    for at, (number, change) in enumerate(ends):
        inside += change
        if at + 1 < len(ends) and ends[at + 1][0] > number and inside >= count:
            low = number if low is None else low
            high = ends[at + 1][0] - 1
    return None if low is None or high is None else Interval(low, high)


def _chosen(
    kind: Choices,
    clauses: list[tuple[str, ...]] | None = None,
    excluded: tuple[str, ...] = (),
    least: int = 0,
    most: int | None = None,
) -> Chosen | None:
    options = frozenset(kind.options)
    each = frozenset(frozenset(clause) for clause in clauses or ())
    return _possible(
        Chosen(options, each, frozenset(excluded), least, len(options) if most is None else most)
    )


def _possible(domain: Chosen) -> Chosen | None:
    """The domain, or None if no answer can lie in it."""
    left = domain.options - domain.excluded
    clauses = [clause & left for clause in domain.clauses]
    fits = max(domain.least, _apart(clauses)) <= min(domain.most, len(left))
    return domain if fits and all(clauses) else None


def _apart(clauses: Iterable[frozenset[str]]) -> int:
    """The number of clauses that share no option: a lower bound for the number of chosen options."""
    found: list[frozenset[str]] = []
    for clause in sorted(clauses, key=lambda each: (len(each), sorted(each))):
        if all(clause.isdisjoint(other) for other in found):
            found.append(clause)
    return len(found)


def _interval(bound: Bound, kind: Number) -> Interval | None:
    step = Decimal(1).scaleb(-kind.decimals)
    low, high = (int(Decimal(str(end)) / step) for end in (kind.minimum, kind.maximum))
    exact = Decimal(str(bound.threshold)) / step
    floor = int(exact.to_integral_value(ROUND_FLOOR))
    if bound.how.is_lower:
        low = max(low, floor + (bound.how.is_strict or floor != exact))
    else:
        high = min(high, floor - (bound.how.is_strict and floor == exact))
    return Interval(low, high) if low <= high else None


def _opposite(bound: Bound) -> Bound:
    return Bound(bound.how.opposite, bound.threshold)


def _choices(kind: Kind) -> Choices:
    assert isinstance(kind, Choices)
    return kind


def _number(kind: Kind) -> Number:
    assert isinstance(kind, Number)
    return kind
