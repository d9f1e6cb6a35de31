"""Random cases for any knowledge base, drawn as columns; the same seed gives the same cases.

In: a knowledge base, a number of cases, a seed and shares. Out: a canonical frame (`facts.tables.frame`).
Each case has its own habits: some people answer nearly everything and some nearly nothing, some say yes to
much and some to nothing. Numbers are drawn from the whole range and, more often, from around the thresholds
in the knowledge base. The cases need not be likely, or even consistent. From a population, people are drawn
by its shares; if it has groups, the frame ends with the column `group`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from engine.columns.steps import Steps, applied
from engine.columns.truth import answered, strata
from engine.meaning.network import network
from engine.meaning.valuation import Prepared, prepare, questions_of
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of
from engine.model.population import Population
from engine.sampling.answers import Drawn, thresholds
from engine.sampling.dice import ROW, Dice, numbered, rows
from engine.sampling.people import People
from facts.tables.frame import columns_of, flag_of, schema_of
from facts.vocabulary import Choices, Question

SILENT, AGREES, LEAST, EAGER = "# silent", "# agrees", "# least", "# eager"
"""Names of added columns; no column of a question, and no column `#COLUMN` made here, has such a name."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares from 0 to 1. `unanswered` and `yes` are means over all cases; each case has its own value."""

    unanswered: float = 0.3
    """Share of the questions that may apply and are left without an answer, or with "I don't know"."""
    yes: float = 0.25
    """Share of the yes/no questions and of the options of `choices` that are affirmed."""
    unknown: float = 0.2
    """Share of the questions without an answer that get "I don't know"."""
    partly: float = 0.2
    """Share of the answers to `choices` that leave options open."""
    stray: float = 0.05
    """Share of the questions that do not apply but are treated as if they did."""
    edge: float = 0.5
    """Share of the numbers at a threshold, next to one, or at an end of the range."""


USUAL = Shares()

SLICE = 100_000
"""Number of cases drawn at a time."""


def sample(
    kb: KnowledgeBase, count: int, seed: int = 0, shares: Shares | Population = USUAL, start: int = 0
) -> pl.DataFrame:
    """`count` cases as a canonical frame, with ids from `sample-1`; a smaller sample is the beginning of a
    larger one.

    With `start`, the first `start` cases are skipped.
    """
    drawing = _drawing(kb, seed, shares)
    return _drawn(kb, drawing, list(_steps(kb, drawing)), count, start)


def slices(
    kb: KnowledgeBase, count: int, seed: int = 0, shares: Shares | Population = USUAL, size: int = SLICE
) -> Iterator[pl.DataFrame]:
    """The same cases as `sample`, in frames of at most `size` rows; no frame if `count` is 0."""
    drawing = _drawing(kb, seed, shares)
    steps = list(_steps(kb, drawing))
    for start in range(0, count, size):
        yield _drawn(kb, drawing, steps, min(size, count - start), start)


@dataclass(frozen=True, slots=True)
class Anybody:
    """Draws people by `Shares`, without a population."""

    drawn: Drawn
    shares: Shares

    def first(self) -> Iterator[pl.Expr]:
        """The columns with the habits of each case, on which its answers depend."""
        yield _habit(self.drawn.dice, SILENT, self.shares.unanswered)
        yield _habit(self.drawn.dice, AGREES, self.shares.yes)

    def attitude(self, question: Question, meets: pl.Expr) -> Iterator[pl.Expr]:
        """The column `#QUESTION`, whether the person answers it, and the flag for "I don't know"."""
        name, dice = question.name, self.drawn.dice
        meets = meets | dice.chance(f"stray:{name}", self.shares.stray)
        silent = dice.chance(f"silent:{name}", pl.col(SILENT))
        yield (meets & ~silent).alias(f"#{name}")
        unknown = dice.chance(f"unknown:{name}", self.shares.unknown)
        yield (meets & silent & unknown).alias(flag_of(question))

    def answer(self, question: Question) -> Iterator[pl.Expr]:
        """The columns of a question."""
        whole = ~self.drawn.dice.chance(f"partly:{question.name}", self.shares.partly)
        for column, value in self.drawn.values(question).items():
            given = pl.col(f"#{question.name}")
            if isinstance(question.kind, Choices):
                given = given & (whole | self.drawn.dice.chance(f"named:{column}", 0.5))
            yield pl.when(given).then(value).alias(column)

    def last(self) -> Iterator[pl.Expr]:
        """No further columns."""
        yield from ()


def _drawing(kb: KnowledgeBase, seed: int, shares: Shares | Population) -> Anybody | People:
    if isinstance(shares, Population):
        return People(shares, Dice(seed))
    return Anybody(Drawn(Dice(seed), thresholds(kb), pl.col(AGREES), shares.edge), shares)


def _drawn(
    kb: KnowledgeBase, drawing: Anybody | People, steps: Iterable[Steps], count: int, start: int
) -> pl.DataFrame:
    frame = rows(count, start)
    for layer in steps:
        frame = applied(frame, layer).collect().lazy()
    return frame.select(*schema_of(kb.questions), *drawing.last()).collect()


def _steps(kb: KnowledgeBase, drawing: Anybody | People) -> Iterator[Steps]:
    """The columns to add to numbered rows, by layers of questions, each in steps."""
    prepared = prepare(kb)
    id = pl.format("sample-{}", pl.col(ROW) + 1).alias("id")
    yield ((id, *drawing.first()),)
    decided: set[str] = set()
    for layer in _layers(prepared):
        meets = {
            each.name: pl.col(name_of("asked", each.name)).fill_null(True)
            if each.name in kb.asked_when
            else pl.lit(True)
            for each in layer
        }
        yield (
            *_asked(layer, prepared, decided),
            tuple(each for question in layer for each in drawing.attitude(question, meets[question.name])),
            tuple(each for question in layer for each in drawing.answer(question)),
        )


def _asked(layer: list[Question], prepared: Prepared, decided: set[str]) -> Iterator[tuple[pl.Expr, ...]]:
    """The columns that say whether the questions of a layer apply, without those in `decided`."""
    kb = prepared.kb
    asked = [name_of("asked", question.name) for question in layer if question.name in kb.asked_when]
    for step in strata(network(kb, prepared.definitions, asked), kb.questions):
        fresh = {each.meta.output_name(): each for each in step}
        yield tuple(each for name, each in fresh.items() if name not in decided)
        # The numbers of shared nodes start again in each layer.
        decided.update(name for name in fresh if kind_of(name) != "shared")


def extend(kb: KnowledgeBase, frame: pl.DataFrame, seed: int = 0, shares: Shares = USUAL) -> pl.DataFrame:
    """The same cases with more answers, as a canonical frame of the same rows.

    In each row, at least one open question or option gets an answer, even if the question does not apply or
    was answered "I don't know"; in some rows, many do. Given answers stay, and rows without anything open
    stay the same.
    """
    dice = Dice(seed)
    drawn = Drawn(dice, thresholds(kb), pl.col(AGREES), shares.edge, "more:")
    columns = [column for question in kb.questions.values() for column in columns_of(question)]
    if not columns:
        return frame
    turns = [
        pl.when(pl.col(each).is_null()).then(dice.fraction(f"turn:{each}")).alias(f"#{each}")
        for each in columns
    ]
    habits = (_habit(dice, EAGER, 1 / 3), _habit(dice, AGREES, shares.yes))
    more = numbered(frame).with_columns(*turns, *habits)
    more = more.with_columns(pl.min_horizontal([f"#{each}" for each in columns]).alias(LEAST))
    has_turn = {each: pl.col(f"#{each}") <= pl.max_horizontal(LEAST, EAGER) for each in columns}
    more = more.with_columns(
        pl.col(column).fill_null(pl.when(has_turn[column]).then(value)).alias(column)
        for question in kb.questions.values()
        for column, value in drawn.values(question).items()
    )
    more = more.with_columns(
        pl.col(flag_of(question)) & ~answered(question) for question in kb.questions.values()
    )
    return more.select(frame.columns).collect()


def _habit(dice: Dice, name: str, mean: float) -> pl.Expr:
    """A random share for each case with this mean: near 0 in many cases, near 1 in some."""
    mean = min(max(mean, 1e-9), 1.0)
    return (dice.fraction(name) ** (1 / mean - 1)).alias(name)


def _layers(prepared: Prepared) -> Iterator[list[Question]]:
    """The questions in layers: a question comes after those that its `asked_when` reads."""
    questions, depth = prepared.kb.questions, dict[str, int]()
    for name in prepared.ask_order:
        before = questions_of(name_of("asked", name), prepared.kb, prepared.definitions)
        depth[name] = 1 + max((depth[each] for each in before), default=-1)
    for at in range(1 + max(depth.values(), default=-1)):
        yield [questions[name] for name in depth if depth[name] == at]
