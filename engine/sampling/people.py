"""People drawn from a population: each answer by the shares of the person's group, else those of everybody.

In: a population and dice. Out: the columns that `engine.sampling.sample` adds to numbered rows, step by step.
Each draw has its own name, so that other shares change only the answers to their own question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

import polars as pl

from engine.model.population import Band, Population, Spread, Ticks
from engine.sampling.dice import FINE, Dice
from facts.tables.frame import columns_of, dtype_of, flag_of
from facts.vocabulary import Choice, Choices, Number, Question, YesNo

GROUP = "group"
"""The column with the name of the group, if there are groups."""
AT = "# group"
"""The column with the position of the group among all groups; no question has this name."""
NO_BAND, NO_TICKS = Band(0, 0, 100), Ticks(100, {})
"""Placeholders for the answers of a group that leaves a question unanswered."""
Member = TypeVar("Member", Band, Ticks)


@dataclass(frozen=True, slots=True)
class People:
    """Draws people from a population."""

    population: Population
    dice: Dice

    def first(self) -> Iterator[pl.Expr]:
        """The column with the position of the person's group, on which the answers depend; none without
        groups.
        """
        shares = [each.share for each in self.population.groups.values()]
        if shares:
            yield self._one_of(AT, [shares]).cast(pl.UInt64).alias(AT)

    def attitude(self, question: Question, meets: pl.Expr) -> Iterator[pl.Expr]:
        """The column `#QUESTION`, whether the person answers it, and the "I don't know" flag, which is always
        false.
        """
        open = self._chance(f"open:{question.name}", self._open(question.name))
        yield (meets & ~open).alias(f"#{question.name}")
        yield pl.lit(False).alias(flag_of(question))

    def answer(self, question: Question) -> Iterator[pl.Expr]:
        """The columns of a question."""
        for column, value in self._values(question).items():
            yield pl.when(f"#{question.name}").then(value).alias(column)

    def last(self) -> Iterator[pl.Expr]:
        """The column with the name of the group; none without groups."""
        names = list(self.population.groups)
        if names:
            yield pl.lit(pl.Series(names, dtype=pl.Enum(names))).gather(AT).alias(GROUP)

    def _values(self, question: Question) -> dict[str, pl.Expr]:
        name, spreads = question.name, self._spreads(question.name)
        match question.kind:
            case YesNo():
                return {
                    name: self._chance(name, [each if isinstance(each, float) else 0 for each in spreads])
                }
            case Choices(options):
                columns = zip(columns_of(question), options, strict=True)
                return dict(self._ticked(name, columns, spreads))
            case Choice(options):
                at = self._one_of(name, [_by_option(each, options) for each in spreads])
                values = pl.Series([*options] * len(spreads), dtype=dtype_of(question.kind))
                return {name: pl.lit(values).gather(at)}
            case Number(decimals=decimals):
                return {name: self._number(name, decimals, spreads)}

    def _ticked(
        self, name: str, columns: Iterable[tuple[str, str]], spreads: Sequence[Spread | None]
    ) -> Iterator[tuple[str, pl.Expr]]:
        """Whether each option is ticked: first draw a way of ticking, then each option independently."""
        ways = [_members(each, NO_TICKS) for each in spreads]
        several = any(len(each) > 1 for each in ways)
        shares = [[way.share for way in each] for each in ways]
        at = self._one_of(f"{name}:way", shares) if several else None
        for column, option in columns:
            ticks = [way.options.get(option, 0) for each in ways for way in each]
            yield column, self._chance(column, ticks, at)

    def _number(self, name: str, decimals: int, spreads: Sequence[Spread | None]) -> pl.Expr:
        """A number in a band, computed in units of the last decimal."""
        scale: int = 10**decimals
        bands = [_members(each, NO_BAND) for each in spreads]
        at = self._one_of(name, [[band.share for band in each] for each in bands])
        lows = [round(band.low * scale) for each in bands for band in each]
        highs = [round(band.high * scale) for each in bands for band in each]
        widths = [high - low + 1 for low, high in zip(lows, highs, strict=True)]
        width = pl.lit(pl.Series(widths, dtype=pl.UInt64)).gather(at)
        within = (self.dice.number(f"{name}:within") % width).cast(pl.Int64)
        steps = pl.lit(pl.Series(lows, dtype=pl.Int64)).gather(at) + within
        return (steps / scale).round(decimals) if decimals else steps

    def _spreads(self, name: str) -> list[Spread | None]:
        """How each group answers a question; a single item if all groups answer alike."""
        everybody = self.population.everybody.answers.get(name)
        groups = self.population.groups.values()
        found = [each.own.answers.get(name, everybody) for each in groups] or [everybody]
        return found[:1] if all(each == found[0] for each in found) else found

    def _open(self, name: str) -> list[float]:
        """The percentage who leave a question unanswered, by group."""
        everybody = self.population.everybody.unanswered.get(name, 0)
        groups = self.population.groups.values()
        open = [each.own.unanswered.get(name, everybody) for each in groups] or [everybody]
        spreads = self._spreads(name)
        spreads = spreads * len(open) if len(spreads) == 1 else spreads
        return [100 if spread is None else each for spread, each in zip(spreads, open, strict=True)]

    def _chance(self, name: str, shares: Sequence[float], at: pl.Expr | None = None) -> pl.Expr:
        """True with the percentage of the person's group, or with the one at position `at`."""
        if all(each == shares[0] for each in shares):
            return self.dice.chance(name, shares[0] / 100)
        by_place = pl.lit(pl.Series([each / 100 for each in shares])).gather(pl.col(AT) if at is None else at)
        return self.dice.chance(name, by_place)

    def _one_of(self, name: str, shares: Sequence[Sequence[float]]) -> pl.Expr:
        """A random position in the concatenated shares of all groups, within those of the person's own group.

        The cumulative shares of all groups form one series, and a random integer is looked up in it.
        """
        ends: list[int] = []
        for at, each in enumerate(shares):
            sums = list(accumulate(each))
            ends += [at * FINE + round(end / sums[-1] * FINE) for end in sums]
        drawn = self.dice.part(name)
        drawn = drawn + pl.col(AT) * FINE if len(shares) > 1 else drawn
        return pl.lit(pl.Series(ends, dtype=pl.UInt64)).search_sorted(drawn, side="right")


def _members(spread: Spread | None, none: Member) -> list[Member]:
    """The bands or the ways of ticking of a spread; `none` if the question is left unanswered."""
    if isinstance(spread, tuple):
        return [each for each in spread if isinstance(each, type(none))]
    return [none]


def _by_option(spread: Spread | None, options: Mapping[str, str]) -> list[float]:
    """The share of each option; equal shares if the question is left unanswered."""
    return [spread.get(each, 0) for each in options] if isinstance(spread, Mapping) else [1] * len(options)
