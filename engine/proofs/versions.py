"""Two versions of a knowledge base, compared for every possible case.

In: both versions, and the rules that may make somebody less urgent. Out: for each outcome and direction a
proof that nothing changes, or a smallest case in which it does, with what both versions say and the rules
responsible. Every such case is replayed on experta for both versions before anybody sees it.

Contradictory answers count for urgency, since they are assessed as well. Other outcomes are compared for
answers that do not contradict each other; where only contradictory answers show a change, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from engine.collector import paused
from engine.experta_target import Engine
from engine.meaning.holds import total
from engine.meaning.valuation import Valuation, prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of, parsed
from engine.proofs.blame import Blamed, Blaming, Leading
from engine.proofs.outcomes import LESS, Outcome, outcomes
from engine.proofs.proving import Unconfirmed, truth_of
from engine.proofs.renames import Names, named_alike, named_identically, undeclared
from engine.proofs.result import Answers
from engine.proofs.stated import stated
from engine.solver import Undecided
from engine.solver.versions import Moved, Versions, Way
from engine.solver.world import Claim
from facts.other_names.versions import Joined, Renames, answers_of, joined

Status = Literal["same", "changed", "undecided"]


@dataclass(frozen=True, slots=True)
class Example:
    """A case in which two versions differ.

    `answers` has the answers of the joint questionnaire, `before` and `after` those that each version knows;
    `was` and `now` say what the outcome is there.
    """

    answers: Answers
    before: Answers
    after: Answers
    was: str
    now: str
    rules: Blamed


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether an outcome changes in a direction. `name` is its present name, `formerly` the old one if that
    differs. `only_clashing`: only contradictory answers show the change. `allowed`: every case of it is due
    to rules that may make somebody less urgent.
    """

    kind: str
    name: str
    formerly: str
    direction: str
    status: Status
    example: Example | None = None
    only_clashing: bool = False
    allowed: bool = False

    @property
    def is_fall(self) -> bool:
        """Whether this makes somebody less urgent without being allowed."""
        return (
            self.kind == "level" and self.direction == LESS and self.status == "changed" and not self.allowed
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """A case that experta has assessed by both versions.

    If `honest`, every follow-up question that has an answer was asked.
    """

    answers: Answers
    before: Answers
    after: Answers
    was: Valuation
    now: Valuation
    clashing: bool
    honest: bool


@dataclass(eq=False)
class Comparing:
    """Two versions to compare, and the deadline on the monotonic clock."""

    old: KnowledgeBase
    new: KnowledgeBase
    until: float = float("inf")
    allowed: frozenset[str] = frozenset()
    replayed: list[Replayed] = field(default_factory=list)
    renames: Renames = field(init=False)
    joined: Joined = field(init=False)

    def __post_init__(self) -> None:
        self.renames = undeclared(self.old.questions, self.new.questions)
        self.joined = joined(self.old.questions, self.new.questions, self.renames)

    @property
    def is_one(self) -> bool:
        """Whether both versions are the same files."""
        return self.old.sha256 == self.new.sha256

    @cached_property
    def versions(self) -> Versions:
        """All possible cases of both."""
        return Versions(self.old, self.new, self.joined, self.until)

    @cached_property
    def names(self) -> Names:
        """The names that mean the same in both. Raises `Undecided`."""
        present = named_identically(self.old) if self.is_one else named_alike(self.versions).present
        return Names({**present, "question": dict(_shared(self.joined, self.old, self.new))})

    @cached_property
    def blaming(self) -> Blaming:
        """Finds the rules responsible for a change."""
        worlds = (self.versions.before, self.versions.after)
        first, second = (Leading(world.kb, world.named) for world in worlds)
        return Blaming(first, second, self.names)

    @cached_property
    def engines(self) -> tuple[Engine, Engine]:
        """The engines on which examples are replayed, before and after."""
        worlds = (self.versions.before, self.versions.after)
        first, second = (Engine(replace(prepare(each.kb), definitions=each.named)) for each in worlds)
        return first, second

    def compared(self) -> list[Compared]:
        """The result for every outcome in every direction; undecided where time ran out."""
        with paused():
            return list(self._compared())

    def _compared(self) -> Iterator[Compared]:
        try:
            names = self.names
        except Undecided:
            yield Compared("names", "", "", "changed", "undecided")
            return
        for outcome in outcomes(self.old, self.new, names):
            is_same = self._is_same(outcome)
            for direction, ways in outcome.directions.items():
                found = Compared(outcome.kind, outcome.name, outcome.formerly, direction, "same")
                try:
                    yield found if is_same else self._settled(found, outcome, ways)
                except Undecided:
                    yield replace(found, status="undecided")

    def _is_same(self, outcome: Outcome) -> bool:
        """Whether the formulas show at once that nothing changes."""
        if self.is_one:
            return True
        if outcome.kind == "score":
            return self.versions.are_same_scores(outcome.before, outcome.after)
        return all(self.versions.is_same(*pair) for pair in outcome.parts)

    def _settled(self, found: Compared, outcome: Outcome, ways: Sequence[Way | Moved]) -> Compared:
        shown = self._shown(ways, outcome.clashing)
        only_clashing = shown is None and not outcome.clashing
        if only_clashing:
            shown = self._shown(ways, clashing=True)
        if shown is None:
            return found
        allowed = False
        if outcome.kind == "level" and found.direction == LESS and self.allowed:
            ((one, other),) = outcome.parts
            others = list(self.blaming.unless(one, other, self.allowed))
            worse = self._shown(others, clashing=True) if others else None
            allowed, shown = (True, shown) if worse is None else (False, worse)
        example = self._example(shown, outcome)
        return replace(found, status="changed", example=example, only_clashing=only_clashing, allowed=allowed)

    def _shown(self, ways: Sequence[Way | Moved], clashing: bool) -> Replayed | None:
        """A smallest case in which the versions differ in one of these ways: one that was found before, if it
        is a smallest one here too, so that few cases show many changes.
        """
        known = [each for each in self.replayed if each.honest]
        for each in sorted(known, key=lambda case: len(case.answers)):
            if (clashing or not each.clashing) and any(shows(way, each.was, each.now) for way in ways):
                fewer = len(each.answers) - 1
                if fewer >= 0 and self.versions.is_possible(ways, clashing, fewer):
                    break
                return each
        answers = self.versions.find(ways, clashing)
        return None if answers is None else self._replay(answers, ways, clashing)

    def _replay(self, answers: Answers, ways: Sequence[Way | Moved], clashing: bool) -> Replayed:
        """A case on experta. Raises `Unconfirmed` if it does not differ there in one of the ways."""
        asked = self.joined.questions
        before = answers_of(self.joined.before, self.old.questions, answers, asked)
        after = answers_of(self.joined.after, self.new.questions, answers, asked)
        was, now = self.engines[0].fire(before), self.engines[1].fire(after)
        if not any(shows(way, was, now) for way in ways):
            raise Unconfirmed(f"the versions do not differ for {dict(answers)} in any of {ways}")
        clashes = clashing and (_contradicts(was) or _contradicts(now))
        honest = _is_honest(was) and _is_honest(now)
        found = Replayed(answers, before, after, was, now, clashing=clashes, honest=honest)
        self.replayed.append(found)
        return found

    def _example(self, case: Replayed, outcome: Outcome) -> Example:
        """What both versions say of an outcome, and why."""
        told = stated(outcome, outcome.before, case.was), stated(outcome, outcome.after, case.now)
        rules = self.blaming.of(outcome.parts, case.was, case.now, is_open=told[0] == told[1])
        if not (rules.before or rules.after):
            rules = self.blaming.of(outcome.parts, case.was, case.now, is_open=True)
        return Example(case.answers, case.before, case.after, *told, rules)


def shows(way: Way | Moved, was: Valuation, now: Valuation) -> bool:
    """Whether a case differs in this way."""
    if isinstance(way, Moved):
        ends = zip(total(was.score(way.before), was), total(now.score(way.after), now), strict=True)
        return any(after > before if way.up else after < before for before, after in ends)
    claims: list[tuple[Claim, Valuation]] = [(each, was) for each in way.before]
    claims += [(each, now) for each in way.after]
    if any((truth_of(one, was) is True) is not (truth_of(other, now) is True) for one, other in way.alike):
        return False
    return all((truth_of(claim.part, case) is claim.truth) is claim.holds for claim, case in claims)


def _is_honest(case: Valuation) -> bool:
    """Whether whoever answered a follow-up question was asked it."""
    asked = case.prepared.kb.asked_when
    return all(case.value(name_of("asked", each)) for each in asked if case.is_answered(each))


def _contradicts(case: Valuation) -> bool:
    """Whether answers contradict each other."""
    for name in case.prepared.clashing:
        kind, called, _ = parsed(name)
        truth = case.value(name)
        if truth if kind == "inconsistency" else truth is False and case.is_answered(called):
            return True
    return False


def _shared(joint: Joined, old: KnowledgeBase, new: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """The questions that both versions have as a whole, by their old and present names."""
    for name, read in joint.before.items():
        targets = {question for slots in read.values() for question, _ in slots}
        (target, *others) = targets or {""}
        if (
            not others
            and target in new.questions
            and type(old.questions[name].kind) is type(new.questions[target].kind)
        ):
            yield name, target
