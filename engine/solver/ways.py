"""Ways to answer a question: what it means that an answer stays, and which answer z3 chose.

In: the variables of a question and the answer that was given, if any. Out: formulas, and from a model the
answer. Of a number it is the whole range in which nothing that reads it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import z3

from engine.exhaustive import assert_never
from engine.solver.answers import Open, exact, steps
from facts.vocabulary import Answer, Number, Unknown

Region = tuple[int, int]
"""The first and the last number of a range, in steps of the last decimal."""


@dataclass(frozen=True, slots=True)
class Way:
    """An answer, and the formula that is true of it; `low` to `high` where any number in between does."""

    answer: Answer
    chosen: z3.BoolRef
    low: int | float | None = None
    high: int | float | None = None
    region: Region = (0, 0)


def unchanged(open_: Open, given: Answer | None) -> z3.BoolRef:
    """That the answer is the one that was given, or still none."""
    if given is None:
        return z3.Not(open_.known)
    known = [_equal(open_, option, given) for option in open_.rails or ("",)]
    return z3.And(known)


def kept(open_: Open, given: Answer | None) -> Iterator[z3.BoolRef]:
    """That nothing that was answered is withdrawn; nor changed, where that cannot be."""
    fixed = not open_.question.changeable
    match given:
        case None:
            return
        case Mapping():
            for option in given:
                rails = open_.rails[option]
                yield _equal(open_, option, given) if fixed else z3.Or(rails.true, rails.false)
        case _:
            yield unchanged(open_, given) if fixed else open_.known


def flipped(open_: Open, given: Answer | None) -> list[z3.BoolRef]:
    """For each option of a `choices` question, that it is not as it was."""
    answer = given if isinstance(given, Mapping) else {}
    return [z3.Not(_equal(open_, option, answer)) for option in open_.rails]


def _equal(open_: Open, option: str, given: Answer) -> z3.BoolRef:
    """That the answer, or an option of it, is as it was given."""
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


def way(open_: Open, given: Answer | None, model: z3.ModelRef, regions: Sequence[Region] | None) -> Way:
    """The answer that a model has; `regions` of a number are those in which nothing changes, if there are
    any.
    """

    def is_true(formula: z3.BoolRef) -> bool:
        return bool(z3.is_true(model.eval(formula, model_completion=True)))

    if open_.rails:
        known = {
            option: is_true(rails.true) for option, rails in open_.rails.items() if is_true(z3.Or(*rails))
        }
        return Way(known, z3.And([_equal(open_, option, known) for option in open_.rails]))
    if open_.options:
        option = next(each for each, chosen in open_.options.items() if is_true(chosen))
        return Way(option, open_.options[option])
    if isinstance(open_.value, z3.BoolRef):
        said = is_true(open_.value)
        return Way(said, open_.value == said)
    assert isinstance(open_.value, z3.ArithRef)
    at = model.eval(open_.value, model_completion=True).as_long()
    return _ranging(
        open_, given, next((each for each in regions or () if each[0] <= at <= each[1]), (at, at))
    )


def _ranging(open_: Open, given: Answer | None, region: Region) -> Way:
    """A range of numbers, and the one in it that is nearest to what was given."""
    kind, (low, high) = open_.question.kind, region
    assert isinstance(kind, Number)
    scale = 10**kind.decimals
    first = low if low > round(kind.minimum * scale) else high
    nearest = first if given is None else min(max(low, round(float(str(given)) * scale)), high)

    def number(step: int) -> int | float:
        return step / scale if kind.decimals else step

    assert isinstance(open_.value, z3.ArithRef)
    inside = z3.And(open_.value >= low, open_.value <= high)
    return Way(number(nearest), inside, number(low), number(high), region)


def widened(
    found: Way,
    open_: Open,
    given: Answer | None,
    regions: Sequence[Region],
    will_do: Callable[[z3.BoolRef], bool],
) -> Way:
    """A range of numbers with those beside it that will do as well."""
    low = high = regions.index(found.region)
    while low > 0 and will_do(_ranging(open_, None, regions[low - 1]).chosen):
        low -= 1
    while high + 1 < len(regions) and will_do(_ranging(open_, None, regions[high + 1]).chosen):
        high += 1
    return _ranging(open_, given, (regions[low][0], regions[high][1]))


def run_around(found: Way, open_: Open, given: Answer | None, fails: Sequence[z3.BoolRef]) -> Way:
    """A number with all around it that will do as well, up to the nearest on each side where it `fails`."""
    assert isinstance(open_.value, z3.ArithRef)
    kind, (at, _) = open_.question.kind, found.region
    assert isinstance(kind, Number)
    above, below = z3.Optimize(), z3.Optimize()
    above.add([*fails, open_.known, open_.value > at])
    below.add([*fails, open_.known, open_.value < at])
    above.minimize(open_.value)
    below.maximize(open_.value)
    first, last = (int(exact(end, kind)) for end in (kind.minimum, kind.maximum))
    low, high = (
        side.model().eval(open_.value).as_long() + step if side.check() == z3.sat else end
        for side, step, end in ((below, 1, first), (above, -1, last))
    )
    return _ranging(open_, given, (low, high))
