"""Coverage of every rule: how often each part was true, false or unknown, and how often it decided.

In: a knowledge base and cases. Out: a value per rule, per part, per edge of a threshold and per line of a
score, each with an example case. The truth of innermost parts is computed in columns and each pattern of
truths is analysed once, so each additional case costs little more than reading it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.assessments.chunks import CHUNK
from engine.coverage.edges import Counted, Edge, edges_of, lines_of
from engine.coverage.possible import Possible
from engine.coverage.shape import Placed, in_order, innermost, marked_by, placed
from engine.meaning.holds import Truth
from engine.meaning.marking import Marked, deciding
from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase, Rule
from engine.model.parts import Always, Part
from facts.case import Case

Pattern = tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The cases in which a part had one truth, and those among them in which it decided.

    The witness is the first case in which it decided; if it never did, the first case.
    """

    cases: int = 0
    decided: int = 0
    witness: str = ""

    def plus(self, cases: int, decided: bool, first: str) -> Tally:
        """The tally with `cases` more cases, the first of which has the id `first`."""
        witness = first if not self.witness or (decided and not self.decided) else self.witness
        return Tally(self.cases + cases, self.decided + (cases if decided else 0), witness)


@dataclass(frozen=True, slots=True)
class EdgeCoverage:
    """An edge of a threshold, with the cases on it in which the part decided."""

    edge: Edge
    tally: Tally

    @property
    def covered(self) -> bool:
        """Whether the part decided there in some case."""
        return self.tally.decided > 0


@dataclass(frozen=True, slots=True)
class LineCoverage:
    """A line of a score, with the cases in which a bound held or failed only because of the line."""

    line: Counted
    counts: Tally
    misses: Tally

    @property
    def covered(self) -> bool:
        """Whether a bound depended on it in every direction that is required."""
        return self.counts.cases > 0 and (self.line.misses is None or self.misses.cases > 0)


@dataclass(frozen=True, slots=True)
class PartCoverage:
    """The coverage of one part of a rule."""

    placed: Placed
    true: Tally
    false: Tally
    unknown: Tally
    edges: tuple[EdgeCoverage, ...] = ()
    impossible: frozenset[bool] = frozenset()
    """The truths with which the part can never decide; no case is required for them."""

    @property
    def covered(self) -> bool:
        """Whether the part decided once as true and once as false, where these are possible."""
        both = ((True, self.true), (False, self.false))
        return all(tally.decided or truth in self.impossible for truth, tally in both)

    @property
    def counts(self) -> bool:
        """Whether it counts towards coverage: it must be covered, and a case can cover it."""
        return self.placed.is_counted and len(self.impossible) < 2


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """The coverage of one rule: all parts, starting with the whole `when`, and the patterns that occurred."""

    rule: Rule
    is_red_flag: bool
    parts: tuple[PartCoverage, ...]
    met: Mapping[Pattern, tuple[int, str]]

    @property
    def fired(self) -> Tally:
        """The cases in which the rule fired."""
        return self.parts[0].true

    @property
    def blocked(self) -> Tally:
        """The cases in which the rule was blocked."""
        return self.parts[0].false

    @property
    def open(self) -> Tally:
        """The cases in which the rule stayed open."""
        return self.parts[0].unknown

    @property
    def is_for_everybody(self) -> bool:
        """Whether `when` is `always`, so that nothing can block the rule."""
        return isinstance(self.rule.when, Always)

    @property
    def covered(self) -> bool:
        """Whether the rule fired, was blocked (if possible), and all its parts are covered."""
        return not self.lacks(True) and not self.lacks(False) and all(each.covered for each in self.counted)

    def lacks(self, truth: bool) -> bool:
        """Whether the rule never fires (`truth`), or is never blocked, although it could be."""
        whole = self.parts[0]
        return not (whole.true if truth else whole.false).cases and truth not in whole.impossible

    @property
    def innermost(self) -> tuple[PartCoverage, ...]:
        """The counted parts: the innermost ones and exact counts. All others are covered when these are."""
        return tuple(part for part in self.parts if part.counts)

    @property
    def counted(self) -> tuple[PartCoverage | EdgeCoverage, ...]:
        """Everything that is counted: the parts, and the edges of their thresholds."""
        return (*self.innermost, *(edge for part in self.innermost for edge in part.edges))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of the rules, and of the lines of the scores that they read."""

    cases: int
    rules: tuple[RuleCoverage, ...]
    lines: tuple[LineCoverage, ...] = ()


def measured(kb: KnowledgeBase, cases: Iterable[Case]) -> Coverage:
    """The coverage of every rule, in the order of the knowledge base."""
    lines = lines_of(kb)
    edges = {id: [edges_of(part, kb) for part in innermost(rule.when)] for id, rule in kb.rules.items()}
    groups = [
        *([*innermost(rule.when), *_there(edges[id])] for id, rule in kb.rules.items()),
        *([line.counts, line.misses or line.counts] for line in lines),
    ]
    met: list[dict[Pattern, tuple[int, str]]] = [{} for _ in groups]
    number = 0
    for rows, found in _chunks(kb, cases, groups):
        number += rows
        for at, pattern, count, first in found:
            before, earliest = met[at].get(pattern, (0, first))
            met[at][pattern] = before + count, earliest
    possible = Possible(kb)
    rules = zip(kb.rules.values(), met, strict=False)
    return Coverage(
        number,
        tuple(_rule(rule, kb, edges[rule.id], patterns, possible) for rule, patterns in rules),
        tuple(_line(*each) for each in zip(lines, met[len(kb.rules) :], strict=True)),
    )


def _there(edges: Iterable[tuple[Edge, ...]]) -> Iterator[Part]:
    yield from (edge.there for those in edges for edge in those)


def _chunks(
    kb: KnowledgeBase, cases: Iterable[Case], groups: Sequence[Sequence[Part]]
) -> Iterator[tuple[int, Iterator[tuple[int, Pattern, int, str]]]]:
    """For each chunk of cases, their number and the patterns of truths in each group of parts."""
    from engine.columns.seen import patterns
    from facts.tables.canonical import frame_of

    prepared, remaining = prepare(kb), iter(cases)
    while chunk := list(islice(remaining, CHUNK)):
        by_group = enumerate(patterns(prepared, frame_of(chunk, kb.questions), groups))
        yield len(chunk), ((at, *each) for at, found in by_group for each in found)


def _rule(
    rule: Rule,
    kb: KnowledgeBase,
    edges: Sequence[tuple[Edge, ...]],
    met: Mapping[Pattern, tuple[int, str]],
    possible: Possible,
) -> RuleCoverage:
    parts = placed(rule.when)
    tallies: list[dict[Truth, Tally]] = [{True: Tally(), False: Tally(), None: Tally()} for _ in parts]
    leaves = [at for at, part in enumerate(parts) if part.is_innermost]
    at_edges = [(leaf, edge) for leaf, those in zip(leaves, edges, strict=True) for edge in those]
    on_edges = [Tally() for _ in at_edges]
    for pattern, (cases, first) in met.items():
        whole = marked_by(rule.when, pattern)
        deciders, each_part = _deciders(whole), list(in_order(whole))
        for tally, each in zip(tallies, each_part, strict=True):
            tally[each.truth] = tally[each.truth].plus(cases, id(each) in deciders, first)
        for number, (leaf, _) in enumerate(at_edges):
            if pattern[len(leaves) + number]:
                decides = id(each_part[leaf]) in deciders
                on_edges[number] = on_edges[number].plus(cases, decides, first)
    known = zip(at_edges, on_edges, strict=True)
    by_leaf: dict[int, list[EdgeCoverage]] = {}
    for (leaf, edge), tally_there in known:
        if tally_there.decided or possible.decides(parts, leaf, edge.truth, edge.there):
            by_leaf.setdefault(leaf, []).append(EdgeCoverage(edge, tally_there))
    covered = []
    for at, (part, tally) in enumerate(zip(parts, tallies, strict=True)):
        never = frozenset(
            truth
            for truth in (True, False)
            if (part.is_counted or not at)
            and not tally[truth].decided
            and not possible.decides(parts, at, truth)
        )
        own = tuple(by_leaf.get(at, ()))
        covered.append(PartCoverage(part, tally[True], tally[False], tally[None], own, never))
    return RuleCoverage(rule, kb.is_red_flag(rule), tuple(covered), met)


def _line(line: Counted, met: Mapping[Pattern, tuple[int, str]]) -> LineCoverage:
    counts, misses = Tally(), Tally()
    for (counted, missed), (cases, first) in met.items():
        counts = counts.plus(cases, True, first) if counted else counts
        misses = misses.plus(cases, True, first) if missed else misses
    return LineCoverage(line, counts, misses)


def _deciders(whole: Marked) -> set[int]:
    """The identities of the deciding parts; while the rule is open, only unknown parts decide."""
    is_open = whole.truth is None
    return {id(each) for each in deciding(whole) if (each.truth is None) == is_open}
