"""Ways to answer a question: how a change may alter an answer, and which answer z3 chose.

In: the variables of a question and the given answer, if any. Out: formulas, and from a model the answer; None
if the model withdraws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

import z3

from engine.solver.answers import Open, exact, steps
from facts.vocabulary import Answer, Number, Unknown

Ends = tuple[int, int]
"""The first and last number of a range, in units of the last decimal."""


@dataclass(frozen=True, slots=True)
class Way:
    """An answer and the formula for it. A number may be any from `low` to `high`, with the same effect."""

    answer: Answer | None
    chosen: z3.BoolRef
    low: int | float | None = None
    high: int | float | None = None


def unchanged(open_: Open, given: Answer | None) -> z3.BoolRef:
    """The formula that the answer equals the given one, or is still missing."""
    if given is None:
        return z3.Not(open_.known)
    return z3.And([equal(open_, option, given) for option in open_.rails or ("",)])


def kept(open_: Open, given: Answer | None, falls_away: z3.BoolRef) -> Iterator[z3.BoolRef]:
    """The formulas for how a change may alter a given answer: replace it or withdraw it, as a whole.

    An answer that is not `changeable`, such as an age, is only withdrawn if its question no longer applies
    (`falls_away`).
    """
    fixed = not open_.question.changeable
    if given is None:
        return
    if isinstance(given, Mapping):
        known = (z3.Or(*open_.rails[option]) for option in given)
        stays = z3.And([equal(open_, option, given) for option in given] if fixed else list(known))
    else:
        stays = unchanged(open_, given) if fixed else open_.known
    gone = z3.Not(open_.known)
    yield z3.Or(stays, z3.And(gone, falls_away) if fixed else gone)


def flipped(open_: Open, given: Answer | None) -> list[z3.BoolRef]:
    """For each option of a `choices` question, the formula that it has changed."""
    answer = given if isinstance(given, Mapping) else {}
    return [z3.Not(equal(open_, option, answer)) for option in open_.rails]


def equal(open_: Open, option: str, given: Answer) -> z3.BoolRef:
    """The formula that the answer, or one of its options, equals the given one."""
    match given:
        case Mapping():
            true, false = open_.rails[option]
            was = given.get(option)
            return z3.Not(z3.Or(true, false)) if was is None else true if was else false
        case str():
            return open_.options[given]
        case bool():
            return z3.And(open_.known, open_.value == given)
        case int() | float():
            return z3.And(open_.known, open_.value == steps(given, open_.question.kind))
        case Unknown():
            return z3.Not(open_.known)
        case _:
            assert_never(given)


def way(open_: Open, model: z3.ModelRef) -> Way:
    """The answer in a model."""

    def is_true(formula: z3.BoolRef) -> bool:
        return bool(z3.is_true(model.eval(formula, model_completion=True)))

    if not is_true(open_.known):
        return Way(None, z3.Not(open_.known))
    if open_.rails:
        known = {
            option: is_true(rails.true) for option, rails in open_.rails.items() if any(map(is_true, rails))
        }
        return Way(known, z3.And([equal(open_, option, known) for option in open_.rails]))
    if open_.options:
        option = next(each for each, chosen in open_.options.items() if is_true(chosen))
        return Way(option, open_.options[option])
    if isinstance(open_.value, z3.BoolRef):
        said = is_true(open_.value)
        return Way(said, z3.And(open_.known, open_.value == said))
    assert isinstance(open_.value, z3.ArithRef)
    at = model.eval(open_.value, model_completion=True).as_long()
    return ranging(open_, None, (at, at))


def ranging(open_: Open, given: Answer | None, ends: Ends) -> Way:
    """A range of numbers, with the one nearest to the given number."""
    kind, (low, high) = open_.question.kind, ends
    assert isinstance(kind, Number)
    scale = 10**kind.decimals
    first = low if low > round(kind.minimum * scale) else high
    nearest = first if given is None else min(max(low, round(float(str(given)) * scale)), high)

    def number(step: int) -> int | float:
        return step / scale if kind.decimals else step

    return Way(number(nearest), between(open_, ends), number(low), number(high))


def between(open_: Open, ends: Ends) -> z3.BoolRef:
    """The formula that the number is known and in a range."""
    assert isinstance(open_.value, z3.ArithRef)
    return z3.And(open_.known, open_.value >= ends[0], open_.value <= ends[1])


def widened(found: Way, open_: Open, given: Answer | None, fails: Callable[[z3.BoolRef], bool]) -> Way:
    """A number widened to the range around it in which nothing `fails`."""
    kind = open_.question.kind
    assert isinstance(kind, Number)
    assert isinstance(found.low, int | float)
    first, last = (int(exact(end, kind)) for end in (kind.minimum, kind.maximum))
    at = int(exact(found.low, kind))

    def is_out(near: int, far: int) -> bool:
        low, high = sorted((near, far))
        return fails(between(open_, (low, high)))

    def reach(end: int) -> int:
        """The furthest number towards `end` up to which none fails; failing is monotone in the distance."""
        step, sure, out = (1 if end > at else -1), 0, abs(end - at)
        if end == at or not is_out(at + step, end):
            return end
        while out - sure > 1:
            middle = (sure + out) // 2
            if is_out(at + step * (sure + 1), at + step * middle):
                out = middle
            else:
                sure = middle
        return at + step * sure

    return ranging(open_, given, (reach(first), reach(last)))
