"""From the columns of a segment to its tally: sums of Booleans, which cost almost nothing.

In: the wide results of a segment (`engine.columns.wide`) with the truth of its rules and clashes, and its
canonical frame. Out: the integer counts that `engine.tally.tally` names; the tallies of segments add up to
that of the whole. The level that a case should have is read from a column of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.columns.held import clashes
from engine.columns.wide import WidePlan
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import SUPPORT
from engine.model.names import name_of
from engine.tally.holding_open import Holding, holding
from engine.tally.near_misses import Near, near
from engine.tally.tally import NONE, REST, Key, Tally, tally_of
from facts.tables.frame import columns_of

MOST_WORDS = 20
"""Maximum number of different words per segment that are not levels."""
LONGEST = 60
"""Maximum number of characters kept of such a word."""


def codes(expect: pl.Series, levels: Sequence[str]) -> tuple[pl.Series, dict[Key, int]]:
    """The position of each expected level (0 for `none`, null if nothing is expected), and the counts of
    other words.

    A word is the name of a level or `none`, with or without surrounding space.
    """
    words = expect.cast(pl.String).str.strip_chars()
    found = words.cast(pl.Enum([NONE, *levels]), strict=False)
    return found.to_physical(), _strange(words.filter(found.is_null() & (words != "")))


def _strange(words: pl.Series) -> dict[Key, int]:
    """The words that are not levels: the most frequent ones, and all others together."""
    counted = words.str.slice(0, LONGEST).value_counts(name="cases").rows()
    ranked = sorted(counted, key=lambda each: (-each[1], each[0]))
    found = {("no_level", word): cases for word, cases in ranked[:MOST_WORDS]}
    rest = sum(cases for _, cases in ranked[MOST_WORDS:])
    return found | ({("no_level", REST): rest} if rest else {})


EXPECT, LEVEL, CEILING = "# expect", "# level ", "# ceiling "
"""Names and prefixes of added columns; no answer and no result has such a name."""
SCOPE, INCONSISTENT = "# in_scope", "# inconsistent"
SINGLE = "# single "
"""Prefix of the columns that say, for each level, whether exactly one of its rules has fired."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted in each segment of a run."""

    levels: tuple[str, ...]
    columns: tuple[pl.Expr, ...]
    """The columns of the results that are needed."""
    answers: tuple[str, ...]
    """The columns of the canonical frame that are needed."""
    sums: Mapping[Key, pl.Expr]
    expected: Mapping[Key, pl.Expr]
    holding: Holding
    near: Near | None

    def tally(self, found: pl.DataFrame, answers: pl.DataFrame, expect: pl.Series | None = None) -> Tally:
        """The tally of a segment. `found` and `answers` have the same cases, row by row.

        `found` has the columns of the results, `rule:ID`, and the names in `Prepared.clashing`. `expect` has
        the level that each case should have, in words (see `codes`).
        """
        columns = found.select(self.columns).hstack(answers.select(self.answers))
        sums, counts = dict(self.sums), self.holding.counts(answers)
        if expect is not None and self.levels:
            code, strange = codes(expect, self.levels)
            columns, sums = columns.with_columns(code.alias(EXPECT)), {**sums, **self.expected}
            counts |= strange
        counted = columns.select(each.alias(str(at)) for at, each in enumerate(sums.values()))
        counts |= zip(sums, counted.row(0), strict=True)
        return tally_of(counts | (self.near.counts(answers) if self.near else {}))


def counting(wide: WidePlan, near_misses: bool = False) -> Counting:
    """What to count in wide results; near misses only on request."""
    prepared, kb = wide.prepared, wide.prepared.kb
    clashing = [kb.questions[question] for question in kb.asked_when]
    return Counting(
        levels=tuple(kb.levels),
        columns=tuple(_columns(prepared)),
        answers=tuple(column for question in clashing for column in columns_of(question)),
        sums=dict(_sums(prepared)),
        expected=dict(_expected(list(kb.levels))),
        holding=holding(wide),
        near=near(prepared) if near_misses else None,
    )


def _columns(prepared: Prepared) -> Iterator[pl.Expr]:
    """The needed columns; levels become Booleans, so that each is compared only once."""
    kb = prepared.kb
    yield pl.col("inconsistent").alias(INCONSISTENT)
    if kb.scope:
        yield pl.col("in_scope").alias(SCOPE)
    names = [name_of("rule", id) for id in kb.rules] + [f"finding.{name}" for name in kb.findings]
    yield from map(pl.col, (*names, *prepared.clashing))
    yield from (pl.col(f"condition.{name}").to_physical() for name in kb.conditions)
    yield from (pl.col(f"class.{name}").to_physical() for name in kb.classes)
    for column, mark in (("level", LEVEL), ("ceiling", CEILING)) if kb.levels else ():
        yield pl.col(column).is_null().alias(f"{mark}{NONE}")
        for at, name in enumerate(kb.levels):
            yield (pl.col(column).to_physical() == at).alias(f"{mark}{name}")
    for level in kb.levels:
        if ids := prepared.rules_for.get(name_of("triage", level)):
            fired = pl.sum_horizontal(pl.col(name_of("rule", id)) for id in ids)
            yield (fired == 1).alias(f"{SINGLE}{level}")


def _sums(prepared: Prepared) -> Iterator[tuple[Key, pl.Expr]]:
    """Every count that each segment has."""
    kb = prepared.kb
    yield ("cases",), pl.len()
    yield ("inconsistent",), pl.col(INCONSISTENT).sum()
    for key, both in _triage(list(kb.levels)):
        yield ("triage", *key), both.sum()
    if kb.scope:
        scope = pl.col(SCOPE)
        yield ("scope", "yes"), scope.sum()
        yield ("scope", "no"), (~scope).sum()
        yield ("scope", "open"), scope.null_count()
    for id in kb.rules:
        yield ("rule", id, "fired"), pl.col(name_of("rule", id)).sum()
        yield ("rule", id, "open"), pl.col(name_of("rule", id)).null_count()
    for level in kb.levels:
        for id in prepared.rules_for.get(name_of("triage", level), ()):
            decides = pl.col(f"{LEVEL}{level}") & pl.col(name_of("rule", id))
            yield ("decides", level, id, "cases"), decides.sum()
            yield ("decides", level, id, "alone"), (decides & pl.col(f"{SINGLE}{level}")).sum()
    for name in kb.findings:
        yield ("finding", name), pl.col(f"finding.{name}").sum()
    for name, classes in kb.classes.items():
        own = pl.col(f"class.{name}")
        for at, each in enumerate(classes.classes):
            yield ("class", name, "in", each.name), (own == at).sum()
        yield ("class", name, "open"), own.null_count()
    for name in kb.conditions:
        yield from _supports(name, prepared)
    for name, clash in clashes(prepared).items():
        yield ("clash", name), clash.sum()


def _supports(name: str, prepared: Prepared) -> Iterator[tuple[Key, pl.Expr]]:
    """How often each support is the highest, and how often none is established but one is open."""
    rules = []
    for at, grade in enumerate(SUPPORT):
        if own := prepared.rules_for.get(name_of("condition", name, grade)):
            yield ("condition", name, grade), (pl.col(f"condition.{name}") == at).sum()
            rules += [pl.col(name_of("rule", id)) for id in own]
    if rules:
        yield ("condition", name, "open"), pl.any_horizontal(rules).null_count()


def _triage(levels: Sequence[str]) -> Iterator[tuple[Key, pl.Expr]]:
    """Each level with each possible ceiling, and the truth of this combination."""
    names = [NONE, *levels] if levels else []
    for at, level in enumerate(names):
        for ceiling in names[at:]:
            yield (level, ceiling), pl.col(f"{LEVEL}{level}") & pl.col(f"{CEILING}{ceiling}")


def _expected(levels: Sequence[str]) -> Iterator[tuple[Key, pl.Expr]]:
    for code, expected in enumerate([NONE, *levels]):
        for key, both in _triage(levels):
            yield ("expected", expected, *key), (both & (pl.col(EXPECT) == code)).sum()
