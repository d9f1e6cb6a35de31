"""What the cases show of every rule: in how many each part was true, false and unknown, and in how many of
these the rule stood or fell with it.

In: a knowledge base and cases. Out: a value a rule and a part, each with a case to look at. The truth of the
innermost parts is worked out in columns, and each pattern of truths is looked at once, so that the time grows
with the cases only as reading them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from engine.batch import CHUNK
from engine.coverage.shape import Placed, in_order, innermost, marked_by, placed
from engine.marking import Marked, deciding
from engine.meaning import Truth
from engine.model import KnowledgeBase, Rule
from engine.parts import Always
from engine.valuation import prepare
from facts.case import Case

Pattern = tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The cases in which a part had one truth, and those of them in which it decided.

    The witness is the first case in which it decided or, where it never did, the first of all.
    """

    cases: int = 0
    decided: int = 0
    witness: str = ""

    def plus(self, cases: int, decided: bool, first: str) -> Tally:
        """With so many more cases, the first of which is named."""
        witness = first if not self.witness or (decided and not self.decided) else self.witness
        return Tally(self.cases + cases, self.decided + (cases if decided else 0), witness)


@dataclass(frozen=True, slots=True)
class PartCoverage:
    """One part of a rule with what the cases show of it."""

    placed: Placed
    true: Tally
    false: Tally
    unknown: Tally

    @property
    def covered(self) -> bool:
        """Whether the rule stood with it in some case, and fell with it in another."""
        return self.true.decided > 0 and self.false.decided > 0


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One rule: all its parts, the first of which is its whole `when`, and the patterns that were met."""

    rule: Rule
    is_red_flag: bool
    parts: tuple[PartCoverage, ...]
    met: Mapping[Pattern, tuple[int, str]]

    @property
    def fired(self) -> Tally:
        """The cases in which it fired."""
        return self.parts[0].true

    @property
    def blocked(self) -> Tally:
        """The cases in which it was blocked."""
        return self.parts[0].false

    @property
    def open(self) -> Tally:
        """The cases in which it stayed open."""
        return self.parts[0].unknown

    @property
    def is_for_everybody(self) -> bool:
        """Whether its `when` is `always`, so that nothing can block it."""
        return isinstance(self.rule.when, Always)

    @property
    def covered(self) -> bool:
        """Whether it fired, was blocked if anything can block it, and every part of it is covered."""
        blocked = self.is_for_everybody or self.blocked.cases > 0
        return self.fired.cases > 0 and blocked and all(part.covered for part in self.innermost)

    @property
    def innermost(self) -> tuple[PartCoverage, ...]:
        """The parts that are counted: parts made of others are covered when these are."""
        return tuple(part for part in self.parts if part.placed.is_innermost)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What so many cases show of the rules."""

    cases: int
    rules: tuple[RuleCoverage, ...]


def measured(kb: KnowledgeBase, cases: Iterable[Case]) -> Coverage:
    """The coverage of every rule, in the order of the knowledge base."""
    met: dict[str, dict[Pattern, tuple[int, str]]] = {id: {} for id in kb.rules}
    number = 0
    for rows, found in _chunks(kb, cases):
        number += rows
        for id, pattern, count, first in found:
            before, earliest = met[id].get(pattern, (0, first))
            met[id][pattern] = before + count, earliest
    return Coverage(number, tuple(_rule(rule, kb, met[id]) for id, rule in kb.rules.items()))


def _chunks(
    kb: KnowledgeBase, cases: Iterable[Case]
) -> Iterator[tuple[int, Iterator[tuple[str, Pattern, int, str]]]]:
    """So many cases at a time: how many, and the patterns that they have of each rule."""
    from engine.plan.patterns import patterns
    from facts.table import frame_of

    prepared, remaining = prepare(kb), iter(cases)
    groups = [innermost(rule.when) for rule in kb.rules.values()]
    while chunk := list(islice(remaining, CHUNK)):
        by_rule = zip(kb.rules, patterns(prepared, frame_of(chunk, kb.questions), groups), strict=True)
        yield len(chunk), ((id, *each) for id, found in by_rule for each in found)


def _rule(rule: Rule, kb: KnowledgeBase, met: Mapping[Pattern, tuple[int, str]]) -> RuleCoverage:
    parts = placed(rule.when)
    tallies: list[dict[Truth, Tally]] = [{True: Tally(), False: Tally(), None: Tally()} for _ in parts]
    for pattern, (cases, first) in met.items():
        whole = marked_by(rule.when, pattern)
        deciders = _deciders(whole)
        for tally, each in zip(tallies, in_order(whole), strict=True):
            tally[each.truth] = tally[each.truth].plus(cases, id(each) in deciders, first)
    found = zip(parts, tallies, strict=True)
    covered = tuple(PartCoverage(part, tally[True], tally[False], tally[None]) for part, tally in found)
    return RuleCoverage(rule, kb.is_red_flag(rule), covered, met)


def _deciders(whole: Marked) -> set[int]:
    """The identities of the parts that decide; while the rule is open, only what is unknown has done so."""
    is_open = whole.truth is None
    return {id(each) for each in deciding(whole) if (each.truth is None) == is_open}
