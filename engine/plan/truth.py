"""The truth of every node as a nullable Boolean column: Polars' `&`, `|` and `~` on nulls are Kleene.

In: a network and a canonical frame (`facts.table`). Out: one expression a node, each over columns of
earlier strata only, so that nothing is nested: Polars would copy what two expressions share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

import polars as pl

from engine.exhaustive import assert_never
from engine.meaning import possible
from engine.network import Compare, Gate, Keeps, Literal, Network, Total
from engine.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from engine.scores import Bands, Line, Points, PointsByOption, Times
from facts.table_layout import columns_of as answer_columns
from facts.vocabulary import Choices, Question, Questionnaire

UNSET = pl.lit(None, dtype=pl.Boolean)


def strata(net: Network, questions: Questionnaire) -> Iterator[list[pl.Expr]]:
    """For each stratum the columns to add."""
    for names in net.strata:
        yield [expr for name in names for expr in columns_of(name, net, questions)]


def columns_of(name: str, net: Network, questions: Questionnaire) -> Iterator[pl.Expr]:
    """The column of a node; a score has two, `NAME:low` and `NAME:high`, and two for each line."""
    node = net.nodes[name]
    match node:
        case Compare(question, test, asked):
            yield gated(tested(question, test, questions), asked).alias(name)
        case Gate():
            yield gate(node).alias(name)
        case Total():
            yield from _total(name, node)
        case Keeps(total, bound):
            yield kept(bound, pl.col(f"{total}:low"), pl.col(f"{total}:high")).alias(name)
        case _:
            assert_never(node)


def truth(literal: Literal) -> pl.Expr:
    """A literal as an expression."""
    column = pl.col(literal.node)
    return column if literal.positive else ~column


def gate(node: Gate) -> pl.Expr:
    """So many of the literals, in three values."""
    if not node.literals:
        return pl.lit(node.count == 0)
    values = [truth(each) for each in node.literals]
    if node.is_all:
        return pl.all_horizontal(values)
    if node.is_any:
        return pl.any_horizontal(values)
    true, open_ = counts(values)
    return pl.when(true >= node.count).then(True).when(true + open_ < node.count).then(False)


def counts(values: list[pl.Expr]) -> tuple[pl.Expr, pl.Expr]:
    """How many are true, and how many are unknown."""
    true = pl.sum_horizontal([each.fill_null(False).cast(pl.Int32) for each in values])
    return true, pl.sum_horizontal([each.is_null().cast(pl.Int32) for each in values])


def gated(test: pl.Expr, asked: str | None) -> pl.Expr:
    """A test of an answer; where the answer does not decide and the question does not apply, false."""
    return test if asked is None else test.fill_null(pl.col(asked) & UNSET)


def answered(question: Question) -> pl.Expr:
    """Whether anything is known of a question."""
    return pl.any_horizontal([pl.col(column).is_not_null() for column in answer_columns(question)])


def tested(question: str, test: Test, questions: Questionnaire) -> pl.Expr:
    """The test of an answer by the answer alone."""
    match test:
        case Is(value):
            return pl.col(question) if value else ~pl.col(question)
        case OneOf(options):
            if isinstance(questions[question].kind, Choices):
                return pl.any_horizontal([pl.col(f"{question}.{option}") for option in options])
            return pl.any_horizontal([pl.col(question) == option for option in options])
        case NoneOf(options):
            return ~pl.any_horizontal([pl.col(f"{question}.{option}") for option in options])
        case Bound(comparison, threshold):
            return compared(pl.col(question), Bound(comparison, threshold))
        case ChosenBound(bound, options):
            chosen = [pl.col(f"{question}.{option}") for option in options]
            true, open_ = counts(chosen)
            answered = pl.any_horizontal([each.is_not_null() for each in chosen])
            return pl.when(answered).then(kept(bound, true, true + open_))
        case _:
            assert_never(test)


def kept(bound: Bound, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """A bound at both ends of an interval."""
    at_low, at_high = compared(low, bound), compared(high, bound)
    return pl.when(at_low == at_high).then(at_low)


def compared(number: pl.Expr, bound: Bound) -> pl.Expr:
    """A number held against a bound."""
    match bound.comparison:
        case "at_least":
            return number >= bound.threshold
        case "at_most":
            return number <= bound.threshold
        case "above":
            return number > bound.threshold
        case "below":
            return number < bound.threshold
        case _:
            assert_never(bound.comparison)


def _total(name: str, node: Total) -> Iterator[pl.Expr]:
    read = zip(node.score.lines, node.lines, node.asked, strict=True)
    ends = [line_ends(line, literal, asked) for line, literal, asked in read]
    for at, (low, high) in enumerate(ends, 1):
        yield low.alias(f"{name}/{at}:low")
        yield high.alias(f"{name}/{at}:high")
    yield pl.sum_horizontal([low for low, _ in ends]).alias(f"{name}:low")
    yield pl.sum_horizontal([high for _, high in ends]).alias(f"{name}:high")


def line_ends(line: Line, literal: Literal | None, asked: str | None) -> tuple[pl.Expr, pl.Expr]:
    """The lowest and the highest that a line can count, in ticks."""
    if isinstance(line, Points):
        assert literal is not None
        return _points_end(line.ticks, literal, min), _points_end(line.ticks, literal, max)
    return _open_end(line, asked, min), _open_end(line, asked, max)


def _points_end(ticks: int, literal: Literal, end: Callable[[int, int], int]) -> pl.Expr:
    held = truth(literal)
    return pl.when(held).then(_ticks(ticks)).when(~held).then(_ticks(0)).otherwise(_ticks(end(0, ticks)))


def _open_end(
    line: PointsByOption | Times | Bands, asked: str | None, end: Callable[[int, int], int]
) -> pl.Expr:
    reachable = reduce(end, possible(line))
    if asked is None:
        return _exact(line).fill_null(_ticks(reachable))
    applies = pl.col(asked)
    maybe = pl.when(applies).then(_ticks(reachable)).when(~applies).then(_ticks(0))
    return _exact(line).fill_null(maybe.otherwise(_ticks(end(0, reachable))))


def _exact(line: PointsByOption | Times | Bands) -> pl.Expr:
    answer = pl.col(line.question)
    match line:
        case PointsByOption(_, ticks):
            listed = [pl.when(answer == option).then(_ticks(counted)) for option, counted in ticks.items()]
            return pl.coalesce([*listed, pl.when(answer.is_not_null()).then(_ticks(0))])
        case Times(_, ticks, decimals):
            steps: pl.Expr = (answer * 10**decimals).round().cast(pl.Int64)
            return steps * ticks
        case Bands(_, bands):
            below = [pl.when(answer < end).then(_ticks(counted)) for end, counted in bands if end is not None]
            return pl.coalesce([*below, pl.when(answer.is_not_null()).then(_ticks(bands[-1][1]))])
        case _:
            assert_never(line)


def _ticks(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int64)
