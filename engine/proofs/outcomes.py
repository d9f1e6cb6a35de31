"""What two versions of a knowledge base can differ in: every outcome, and the directions in which it changes.

In: two versions, and the names that mean the same in both. Out: outcomes, each with pairs of parts that
decide it and, for each direction, the ways in which a case shows it. An outcome that only one version has is
false in the other. This module describes what to compare, as parts of the language; `engine.solver.versions`
compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.meaning.definitions import conclusions
from engine.model.knowledge_base import SUPPORT, KnowledgeBase, Triages
from engine.model.names import name_of
from engine.model.parts import Always, AnyOf, Part, Ref
from engine.proofs.blame import NEVER
from engine.proofs.renames import Names
from engine.solver.versions import Moved, Way
from engine.solver.world import Claim, false, true

LESS, MORE = "less urgent", "more urgent"
State = tuple[Claim, ...]
Pair = tuple[Part, Part]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that an assessment can say in either version. `before` and `after` are its names there, empty
    where it does not exist. If `clashing`, cases with contradictory answers count as well.
    """

    kind: str
    before: str
    after: str
    parts: tuple[Pair, ...]
    directions: Mapping[str, Sequence[Way | Moved]]
    clashing: bool = False

    @property
    def name(self) -> str:
        """Its present name, or its old one if it no longer exists."""
        return self.after or self.before

    @property
    def formerly(self) -> str:
        """Its old name if that differs from the present one, else an empty string."""
        return self.before if self.after and self.before != self.after else ""


def outcomes(old: KnowledgeBase, new: KnowledgeBase, names: Names) -> Iterator[Outcome]:
    """Every outcome of both versions, urgency first."""
    listing = _Listing(old, new, names)
    for kind in ("level", "ceiling"):
        yield from listing.levels(kind)
    yield from listing.levels_by_article()
    yield from listing.conditions()
    yield from listing.plain("finding", "finding", ("found", "no longer found"), True)
    yield from listing.advice()
    yield from listing.plain("text", "text", ("shown", "no longer shown"), False)
    yield from listing.plain("disagreement", "disagreement", ("shown", "no longer shown"), False)
    yield from listing.plain("inconsistency", "clash", ("reported", "no longer reported"), False)
    yield from listing.scores()
    yield from listing.classes()
    yield from listing.scope()
    yield from listing.asked()


@dataclass(frozen=True, slots=True)
class _Listing:
    old: KnowledgeBase
    new: KnowledgeBase
    names: Names

    def both(
        self, kind: str, old: Mapping[str, object], new: Mapping[str, object]
    ) -> Iterator[tuple[str, str]]:
        """The names of a kind before and after, in the present order; then those that are gone."""
        former, present = self.names.former[kind], self.names.present[kind]
        yield from ((former.get(name, ""), name) for name in new)
        yield from ((name, "") for name in old if name not in present)

    def levels(self, kind: str) -> Iterator[Outcome]:
        """Whether each level is reached, or can still be."""
        for before, after, one, other in self._each_level(lambda kb, level: Ref(name_of("triage", level))):
            yield _urgency(kind, before, after, one, other)

    def levels_by_article(self) -> Iterator[Outcome]:
        """Whether each level is reached by the rules of one article."""
        for source in (each for each in self.new.sources if each in self.old.sources):
            for before, after, one, other in self._each_level(
                lambda kb, level, source=source: by_article(kb, level, source)
            ):
                for kind in ("level", "ceiling"):
                    yield replace(_urgency(kind, before, after, one, other), kind=f"{kind} by {source}")

    def _each_level(self, part: object) -> Iterator[tuple[str, str, Part, Part]]:
        """Each level from the highest down, with what reaches it. A level that only one version has is
        compared with the next one above it in the other.
        """
        assert callable(part)
        former, present = self.names.former["triage"], self.names.present["triage"]
        old, new = list(self.old.levels), list(self.new.levels)
        for level in reversed(new):
            above = next((each for each in new[new.index(level) :] if each in former), None)
            one = NEVER if above is None else part(self.old, former[above])
            yield former.get(level, ""), level, one, part(self.new, level)
        for level in reversed(old):
            if level not in present:
                above = next((each for each in old[old.index(level) :] if each in present), None)
                other = NEVER if above is None else part(self.new, present[above])
                yield level, "", part(self.old, level), other

    def conditions(self) -> Iterator[Outcome]:
        """How firmly each condition is supported, whether it is ruled out, and what counts against it."""
        for before, after in self.both("condition", self.old.conditions, self.new.conditions):
            pairs = [(_ref("condition", before, grade), _ref("condition", after, grade)) for grade in SUPPORT]
            least, firmer = pairs[0], pairs[1:]
            directions = {
                "gained": [Way((~true(least[0]),), (true(least[1]),))],
                "lost": [Way((true(least[0]),), (~true(least[1]),))],
                "firmer": [Way((true(least[0]), ~true(one)), (true(other),)) for one, other in firmer],
                "weaker": [Way((true(one),), (true(least[1]), ~true(other))) for one, other in firmer],
                "no longer ruled out": [Way((false(one),), (~false(other),)) for one, other in pairs],
                "ruled out": [Way((~false(one),), (false(other),)) for one, other in pairs],
            }
            yield Outcome("condition", before, after, tuple(pairs), directions)
            against = rules_against(self.old, before), rules_against(self.new, after)
            words = {
                "counted against": _gained(true, against),
                "no longer counted against": _lost(true, against),
            }
            yield Outcome("against", before, after, (against,), words)

    def plain(self, kind: str, shown: str, words: tuple[str, str], is_open: bool) -> Iterator[Outcome]:
        """What is simply true or not; if `is_open`, it also matters whether it is ruled out."""
        sections = {"finding": "findings", "text": "texts", "disagreement": "disagreements"}
        section = sections.get(kind, "consistency")
        for before, after in self.both(kind, getattr(self.old, section), getattr(self.new, section)):
            pair = _ref(kind, before), _ref(kind, after)
            directions = {words[0]: _gained(true, pair), words[1]: _lost(true, pair)}
            if is_open:
                directions |= {"no longer ruled out": _lost(false, pair), "ruled out": _gained(false, pair)}
            yield Outcome(shown, before, after, (pair,), directions, kind == "inconsistency")

    def advice(self) -> Iterator[Outcome]:
        """Whether each item is given, given unless something holds it, held, or waits."""
        for before, after in self.both("advice", self.old.advice, self.new.advice):
            gives = _ref("give", before), _ref("give", after)
            holds = _ref("hold", before), _ref("hold", after)
            directions: dict[str, list[Way]] = {}
            for word, was, now in zip(
                STATES, _states(gives[0], holds[0]), _states(gives[1], holds[1]), strict=True
            ):
                directions[word] = [Way((~each,), now) for each in was]
                directions[f"no longer {word}"] = [Way(was, (~each,)) for each in now]
            yield Outcome("advice", before, after, (gives, holds), directions)

    def scores(self) -> Iterator[Outcome]:
        """The value of each score that both versions have."""
        for before, after in self.names.present["score"].items():
            directions = {"higher": [Moved(before, after, True)], "lower": [Moved(before, after, False)]}
            yield Outcome("score", before, after, (), directions)

    def classes(self) -> Iterator[Outcome]:
        """Each class of a score or number that has classes in both versions."""
        present = {**self.names.present["question"], **self.names.present["score"]}
        for before, after in present.items():
            if before not in self.old.classes or after not in self.new.classes:
                continue
            old, new = ([each.name for each in kb.classes[of].classes] for kb, of in self._of(before, after))
            for name in dict.fromkeys([*new, *old]):
                pair = (
                    Ref(name_of("class", before, name)) if name in old else NEVER,
                    Ref(name_of("class", after, name)) if name in new else NEVER,
                )
                directions = {"reached": _gained(true, pair), "no longer reached": _lost(true, pair)}
                was, now = f"{before}:{name}" * (name in old), f"{after}:{name}" * (name in new)
                yield Outcome("class", was, now, (pair,), directions)

    def _of(self, before: str, after: str) -> tuple[tuple[KnowledgeBase, str], tuple[KnowledgeBase, str]]:
        return (self.old, before), (self.new, after)

    def scope(self) -> Iterator[Outcome]:
        """Whom the knowledge base is about."""
        if self.old.scope or self.new.scope:
            pair = _scope(self.old), _scope(self.new)
            directions = {
                "about more people": [*_gained(true, pair), *_lost(false, pair)],
                "about fewer people": [*_lost(true, pair), *_gained(false, pair)],
            }
            yield Outcome("scope", "scope", "scope", (pair,), directions)

    def asked(self) -> Iterator[Outcome]:
        """Whether each question that both versions have applies."""
        for before, after in self.names.present["question"].items():
            pair = _asked(self.old, before), _asked(self.new, after)
            directions = {"asked": _lost(false, pair), "no longer asked": _gained(false, pair)}
            yield Outcome("question", before, after, (pair,), directions)


STATES = ("given", "given unless held", "held", "pending")


def _states(give: Part, hold: Part) -> tuple[State, ...]:
    """What is so of an item in each of these states."""
    return (
        (true(give), false(hold)),
        (true(give), ~true(hold), ~false(hold)),
        (~false(give), true(hold)),
        (~false(give), ~true(give), ~true(hold)),
    )


def _urgency(kind: str, before: str, after: str, one: Part, other: Part) -> Outcome:
    if kind == "level":
        ways = {LESS: [Way((true(one),), (~true(other),))], MORE: [Way((~true(one),), (true(other),))]}
    else:
        ways = {
            "no longer possible": [Way((~false(one),), (false(other),))],
            "possible": [Way((false(one),), (~false(other),))],
        }
    if not (before and after):
        at = 0 if before else 1
        ways = dict([list(ways.items())[at]])
    return Outcome(kind, before, after, ((one, other),), ways, True)


def _gained(claim: object, pair: Pair) -> list[Way]:
    assert callable(claim)
    return [Way((~claim(pair[0]),), (claim(pair[1]),))]


def _lost(claim: object, pair: Pair) -> list[Way]:
    assert callable(claim)
    return [Way((claim(pair[0]),), (~claim(pair[1]),))]


def _ref(kind: str, name: str, grade: str = "") -> Part:
    return Ref(name_of(kind, name, grade)) if name else NEVER


def by_article(kb: KnowledgeBase, level: str, source: str) -> Part:
    """The part that is true if a rule of this article gives this level or a higher one."""
    levels = list(kb.levels)
    above = levels[levels.index(level) :]
    ids = [
        rule.id
        for rule in kb.rules.values()
        if any(kb.source_of(claim) == source for claim in rule.claims)
        and any(isinstance(each, Triages) and each.level in above for each in rule.then)
    ]
    return AnyOf(tuple(Ref(name_of("rule", id)) for id in ids))


def rules_against(kb: KnowledgeBase, condition: str) -> Part:
    """The part that is true if a rule counts against the condition."""
    ids = conclusions(kb)[name_of("condition", condition, "against")] if condition else []
    return AnyOf(tuple(Ref(name_of("rule", id)) for id in ids))


def _scope(kb: KnowledgeBase) -> Part:
    return Ref("scope") if kb.scope else Always()


def _asked(kb: KnowledgeBase, question: str) -> Part:
    return Ref(name_of("asked", question)) if question in kb.asked_when else Always()
