"""The rules as formulas: two for every node of a network, one for true and one for false.

In: a network and its knowledge base. Out: variables for the answers, and the rails of every node. The meaning
is that of `engine.meaning.holds`; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import assert_never

import z3

from engine.meaning.holds import possible
from engine.meaning.network import Compare, Gate, Keeps, Literal, Network, Total
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
from engine.model.scores import Bands, Line, Points, PointsByOption, Times
from engine.solver.answers import Open, Rails, opened, steps
from facts.vocabulary import Questionnaire

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)
Ends = tuple[z3.ArithRef, z3.ArithRef]


@dataclass
class Coding:
    """The formulas of a network. `rails` has those for the truth of each node, `ends` the lowest and highest
    sum of each score.

    Entries given in `answers`, `rails` and `ends` are used as they are, so that two codings can share
    formulas.
    """

    network: Network
    questions: Questionnaire
    answers: dict[str, Open] = field(default_factory=dict)
    rails: dict[str, Rails] = field(default_factory=dict)
    ends: dict[str, Ends] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (name for stratum in self.network.strata for name in stratum):
            if name in self.rails or name in self.ends:
                continue
            node = self.network.nodes[name]
            match node:
                case Compare(question, test, asked):
                    self.rails[name] = self.compared(question, test, asked)
                case Gate(count, literals):
                    self.rails[name] = gate(count, [self.literal(each) for each in literals])
                case Total():
                    self.ends[name] = self._total(node)
                case Keeps(total, bound):
                    self.rails[name] = keeps(bound, self.ends[total])
                case _:
                    assert_never(node)

    def answer(self, question: str) -> Open:
        """The variables of a question."""
        if question not in self.answers:
            self.answers[question] = opened(self.questions[question])
        return self.answers[question]

    def literal(self, literal: Literal) -> Rails:
        """The rails of a literal."""
        rails = self.rails[literal.node]
        return rails if literal.positive else ~rails

    def compared(self, question: str, test: Test, asked: str | None) -> Rails:
        """Two formulas: that an answer passes a test, and that it fails it. An unanswered question that does
        not apply, as the node `asked` says, fails.
        """
        true, false = self.answer(question).passes(test)
        if asked is None:
            return Rails(true, false)
        return Rails(true, z3.Or(false, z3.And(z3.Not(true), self.rails[asked].false)))

    def _total(self, node: Total) -> Ends:
        read = zip(node.score.lines, node.lines, node.asked, strict=True)
        lines = [self._line(line, literal, asked) for line, literal, asked in read]
        return z3.Sum([low for low, _ in lines]), z3.Sum([high for _, high in lines])

    def _line(self, line: Line, literal: Literal | None, asked: str | None) -> Ends:
        """The lowest and highest that a line can count, in ticks."""
        if isinstance(line, Points):
            assert literal is not None
            return points_ends(line, self.literal(literal))
        applies = None if asked is None else self.rails[asked]
        return answer_ends(line, self.answer(line.question), applies)


def points_ends(line: Points, when: Rails) -> Ends:
    """The lowest and highest that a line counts for a part, in ticks."""
    low, high = (z3.If(when.true, line.ticks, z3.If(when.false, 0, end)) for end in _ends([0, line.ticks]))
    return low, high


def answer_ends(line: PointsByOption | Times | Bands, answer: Open, applies: Rails | None) -> Ends:
    """The lowest and highest that a line counts for an answer, in ticks; `applies` says whether the question
    does, None if it always does.
    """
    reached = possible(line)
    low, high = (z3.IntVal(end) for end in _ends(reached))
    if applies is not None:
        true, false = applies
        widest = _ends([0, *reached])
        low, high = (
            z3.If(true, end, z3.If(false, 0, wide)) for end, wide in zip((low, high), widest, strict=True)
        )
    count = counted(line, answer)
    return z3.If(answer.known, count, low), z3.If(answer.known, count, high)


def composed(part: Part, leaf: Callable[[Answered | Ref | Scored], Rails]) -> Rails:
    """Two formulas: that a part is true, and that it is false. `leaf` gives those of parts without inner
    parts.
    """
    match part:
        case Always():
            return Rails(TRUE, FALSE)
        case Not(inner):
            return ~composed(inner, leaf)
        case All(parts):
            return gate(len(parts), [composed(each, leaf) for each in parts])
        case AnyOf(parts):
            return gate(1, [composed(each, leaf) for each in parts])
        case Count(parts=parts):
            sides = [composed(each, leaf) for each in parts]
            ends = [(gate(needed, sides), positive) for needed, positive in part.gates]
            return gate(len(ends), [end if positive else ~end for end, positive in ends])
        case _:
            return leaf(part)


def gate(count: int, literals: Sequence[Rails]) -> Rails:
    """Two formulas: that at least `count` of the literals are true, and that too few can become true."""
    if count == len(literals):
        return Rails(z3.And([each.true for each in literals]), z3.Or([each.false for each in literals]))
    if count == 1:
        return Rails(z3.Or([each.true for each in literals]), z3.And([each.false for each in literals]))
    if count == 0:
        return Rails(TRUE, FALSE)
    spare = len(literals) - count + 1
    true, false = [each.true for each in literals], [each.false for each in literals]
    return Rails(z3.AtLeast(*true, count), z3.AtLeast(*false, spare))


def keeps(bound: Bound, ends: Ends) -> Rails:
    """Two formulas: that a score satisfies a bound, and that it does not, from the lowest and highest sum
    that it may still have.
    """
    at_low, at_high = (bound.how.keeps(end, int(bound.threshold)) for end in ends)
    return Rails(z3.And(at_low, at_high), z3.Not(z3.Or(at_low, at_high)))


def counted(line: PointsByOption | Times | Bands, answer: Open) -> z3.ArithRef:
    """What a line counts for the answer, in ticks."""
    match line:
        case PointsByOption(_, ticks):
            listed = [(chosen, ticks.get(option, 0)) for option, chosen in answer.options.items()]
            return _first(listed, 0)
        case Times(_, ticks, _):
            assert isinstance(answer.value, z3.ArithRef)
            return answer.value * ticks
        case Bands(_, bands):
            kind = answer.question.kind
            below = [(answer.value < steps(end, kind), ticks) for end, ticks in bands if end is not None]
            return _first(below, bands[-1][1])
        case _:
            assert_never(line)


def _first(cases: Sequence[tuple[z3.BoolRef, int]], otherwise: int) -> z3.ArithRef:
    """The number of the first formula that is true."""
    return reduce(lambda rest, each: z3.If(each[0], each[1], rest), reversed(cases), z3.IntVal(otherwise))


def _ends(ticks: Sequence[int]) -> tuple[int, int]:
    return min(ticks), max(ticks)
