"""The truth of every node as a nullable Boolean column: on nulls, Polars' `&`, `|` and `~` are Kleene logic.

In: a network and a canonical frame (`facts.tables.canonical`). Out: one expression per node, over columns of
earlier strata only. Nothing is nested, because Polars would copy what two expressions share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

import polars as pl

from engine.columns.kleene import compared, enough, truth
from engine.columns.scoring import kept, totals
from engine.columns.sharing import shared
from engine.meaning.network import Compare, Gate, Keeps, Network, Total
from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from facts.tables.frame import columns_of as answer_columns
from facts.vocabulary import Choices, Question, Questionnaire

UNSET = pl.lit(None, dtype=pl.Boolean)


def strata(net: Network, questions: Questionnaire) -> Iterator[list[pl.Expr]]:
    """The columns to add, stratum by stratum, including those that gates share."""
    net = shared(net)
    return layers(net, columns(net, questions))


def columns(net: Network, questions: Questionnaire) -> dict[str, tuple[pl.Expr, ...]]:
    """The columns of each node."""
    return {name: tuple(columns_of(name, net, questions)) for name in net.nodes}


def layers(net: Network, made: Mapping[str, Sequence[pl.Expr]]) -> Iterator[list[pl.Expr]]:
    """The columns in `made`, stratum by stratum of a network."""
    for names in net.strata:
        yield [each for name in names for each in made[name]]


def columns_of(name: str, net: Network, questions: Questionnaire) -> Iterator[pl.Expr]:
    """The column of a node. A score has two, `NAME:low` and `NAME:high`, and two for each line."""
    node = net.nodes[name]
    match node:
        case Compare(question, test, asked):
            yield gated(tested(question, test, questions), asked).alias(name)
        case Gate():
            yield gate(node).alias(name)
        case Total():
            yield from totals(name, node)
        case Keeps(total, bound):
            scored = net.nodes[total]
            assert isinstance(scored, Total)
            yield kept(total, scored.score, bound).alias(name)
        case _:
            assert_never(node)


def gate(node: Gate) -> pl.Expr:
    """A gate as an expression."""
    if not node.literals:
        return pl.lit(node.count == 0)
    return enough(node.count, [truth(each) for each in node.literals])


def gated(test: pl.Expr, asked: str | None) -> pl.Expr:
    """A test of an answer: false if the answer does not decide it and the question does not apply."""
    return test if asked is None else test.fill_null(pl.col(asked) & UNSET)


def answered(question: Question) -> pl.Expr:
    """Whether anything is known about a question; never null."""
    return pl.any_horizontal([pl.col(column).is_not_null() for column in answer_columns(question)])


def tested(question: str, test: Test, questions: Questionnaire) -> pl.Expr:
    """The test of an answer, ignoring whether the question applies."""
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
            return _chosen(bound, [pl.col(f"{question}.{option}") for option in options])
        case _:
            assert_never(test)


def _chosen(bound: Bound, options: Sequence[pl.Expr]) -> pl.Expr:
    """A bound on the number of chosen options; null if nothing is known about any option."""
    count = int(bound.threshold) + (bound.how.is_lower == bound.how.is_strict)
    if 0 < count <= len(options):
        reached = enough(count, options)
    else:
        answered = pl.any_horizontal([each.is_not_null() for each in options])
        reached = pl.when(answered).then(count <= 0)
    return reached if bound.how.is_lower else ~reached
