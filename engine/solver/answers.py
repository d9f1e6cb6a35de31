"""Unknown answers as z3 variables: which answers a question allows, and which of them pass a test.

In: the questionnaire. Out: for each question, variables that z3 can choose, and each test as two formulas,
one for passing and one for failing. If an answer decides neither, both are false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, assert_never

import z3

from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from facts.vocabulary import Choice, Choices, Kind, Number, Question, YesNo


class Rails(NamedTuple):
    """A three-valued truth as two formulas: one for true, one for false."""

    true: z3.BoolRef
    false: z3.BoolRef

    def __invert__(self) -> Rails:
        return Rails(self.false, self.true)


@dataclass(frozen=True)
class Open:
    """The unknown answer to one question. Depending on its kind, it is a `value`, a Boolean per option
    (`options`) or `rails` per option. `known` says whether there is an answer.
    """

    question: Question
    known: z3.BoolRef
    value: z3.ExprRef | None
    options: Mapping[str, z3.BoolRef]
    rails: Mapping[str, Rails]

    def sound(self) -> Iterator[z3.BoolRef]:
        """The formulas that hold for every possible answer."""
        kind = self.question.kind
        match kind:
            case Choice():
                yield z3.AtMost(*self.options.values(), 1)
            case Choices():
                yield from (z3.Not(z3.And(each.true, each.false)) for each in self.rails.values())
            case Number():
                assert isinstance(self.value, z3.ArithRef)
                low, high = steps(kind.minimum, kind), steps(kind.maximum, kind)
                yield z3.And(self.value >= low, self.value <= high)
            case YesNo():
                pass
            case _:
                assert_never(kind)

    def passes(self, test: Test) -> Rails:
        """Two formulas: that the answer passes a test, and that it fails it."""
        match test:
            case Is(value):
                assert isinstance(self.value, z3.BoolRef)
                agrees = self.value if value else z3.Not(self.value)
                return Rails(z3.And(self.known, agrees), z3.And(self.known, z3.Not(agrees)))
            case OneOf(options):
                return self._one_of(options)
            case NoneOf(options):
                return ~self._one_of(options)
            case Bound() as bound:
                kind = self.question.kind
                assert isinstance(self.value, z3.ArithRef)
                kept = bound.how.keeps(self.value, steps(bound.threshold, kind))
                return Rails(z3.And(self.known, kept), z3.And(self.known, z3.Not(kept)))
            case ChosenBound(bound, options):
                return self._counted(bound, options)
            case _:
                assert_never(test)

    def _one_of(self, options: tuple[str, ...]) -> Rails:
        if self.options:
            others = [chosen for option, chosen in self.options.items() if option not in options]
            return Rails(z3.Or([self.options[each] for each in options]), z3.Or(others))
        return Rails(
            z3.Or([self.rails[each].true for each in options]),
            z3.And([self.rails[each].false for each in options]),
        )

    def _counted(self, bound: Bound, options: tuple[str, ...]) -> Rails:
        """A bound on the number of chosen options, which lies between those chosen and those not denied."""
        low = z3.Sum([z3.If(self.rails[each].true, 1, 0) for each in options])
        high = z3.Sum([z3.If(self.rails[each].false, 0, 1) for each in options])
        at_low, at_high = (bound.how.keeps(end, int(bound.threshold)) for end in (low, high))
        none = z3.Not(z3.Or(at_low, at_high))
        return Rails(z3.And(self.known, at_low, at_high), z3.And(self.known, none))


def opened(question: Question) -> Open:
    """The variables of a question."""
    name, kind = question.name, question.kind
    options: dict[str, z3.BoolRef] = {}
    rails: dict[str, Rails] = {}
    known, value = z3.Bool(f"{name} known"), None
    match kind:
        case YesNo():
            value = z3.Bool(name)
        case Number():
            value = z3.Int(name)
        case Choice():
            options = {each: z3.Bool(f"{name}.{each}") for each in kind.options}
            known = z3.Or(list(options.values()))
        case Choices():
            rails = {
                each: Rails(z3.Bool(f"{name}.{each}"), z3.Bool(f"{name}.{each} not")) for each in kind.options
            }
            known = z3.Or([rail for each in rails.values() for rail in each])
        case _:
            assert_never(kind)
    return Open(question, known, value, options, rails)


def steps(number: int | float, kind: Kind) -> z3.RatNumRef:
    """A number as a z3 value, in units of the last decimal of the answers."""
    return z3.RealVal(f"{exact(number, kind):f}")


def exact(number: int | float, kind: Kind) -> Decimal:
    """A number in units of the last decimal of the answers; for a threshold it need not be whole."""
    assert isinstance(kind, Number)
    return Decimal(str(number)).scaleb(kind.decimals)
