"""Rules made redundant by another rule that concludes at least as much from less, citing the same claims.

Rules are compared part by part, each part of the looser `when` with one of the stricter; redundancy that this
does not reveal is not reported. A rule is compared only with rules that share a conclusion and a name or
option, and with at most `MOST` of these, so the work is linear in the knowledge base.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.domains import passing, shared
from engine.checks.written import names_read
from engine.meaning.definitions import keys_of, parts_of
from engine.model.knowledge_base import SUPPORT, CountsAgainst, KnowledgeBase, Rule, Suspects, Triages
from engine.model.names import name_of, parsed
from engine.model.parts import All, Always, Answered, AnyOf, OneOf, Part
from facts.problem import quote

MOST = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule as its conclusions and the parts that must all hold; `at` is its index among the rules."""

    rule: Rule
    parts: tuple[Part, ...]
    conclusions: frozenset[str]
    at: int


def subsumed(examined: Examined) -> Problems:
    """Rules that never add anything to another rule."""
    kb = examined.kb
    readings = [_reading(rule, at, kb) for at, rule in enumerate(kb.rules.values())]
    shelf = _shelved(readings)
    for each in readings:
        near = islice(_near(each, shelf), MOST)
        looser = next((other for other in near if _makes_superfluous(other, each, kb)), None)
        if looser is not None:
            message = (
                f"whenever rule {quote(each.rule.id)} fires, rule {quote(looser.rule.id)}"
                " concludes at least as much"
            )
            help = "remove the rule, or make it conclude more or need less"
            yield finding("subsumed", message, each.rule.span, help, looser.rule.span)


def _reading(rule: Rule, at: int, kb: KnowledgeBase) -> Reading:
    parts = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
    concluded = frozenset(key for each in rule.then for key in keys_of(each))
    return Reading(rule, tuple(_flat(parts)), concluded, at)


def _flat(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, All):
            yield from _flat(part.parts)
        elif not isinstance(part, Always):
            yield part


def _topics(part: Part) -> set[str]:
    """Topics of a part; every part that implies it has at least one of them."""
    if isinstance(part, Answered) and isinstance(part.test, OneOf):
        return {name_of("question", part.question, option) for option in part.test.options}
    return set(names_read(part))


def _shelved(readings: Sequence[Reading]) -> Mapping[tuple[str, str], list[Reading]]:
    """The readings, grouped by what they conclude and by the topics of the part that occurs least often."""
    times: dict[str, int] = defaultdict(int)
    for each in readings:
        for part in each.parts:
            for topic in _topics(part):
                times[topic] += 1
    shelf: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for each in readings:
        topics = [_topics(part) for part in each.parts]
        rarest = min(topics, key=lambda some: sum(times[topic] for topic in some), default={""})
        for topic in rarest or {""}:
            for key in {_subject(key) for key in each.conclusions}:
                shelf[key, topic].append(each)
    return shelf


def _subject(key: str) -> str:
    """The subject of a conclusion, for comparison: a condition with any support, or all levels."""
    kind, about, _ = parsed(key)
    return kind if kind == "triage" else name_of(kind, about)


def _near(each: Reading, shelf: Mapping[tuple[str, str], list[Reading]]) -> Iterator[Reading]:
    """The readings that might make this one redundant."""
    inner = [part for whole in each.parts for part in parts_of(whole)]
    topics = {"", *(topic for part in inner for topic in (*_topics(part), *names_read(part)))}
    key = min((_subject(key) for key in each.conclusions), default="")
    for topic in sorted(topics):
        for other in shelf.get((key, topic), ()):
            if other.rule.id != each.rule.id:
                yield other


def _makes_superfluous(looser: Reading, each: Reading, kb: KnowledgeBase) -> bool:
    """Whether `each` adds nothing to `looser`; if that holds both ways, the earlier rule is kept."""
    return _adds_nothing(each, looser, kb) and (each.at > looser.at or not _adds_nothing(looser, each, kb))


def _adds_nothing(each: Reading, other: Reading, kb: KnowledgeBase) -> bool:
    return (
        set(each.rule.claims) <= set(other.rule.claims)
        and not any(isinstance(conclusion, CountsAgainst) for conclusion in each.rule.then)
        and all(_concluded(conclusion, other, kb) for conclusion in each.conclusions)
        and all(any(implies(mine, part, kb) for mine in each.parts) for part in other.parts)
    )


def _concluded(key: str, other: Reading, kb: KnowledgeBase) -> bool:
    """Whether the other rule concludes the same or something stronger."""
    kind, name, support = parsed(key)
    if kind == "triage":
        levels = list(kb.levels)
        return any(
            isinstance(each, Triages) and levels.index(each.level) >= levels.index(name)
            for each in other.rule.then
        )
    if kind == "condition" and support in SUPPORT:
        return any(
            isinstance(each, Suspects)
            and each.condition == name
            and SUPPORT.index(each.support) >= SUPPORT.index(support)
            for each in other.rule.then
        )
    return key in other.conclusions


def implies(strict: Part, loose: Part, kb: KnowledgeBase) -> bool:
    """Whether the strict part provably implies the loose one; False if this cannot be shown."""
    if strict == loose:
        return True
    if isinstance(strict, AnyOf):
        return all(implies(each, loose, kb) for each in strict.parts)
    if isinstance(loose, AnyOf):
        return any(implies(strict, each, kb) for each in loose.parts)
    if isinstance(loose, All):
        return all(implies(strict, each, kb) for each in loose.parts)
    if isinstance(strict, All):
        return any(implies(each, loose, kb) for each in strict.parts)
    return isinstance(strict, Answered) and isinstance(loose, Answered) and _narrower(strict, loose, kb)


def _narrower(strict: Answered, loose: Answered, kb: KnowledgeBase) -> bool:
    if strict.question != loose.question:
        return False
    kind = kb.questions[strict.question].kind
    if isinstance(strict.test, OneOf) and isinstance(loose.test, OneOf):
        return set(strict.test.options) <= set(loose.test.options)
    inner, outer = passing(strict.test, kind), passing(loose.test, kind)
    return inner is not None and outer is not None and shared(inner, outer) == inner


CHECKS = (Check("subsumed", subsumed),)
