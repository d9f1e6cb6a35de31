"""The lines of a Python function for the rules, one a node.

In: what there is to do, and the columns of answers. Out: source text. Truth is a number of two bits, 0 false,
1 unknown, 3 true; `NOT`, `CODE`, `MEANS` and `keeps` are there when it is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

import polars as pl

from engine.meaning.holds import possible
from engine.meaning.network import Compare, Gate, Keeps, Literal, Total
from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from engine.model.scores import TICKS, Bands, Line, Points, PointsByOption, Times
from engine.sampling.files import parquet_schema
from facts.tables.frame import columns_of
from facts.vocabulary import Choices

from .work import SIGNS, Work


def source(work: Work, answers: list[str]) -> Iterator[str]:
    """The lines of the function."""
    writer = _Writer(work, {name: f"a{at}" for at, name in enumerate(answers)})
    yield f"def assessed({', '.join(writer.answers.values())}):"
    for name in writer.truths():
        yield f"    {name} = CODE[{name}]"
    for stratum in work.net.strata:
        for name in stratum:
            yield f"    {work.names[name]} = {writer.node(name)}"
    yield f"    return ({', '.join(writer.results())},)"


class _Writer:
    """Writes nodes as expressions of Python; `answers` has the variables of the columns of answers."""

    def __init__(self, work: Work, answers: Mapping[str, str]) -> None:
        self.work = work
        self.answers = answers

    def truths(self) -> Iterator[str]:
        """The variables that hold a yes or a no."""
        types = parquet_schema(self.work.kb.questions)
        return (name for column, name in self.answers.items() if types[column] == pl.Boolean)

    def node(self, name: str) -> str:
        """A node by its kind."""
        node, names = self.work.net.nodes[name], self.work.names
        match node:
            case Compare(question, test, None):
                return self._test(question, test)
            case Compare(question, test, str(asked)):
                return f"t if (t := {self._test(question, test)}) != 1 else {names[asked]} & 1"
            case Gate():
                return _gate(node, [self._literal(each) for each in node.literals])
            case Total():
                return self._total(node)
            case Keeps(total, bound):
                return _kept(bound, f"*{names[total]}")
            case _:
                assert_never(node)

    def _literal(self, literal: Literal) -> str:
        name = self.work.names[literal.node]
        return name if literal.positive else f"NOT[{name}]"

    def _test(self, question: str, test: Test) -> str:
        match test:
            case Is(value):
                return self.answers[question] if value else f"NOT[{self.answers[question]}]"
            case OneOf(options):
                if isinstance(self.work.kb.questions[question].kind, Choices):
                    return f"({' | '.join(self._options(question, options))})"
                return self._known(question, f"{self.answers[question]} in {options!r}")
            case NoneOf(options):
                return f"NOT[{' | '.join(self._options(question, options))}]"
            case Bound(comparison, threshold):
                return self._known(question, f"{self.answers[question]} {SIGNS[comparison]} {threshold!r}")
            case ChosenBound(bound, options):
                chosen = self._options(question, options)
                return f"(1 if {' == '.join([*chosen, '1'])} else {_kept(bound, *_counts(chosen))})"
            case _:
                assert_never(test)

    def _options(self, question: str, options: Iterable[str]) -> list[str]:
        return [self.answers[f"{question}.{option}"] for option in options]

    def _known(self, question: str, condition: str) -> str:
        return f"(1 if {self.answers[question]} is None else 3 if {condition} else 0)"

    def _total(self, node: Total) -> str:
        read = zip(node.score.lines, node.lines, node.asked, strict=True)
        lines = [self._line(line, literal, asked) for line, literal, asked in read]
        return ", ".join(" + ".join(end) for end in zip(*lines, strict=True))

    def _line(self, line: Line, literal: Literal | None, asked: str | None) -> tuple[str, str]:
        """The lowest and the highest that a line counts."""
        if isinstance(line, Points):
            assert literal is not None
            low, high = (_by_truth(end(0, line.ticks), line.ticks) for end in (min, max))
            return f"{low}[{self._literal(literal)}]", f"{high}[{self._literal(literal)}]"
        answer, reach = self.answers[line.question], possible(line)
        open_ = [str(end(reach)) for end in (min, max)]
        if asked is not None:
            truth = self.work.names[asked]
            open_ = [f"{_by_truth(end(0, *reach), end(reach))}[{truth}]" for end in (min, max)]
        low, high = (f"({each} if {answer} is None else {_exact(line, answer)})" for each in open_)
        return low, high

    def results(self) -> Iterator[str]:
        """The truth of every rule, and the wide columns but `id`."""
        kb, names = self.work.kb, self.work.names
        yield from (f"MEANS[{names[rule]}]" for rule in self.work.rules)
        if kb.scope:
            yield f"MEANS[{names['scope']}]"
        if kb.levels:
            level, ceiling = self._highest("level", "== 3"), self._highest("level", "!= 0")
            yield f"(level := {level})"
            yield f"(ceiling := {ceiling})"
            yield "level == ceiling"
        yield " or ".join(["False", *self._clashes()])
        yield from (self._highest(column, "== 3") for column in self.work.grades if column != "level")
        yield from (f"MEANS[{names[f'finding:{finding}']}]" for finding in kb.findings)
        yield from (
            f"round({names[f'score:{name}']}[{end}] / {TICKS}, 12)" for name in kb.scores for end in (0, 1)
        )

    def _highest(self, column: str, means: str) -> str:
        """The highest grade for which the codes of its rules, taken together, mean that it is reached."""
        grades = {
            grade: [self.work.names[rule] for rule in rules]
            for grade, rules in self.work.grades[column].items()
        }
        reached = [
            f"{grade!r} if ({' | '.join(rules)}) {means}"
            for grade, rules in reversed(grades.items())
            if rules
        ]
        return f"({' else '.join([*reached, 'None'])})"

    def _clashes(self) -> Iterator[str]:
        kb, names = self.work.kb, self.work.names
        yield from (f"{names[f'inconsistency:{name}']} == 3" for name in kb.consistency)
        types = parquet_schema(kb.questions)
        for name in kb.asked_when:
            answered = [
                f"{self.answers[column]} {'!= 1' if types[column] == pl.Boolean else 'is not None'}"
                for column in columns_of(kb.questions[name])
            ]
            yield f"({names[f'asked:{name}']} == 0 and ({' or '.join(answered)}))"


def _gate(node: Gate, values: list[str]) -> str:
    if not values:
        return "3" if node.count == 0 else "0"
    if node.is_all or node.is_any:
        return (" & " if node.is_all else " | ").join(values)
    true, possible = _counts(values)
    return f"3 if {true} >= {node.count} else 1 if {possible} >= {node.count} else 0"


def _counts(values: list[str]) -> tuple[str, str]:
    """How many are true, and how many may be."""
    return " + ".join(f"({each} >> 1)" for each in values), " + ".join(f"({each} & 1)" for each in values)


def _kept(bound: Bound, *ends: str) -> str:
    return f"keeps({bound.comparison!r}, {bound.threshold!r}, {', '.join(ends)})"


def _by_truth(unknown: int, true: int) -> str:
    return f"(0, {unknown}, None, {true})"


def _exact(line: PointsByOption | Times | Bands, answer: str) -> str:
    match line:
        case PointsByOption(_, ticks):
            return f"{dict(ticks)!r}.get({answer}, 0)"
        case Times(_, ticks, decimals):
            return f"round({answer} * {10**decimals}) * {ticks}"
        case Bands(_, bands):
            reached = [f"{ticks} if {answer} < {below!r}" for below, ticks in bands if below is not None]
            return f"({' else '.join([*reached, str(bands[-1][1])])})"
        case _:
            assert_never(line)
