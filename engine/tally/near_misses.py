"""Near misses, counted: the rules that lack one part, and which, over all cases at once.

In: a canonical frame. Out: for each rule that needs several parts the number of cases in which one more would
have made it fire, and for each of its parts how often it was that one, false or unknown. Every count is a sum
over Booleans: where all others are true, the part is true where the rule fired, and else it is the one.
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
from engine.model.parts import All, Always, AtLeast, Part
from engine.tally.tally import Key


@dataclass(frozen=True, slots=True)
class Needs:
    """So many of these parts have to be true, at least two."""

    count: int
    parts: tuple[Part, ...]


def needs(when: Part) -> Needs | None:
    """The parts of a rule's `when`; None where there are no near misses.

    In an `at_least` at the top, one more is lacking where one less than enough are true; each that is not
    would do. An `any` or an `at_least` inside an `all` is one part.
    """
    match when:
        case All(parts):
            found = tuple(each for each in parts if not isinstance(each, Always))
            return Needs(len(found), found) if len(found) > 1 else None
        case AtLeast(count, parts) if count > 1:
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
"""Rows that are looked at together: enough that the fixed cost is small, and few enough for memory."""


@dataclass(frozen=True, slots=True)
class Near:
    """Counts near misses. `steps` are applied one after the other."""

    steps: tuple[tuple[pl.Expr, ...], ...]
    sums: tuple[pl.Expr, ...]
    rules: tuple[tuple[str, int], ...]
    """The rules that are looked at, each with the number of its parts."""

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
    """What counts the near misses of a knowledge base."""
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
    """How many cases lack one part; then, part by part, how many lack it, and how many of them as false.

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
    """The same of parts of which so many are enough: each that is not true would do."""
    short = number(truths, unknown=False) == count - 1
    yield short.sum()
    for own in truths:
        yield (short & ~own.fill_null(False)).sum()
        yield (short & ~own).sum()
