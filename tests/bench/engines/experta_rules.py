"""experta: our productions on its own network (stock), and on the matcher that cartsign puts in its place.

The rules are the productions of `engine.experta_target`, made for experta, few and whole. Those that a person
would write by hand, a branch of an `any` each, would be more and slower.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.experta_target import Engine as OnOurMatcher
from facts.case import Case

from .rows import Truths, by_cases, concluded
from .work import Engine, Work, only_gates


class OnItsOwnMatcher(OnOurMatcher):
    """The same productions on experta's own network."""

    __matcher__ = OnOurMatcher.__base__.__matcher__


def engine(work: Work) -> Engine:
    """Stock experta."""
    return _engine(work, OnItsOwnMatcher)


def engine_on_our_matcher(work: Work) -> Engine:
    """experta with our matcher."""
    return _engine(work, OnOurMatcher)


def _engine(work: Work, machine: type[OnOurMatcher]) -> Engine:
    only_gates(work, counting=True)
    fired, nodes = machine(work.prepared, work.roots), concluded(work)

    def evaluate(cases: list[Case]) -> None:
        for case in cases:
            fired.fire(case.answers)

    def results(cases: list[Case]) -> Iterator[Truths]:
        for case in cases:
            fired.fire(case.answers)
            yield [fired.truth.get(name) for name in nodes]

    return by_cases(work, evaluate, results)
