"""Counts of near misses: cases in which a rule lacks one part, and which part.

In: a canonical frame. Out: for each rule that needs several parts, the number of cases in which one more
would have made it fire, and for each part how often it was the missing one, false or unknown. Every count is
a sum of Booleans: if all other parts are true, the rule fired if this part is true, and else this part is
missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from engine.columns.kleene import number
from engine.columns.steps import applied
from engine.columns.truth import strata
from engine.meaning.network import network
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import All, Always, Count, Part
from engine.tally.tally import Key


@dataclass(frozen=True, slots=True)
class Needs:
    """At least `count` of these parts must be true; `count` is at least 2."""

    count: int
    parts: tuple[Part, ...]


def needs(when: Part) -> Needs | None:
    """The parts that a rule needs; None if it can have no near misses.

    An `at_least` at the top is a near miss if it lacks just one true part; then every part that is not true
    counts as missing. An `any` or `at_least` inside an `all` counts as one part.
    """
    match when:
        case All(parts):
            found = tuple(each for each in parts if not isinstance(each, Always))
            return Needs(len(found), found) if len(found) > 1 else None
        case Count(count, None, parts) if count > 1:
            return Needs(count, parts)
        case _:
            return None


def with_needs(kb: KnowledgeBase) -> Iterator[tuple[str, Needs]]:
    """The rules that can have near misses, by id."""
    for id, rule in kb.rules.items():
        found = needs(rule.when)
        if found is not None:
            yield id, found


SLICE = 1 << 18
"""Number of rows examined at a time: enough to make fixed costs small, and few enough for memory."""


@dataclass(frozen=True, slots=True)
class Near:
    """Counts near misses. `steps` are applied in order."""

    steps: tuple[tuple[pl.Expr, ...], ...]
    sums: tuple[pl.Expr, ...]
    rules: tuple[tuple[str, int], ...]
    """The examined rules, each with the number of its parts."""

    def counts(self, answers: pl.DataFrame) -> dict[Key, int]:
        """The counts over the rows of a canonical frame."""
        found: Counter[Key] = Counter({("near_looked_at",): answers.height})
        for rows in answers.iter_slices(SLICE) if self.rules else ():
            columns = applied(rows.lazy(), self.steps)
            sums = iter(columns.select(self.sums).collect().row(0))
            for id, parts in self.rules:
                found[("near", id)] += next(sums)
                for place in range(1, parts + 1):
                    lacking, false = next(sums), next(sums)
                    found[("lacks", id, str(place), "false")] += false
                    found[("lacks", id, str(place), "unknown")] += lacking - false
        return found


def near(prepared: Prepared) -> Near:
    """What to count for the near misses of a knowledge base."""
    needed = dict(with_needs(prepared.kb))
    names: dict[Part, str] = {}
    for each in needed.values():
        for part in each.parts:
            names.setdefault(part, f"near:{len(names)}")
    named = {**prepared.definitions, **{name: part for part, name in names.items()}}
    steps = strata(network(prepared.kb, named, names.values()), prepared.kb.questions)
    sums = [each for id in needed for each in _sums(needed[id], [names[part] for part in needed[id].parts])]
    return Near(
        steps=tuple(tuple(step) for step in steps if step),
        sums=tuple(each.alias(str(at)) for at, each in enumerate(sums)),
        rules=tuple((id, len(each.parts)) for id, each in needed.items()),
    )


def _sums(needed: Needs, names: Sequence[str]) -> Iterator[pl.Expr]:
    """The number of cases that lack one part; then, for each part, how many lack it, and in how many it is
    false.

    The sum of a column with nulls counts what is true.
    """
    truths = [pl.col(name) for name in names]
    if needed.count < len(truths):
        yield from _of_a_count(needed.count, truths)
        return
    fired = pl.all_horizontal(truths).sum()
    others = [[*truths[:at], *truths[at + 1 :]] for at in range(len(truths))]
    lacking = [pl.all_horizontal(rest).sum() - fired for rest in others]
    yield pl.sum_horizontal(lacking)
    for own, rest, lack in zip(truths, others, lacking, strict=True):
        yield lack
        yield pl.all_horizontal([*rest, ~own]).sum()


def _of_a_count(count: int, truths: list[pl.Expr]) -> Iterator[pl.Expr]:
    """The same if `count` parts are enough: each part that is not true is missing."""
    short = number(truths, unknown=False) == count - 1
    yield short.sum()
    for own in truths:
        yield (short & ~own.fill_null(False)).sum()
        yield (short & ~own).sum()
