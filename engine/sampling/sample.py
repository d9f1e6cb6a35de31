"""Cases that nobody had, for any knowledge base: drawn as columns, the same for the same seed.

In: a knowledge base, how many, a seed and what is usual. Out: a canonical frame (`facts.tables.frame`). Some
people say nearly everything and some nearly nothing, some say yes to much and some to nothing: each case has
habits of its own. Numbers are drawn from the whole range and, more often, from around the thresholds that
anything in the knowledge base names. What is drawn need not be likely, nor even consistent. From a population
people are drawn as its shares say; the frame then ends with the column `group`, if it has groups.
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
"""Columns that no column of a question, and no column `#COLUMN` made here, is called."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What is usual, in shares from 0 to 1. The first two are means: every case has its own."""

    unanswered: float = 0.3
    """Of the questions that may apply, those left open."""
    yes: float = 0.25
    """Of the yes/no questions and of the options of `choices`, those affirmed."""
    unknown: float = 0.2
    """Of the questions left open, those answered with "I don't know"."""
    partly: float = 0.2
    """Of the answers to `choices`, those that leave options open."""
    stray: float = 0.05
    """Of the questions that do not apply, those dealt with all the same."""
    edge: float = 0.5
    """Of the numbers, those at a threshold, next to one, or at an end of the range."""


USUAL = Shares()

SLICE = 100_000
"""Number of cases drawn at a time."""


def sample(
    kb: KnowledgeBase, count: int, seed: int = 0, shares: Shares | Population = USUAL, start: int = 0
) -> pl.DataFrame:
    """`count` cases as a canonical frame, called `sample-1` and so on; fewer cases are the first of more.

    The first `start` cases are left out.
    """
    drawing = _drawing(kb, seed, shares)
    return _drawn(kb, drawing, list(_steps(kb, drawing)), count, start)


def slices(
    kb: KnowledgeBase, count: int, seed: int = 0, shares: Shares | Population = USUAL, size: int = SLICE
) -> Iterator[pl.DataFrame]:
    """The same cases as frames of at most `size` rows, one after another; no frame if none."""
    drawing = _drawing(kb, seed, shares)
    steps = list(_steps(kb, drawing))
    for start in range(0, count, size):
        yield _drawn(kb, drawing, steps, min(size, count - start), start)


@dataclass(frozen=True, slots=True)
class Anybody:
    """Draws people of whom only is said what is usual."""

    drawn: Drawn
    shares: Shares

    def first(self) -> Iterator[pl.Expr]:
        """The habits, on which the answers depend."""
        yield _habit(self.drawn.dice, SILENT, self.shares.unanswered)
        yield _habit(self.drawn.dice, AGREES, self.shares.yes)

    def attitude(self, question: Question, meets: pl.Expr) -> Iterator[pl.Expr]:
        """The column `#QUESTION`, whether somebody answers, and `question?`, whether with "I don't know"."""
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
        """No column but those of a canonical frame."""
        yield from ()


def _drawing(kb: KnowledgeBase, seed: int, shares: Shares | Population) -> Anybody | People:
    """What draws the people."""
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
    """The columns to add to numbered rows, layer by layer of the questions, step by step."""
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
    """What says whether the questions of a layer apply, as far as it is not `decided` yet."""
    kb = prepared.kb
    asked = [name_of("asked", question.name) for question in layer if question.name in kb.asked_when]
    for step in strata(network(kb, prepared.definitions, asked), kb.questions):
        fresh = {each.meta.output_name(): each for each in step}
        yield tuple(each for name, each in fresh.items() if name not in decided)
        # What gates share is numbered anew in each layer.
        decided.update(name for name in fresh if kind_of(name) != "shared")


def extend(kb: KnowledgeBase, frame: pl.DataFrame, seed: int = 0, shares: Shares = USUAL) -> pl.DataFrame:
    """The same cases with more answers, as a canonical frame of the same rows.

    In each row at least one open question or option gets an answer, whether the question applies or not and
    even where somebody said "I don't know"; in some rows many do. No answer changes, and a row in which
    nothing is open stays as it is.
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
    """A share of each case's own: near 0 in many, near 1 in some."""
    mean = min(max(mean, 1e-9), 1.0)
    return (dice.fraction(name) ** (1 / mean - 1)).alias(name)


def _layers(prepared: Prepared) -> Iterator[list[Question]]:
    """The questions in an order in which those come first that decide whether the others apply."""
    questions, depth = prepared.kb.questions, dict[str, int]()
    for name in prepared.ask_order:
        before = questions_of(name_of("asked", name), prepared.kb, prepared.definitions)
        depth[name] = 1 + max((depth[each] for each in before), default=-1)
    for at in range(1 + max(depth.values(), default=-1)):
        yield [questions[name] for name in depth if depth[name] == at]
