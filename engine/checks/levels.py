"""Who gets no level: somebody with a serious condition, or with a number between two thresholds.

A finding is a question to the author: a level may follow in a way that the check cannot see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice, pairwise

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.domains import Interval, passing, shared
from engine.checks.siblings import implies
from engine.checks.written import names_read
from engine.meaning.definitions import keys_of, reads
from engine.model.knowledge_base import SUPPORT, Conclusion, KnowledgeBase, Rule, Suspects, Triages
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import All, Answered, AnyOf, Bound, Count, Part, Ref
from facts.problem import Problem, quote
from facts.vocabulary import Number

MOST_COMPARED = 100
"""Maximum number of triage rules that a part is compared with."""
Ranges = tuple[Interval, ...]
Piece = tuple[Interval, int, Rule]
"""A range of numbers, the position of the level among all levels, and the rule that gives it."""


def serious_without_level(examined: Examined) -> Problems:
    """Rules that suspect a serious condition although no level follows from it or from their `when`."""
    kb = examined.kb
    serious = [(rule, each) for rule in kb.rules.values() for each in rule.then if _is_serious(each, kb)]
    leading = _leading(examined) if serious and kb.levels else {}
    for rule, each in serious if kb.levels else ():
        given = SUPPORT[: SUPPORT.index(each.support) + 1] if isinstance(each, Suspects) else ()
        name = each.condition if isinstance(each, Suspects) else ""
        names = (name_of("rule", rule.id), *(name_of("condition", name, grade) for grade in given))
        if not any(leading.get(one) for one in names):
            message = (
                f"rule {quote(rule.id)} suspects the serious condition {quote(name)}, but no level follows"
            )
            help = f"write a triage rule that reads `condition: {name}`, or make this rule conclude a level"
            yield finding("serious-without-level", message, rule.span, help)


def _is_serious(conclusion: Conclusion, kb: KnowledgeBase) -> bool:
    """Whether a conclusion suspects a serious condition, beyond listing it."""
    is_suspected = isinstance(conclusion, Suspects) and conclusion.support != "background"
    return is_suspected and isinstance(conclusion, Suspects) and kb.conditions[conclusion.condition].serious


def _leading(examined: Examined) -> Mapping[str, bool]:
    """For each name, whether a level follows when it is true or a triage rule reads it."""
    kb, found = examined.kb, dict[str, bool]()
    triage = [rule for rule in kb.rules.values() if any(isinstance(each, Triages) for each in rule.then)]
    by_topic: dict[str, list[Rule]] = {}
    for rule in triage:
        for topic in set(names_read(rule.when)):
            by_topic.setdefault(topic, []).append(rule)
    read, waiting = set[str](), [name_of("rule", rule.id) for rule in triage]
    while waiting:
        name = waiting.pop()
        if name not in read:
            read.add(name)
            waiting += [ref.name for ref in reads(examined.definitions[name], kb)]

    def leads(part: Part) -> bool:
        match part:
            case Ref(name):
                return found.get(name, False)
            case All(parts) if any(map(leads, parts)):
                return True
            case AnyOf(parts):
                return bool(parts) and all(map(leads, parts))
            case Count(least, _, parts):
                return sum(map(leads, parts)) > len(parts) - least
            case _:
                near = (rule for topic in sorted(set(names_read(part))) for rule in by_topic.get(topic, ()))
                return any(implies(part, rule.when, kb) for rule in islice(near, MOST_COMPARED))

    for name in examined.order:
        found[name] = name in read or leads(examined.definitions[name])
        kind, id, _ = parsed(name)
        if kind == "rule" and not found[name]:
            found[name] = any(key in read for each in kb.rules[id].then for key in keys_of(each))
    return found


def gap_between_levels(examined: Examined) -> Problems:
    """Ranges of numbers without a level between two ranges that have one."""
    kb, known = examined.kb, dict[str, tuple[str, Ranges] | None]()
    by_question: dict[str, list[Piece]] = {}
    levels = {level: at for at, level in enumerate(kb.levels)}
    for rule in kb.rules.values():
        own = [levels[each.level] for each in rule.then if isinstance(each, Triages)]
        ranges = _ranges(rule.when, examined, known) if own else None
        for each in ranges[1] if ranges else ():
            by_question.setdefault(ranges[0] if ranges else "", []).append((each, max(own), rule))
    for question, pieces in by_question.items():
        pieces.sort(key=lambda each: (each[0].low, each[0].high))
        if _is_scale([level for _, level, _ in pieces]):
            yield from _gaps(question, pieces, examined)


def _is_scale(levels: Sequence[int]) -> bool:
    """Whether levels rise or fall throughout, and include the lowest or at least three different ones."""
    rising = list(levels) in (sorted(levels), sorted(levels, reverse=True))
    return rising and len(set(levels)) > 1 and (0 in levels or len(set(levels)) > 2)


def _gaps(
    question: str, pieces: Sequence[tuple[Interval, int, Rule]], examined: Examined
) -> Iterator[Problem]:
    """Gaps between two rules about a question, if no other triage rule reads the question there."""
    kind = examined.kb.questions[question].kind
    decimals = kind.decimals if isinstance(kind, Number) else 0
    high = pieces[0][0].high
    for (_, _, before), (each, _, after) in pairwise(pieces):
        gap = Interval(high + 1, each.low - 1)
        high = max(high, each.high)
        if gap.low <= gap.high and not _is_read_within(question, gap, examined):
            ends = [f"{Decimal(end).scaleb(-decimals):f}" for end in (gap.low, gap.high)]
            numbers = f"from {ends[0]} to {ends[1]}" if gap.low < gap.high else f"of {ends[0]}"
            rules = f"{quote(before.id)} and {quote(after.id)}"
            message = f"{quote(question)} {numbers} has no level: it lies between rules {rules}"
            help = "move the bound of one rule up to the other, or write a rule for the numbers between them"
            yield finding("gap-between-levels", message, after.span, help, before.span)


def _is_read_within(question: str, gap: Interval, examined: Examined) -> bool:
    """Whether some triage rule can fire inside the gap, judged by its necessary answers."""
    for rule in examined.kb.rules.values():
        if any(isinstance(each, Triages) for each in rule.then):
            domain = (examined.boxes[name_of("rule", rule.id)].true or {}).get(question)
            if domain is not None and shared(domain, gap) is not None:
                return True
    return False


def _ranges(
    part: Part, examined: Examined, known: dict[str, tuple[str, Ranges] | None]
) -> tuple[str, Ranges] | None:
    """The only question on which a part depends, a number, and the ranges in which it is true; or None."""
    match part:
        case Answered(question, Bound() as test):
            domain = passing(test, examined.kb.questions[question].kind)
            return question, (domain,) if isinstance(domain, Interval) else ()
        case All(parts) | AnyOf(parts) if parts:
            inner = [_ranges(each, examined, known) for each in parts]
            return _joined([each for each in inner if each], isinstance(part, All)) if all(inner) else None
        case Ref(name) if kind_of(name) in ("finding", "rule"):
            if name not in known:
                known[name] = _ranges(examined.definitions[name], examined, known)
            return known[name]
        case _:
            return None


def _joined(inner: Sequence[tuple[str, Ranges]], is_all: bool) -> tuple[str, Ranges] | None:
    """The intersection (`is_all`) or union of ranges, or None if they are about different questions."""
    question, ranges = inner[0]
    if any(other != question for other, _ in inner):
        return None
    for _, others in inner[1:]:
        pairs = (shared(one, other) for one in ranges for other in others)
        ranges = tuple(each for each in pairs if isinstance(each, Interval)) if is_all else ranges + others
    return question, ranges


CHECKS = (
    Check("serious-without-level", serious_without_level),
    Check("gap-between-levels", gap_between_levels),
)
