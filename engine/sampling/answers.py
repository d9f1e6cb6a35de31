"""Random answers to each question, one per row.

In: questions, and the thresholds of a knowledge base. Out: an expression without nulls for each column of a
question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

import polars as pl

from engine.meaning.definitions import with_properties
from engine.meaning.network import Compare, network
from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import Bound
from engine.model.scores import Bands
from engine.sampling.dice import Dice
from facts.tables.frame import columns_of, dtype_of
from facts.vocabulary import Choice, Choices, Number, Question, YesNo

Thresholds = Mapping[str, set[float]]


def thresholds(kb: KnowledgeBase) -> Thresholds:
    """The numbers that each answer is compared with anywhere in the knowledge base, by question."""
    found: dict[str, set[float]] = defaultdict(set)
    named = with_properties(kb)
    for node in network(kb, named, named, kb.scores.values()).nodes.values():
        if isinstance(node, Compare) and isinstance(node.test, Bound):
            found[node.question].add(node.test.threshold)
    for score in kb.scores.values():
        for line in score.lines:
            if isinstance(line, Bands):
                found[line.question] |= {below for below, _ in line.bands if below is not None}
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws answers. `agrees` is the share that is affirmed, `edge` the share of numbers near a threshold."""

    dice: Dice
    thresholds: Thresholds
    agrees: pl.Expr
    edge: float
    prefix: str = ""

    def values(self, question: Question) -> dict[str, pl.Expr]:
        """The answer to a question, by column."""
        match question.kind:
            case YesNo() | Choices():
                return {
                    each: self.dice.chance(self.prefix + each, self.agrees) for each in columns_of(question)
                }
            case Choice(options):
                one = self.dice.one(self.prefix + question.name, list(options))
                return {question.name: one.cast(dtype_of(question.kind))}
            case Number():
                return {question.name: self._number(question.name, question.kind)}

    def _number(self, name: str, kind: Number) -> pl.Expr:
        """A number in the range, computed in units of the last decimal."""
        scale: int = 10**kind.decimals
        low, high = round(kind.minimum * scale), round(kind.maximum * scale)
        anywhere = low + self.dice.below(f"{self.prefix}{name}:anywhere", high - low + 1)
        at_edge = self.dice.one(
            f"{self.prefix}{name}:edge", edges(self.thresholds.get(name, set()), scale, low, high)
        )
        near = self.dice.chance(f"{self.prefix}{name}:near", self.edge)
        steps = pl.when(near).then(at_edge).otherwise(anywhere)
        return (steps / scale).round(kind.decimals) if kind.decimals else steps


def edges(held_against: set[float], scale: int, low: int, high: int) -> list[int]:
    """The ends of the range, each threshold, and its neighbours, in steps."""
    found = {low, high}
    for threshold in held_against:
        found |= set(range(floor(threshold * scale) - 1, ceil(threshold * scale) + 2))
    return sorted(each for each in found if low <= each <= high)
