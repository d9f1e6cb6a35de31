"""The rules as formulas over an open case whose missing answers are filled in: one formula for every node.

In: a network, the variables of an open case, and answers for what it leaves open. Out: for each node whether
it is true in the complete case, which is decided then. What is asked because of an answer of the open case,
but not answered in the given ones, gets any answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

import z3

from engine.meaning.holds import passes
from engine.meaning.network import Compare, Gate, Keeps, Literal, Network, Total
from engine.model.parts import ChosenBound, NoneOf, OneOf, Test
from engine.model.scores import Line, Points
from engine.solver.answers import Open, Rails, exact
from engine.solver.coding import FALSE, TRUE, counted
from facts.vocabulary import Answer, Choice, Choices, Number, Question, YesNo


@dataclass
class Filled:
    """The formulas of a network: `true` has those that each node is true, `sums` the value of each score."""

    network: Network
    answers: Mapping[str, Open]
    filling: Mapping[str, Answer]
    known: dict[object, z3.BoolRef] = field(default_factory=dict)
    """Tests of filled answers, which several of these may share."""
    true: dict[str, z3.BoolRef] = field(init=False, default_factory=dict)
    sums: dict[str, z3.ArithRef] = field(init=False, default_factory=dict)
    _complete: dict[str, Open] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in (name for stratum in self.network.strata for name in stratum):
            node = self.network.nodes[name]
            match node:
                case Compare(question, test, asked):
                    self.true[name] = self._if_asked(asked, self._passes(question, test))
                case Gate(count, literals):
                    self.true[name] = _gate(count, [self._literal(each) for each in literals])
                case Total():
                    self.sums[name] = self._total(node)
                case Keeps(total, bound):
                    self.true[name] = bound.how.keeps(self.sums[total], int(bound.threshold))
                case _:
                    assert_never(node)

    def _literal(self, literal: Literal) -> z3.BoolRef:
        true = self.true[literal.node]
        return true if literal.positive else z3.Not(true)

    def _if_asked(self, asked: str | None, formula: z3.BoolRef) -> z3.BoolRef:
        return formula if asked is None else z3.And(self.true[asked], formula)

    def _passes(self, question: str, test: Test) -> z3.BoolRef:
        given = self._given(question)
        if isinstance(given, Mapping):
            assert isinstance(test, OneOf | NoneOf | ChosenBound)
            key: object = (question, test, tuple(given.get(each, False) for each in test.options))
        else:
            key = (question, test, passes(test, given))
        if key not in self.known:
            self.known[key] = self._answer(question).passes(test).true
        return self.known[key]

    def _given(self, question: str) -> Answer:
        """The answer if the open case has none."""
        return self.filling.get(question, _any(self.answers[question].question))

    def _total(self, node: Total) -> z3.ArithRef:
        read = zip(node.score.lines, node.lines, node.asked, strict=True)
        return z3.Sum([self._line(line, literal, asked) for line, literal, asked in read])

    def _line(self, line: Line, literal: Literal | None, asked: str | None) -> z3.ArithRef:
        """What a line counts, in ticks."""
        if isinstance(line, Points):
            assert literal is not None
            return z3.If(self._literal(literal), line.ticks, 0)
        found = counted(line, self._answer(line.question))
        return found if asked is None else z3.If(self.true[asked], found, 0)

    def _answer(self, question: str) -> Open:
        """The answer to a question, filled in where the open case has none."""
        if question not in self._complete:
            self._complete[question] = _filled(self.answers[question], self._given(question))
        return self._complete[question]


def _filled(open_: Open, given: Answer) -> Open:
    """An answer, and the given one where it is missing."""
    value, kind = open_.value, open_.question.kind
    options = {
        each: z3.Or(chosen, z3.Not(open_.known)) if each == given else chosen
        for each, chosen in open_.options.items()
    }
    rails: dict[str, Rails] = {}
    for each, (true, false) in open_.rails.items():
        assert isinstance(given, Mapping)
        is_chosen = z3.Not(false) if given.get(each, False) else true
        rails[each] = Rails(is_chosen, z3.Not(is_chosen))
    if value is not None:
        assert isinstance(given, bool | int | float)
        filled = z3.IntVal(int(exact(given, kind))) if isinstance(kind, Number) else z3.BoolVal(bool(given))
        value = z3.If(open_.known, value, filled)
    return replace(open_, known=TRUE, value=value, options=options, rails=rails)


def _any(question: Question) -> Answer:
    """An answer to a question."""
    kind = question.kind
    match kind:
        case YesNo():
            return False
        case Choice(options):
            return next(iter(options))
        case Choices():
            return {}
        case Number():
            return kind.minimum
        case _:
            assert_never(kind)


def _gate(count: int, literals: Sequence[z3.BoolRef]) -> z3.BoolRef:
    if count == 0:
        return TRUE
    if count == len(literals):
        return z3.And(list(literals))
    if count == 1:
        return z3.Or([FALSE, *literals])
    return z3.AtLeast(*literals, count)
