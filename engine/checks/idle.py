"""Parts that never matter: a bound that every number meets, an exception that the other parts already rule
out.

They are found from necessary answers (`engine.checks.boxes`), so a finding holds for every case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from engine.checks.boxes import Answers, Box, Lookup, sides, some
from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.domains import in_enough
from engine.meaning.definitions import parts_of
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of
from engine.model.parts import All, Answered, AnyOf, Bound, ChosenBound, Count, Not, Part, Scored
from engine.model.scores import Points
from engine.words.rule_text import written
from facts.problem import quote

HEADS = ("rule", "asked", "inconsistency", "disagreement", "scope")


def bound_always_kept(examined: Examined) -> Problems:
    """Bounds that every number meets, or none; a whole `when` of this kind is reported by another check."""
    found = examined.boxes
    for name, whole in _wholes(examined):
        known = found.get(name)
        if known is not None and None in (known.true, known.false):
            continue
        bounds = [part for part in parts_of(whole) if _is_bound(part, examined.kb)]
        written_as = Counter(part.span for part in bounds)
        for part in bounds:
            both = sides(part, examined.answers, found.__getitem__)
            is_half = written_as[part.span] > 1  # of `equals`, which is both bounds
            if both.true is None or (both.false is None and not is_half):
                kept = "no answer satisfies" if both.true is None else "every answer satisfies"
                message = f"{kept} the bound {quote(written(part))}, so it has no effect"
                help = "remove the bound, or write the one that was meant"
                yield finding("bound-always-kept", message, part.span, help)


def _is_bound(part: Part, kb: KnowledgeBase) -> TypeGuard[Answered | Scored]:
    """Whether a part is only a bound. One on a question that may not apply also implies that it applies."""
    if isinstance(part, Answered):
        return isinstance(part.test, Bound | ChosenBound) and part.question not in kb.asked_when
    return isinstance(part, Scored)


def exception_never_matters(examined: Examined) -> Problems:
    """Exceptions (`unless` or `not`) that cannot be true when the other parts are."""
    for name, whole in _wholes(examined):
        known = examined.boxes.get(name)
        has_exceptions = any(isinstance(part, Not) for part in parts_of(whole))
        if has_exceptions and (known is None or known.true is not None):
            for part in _idle(whole, (), examined.answers, examined.boxes.__getitem__):
                message = (
                    f"the exception {quote(written(part.part))} never matters:"
                    " the rest of the rule excludes it"
                )
                help = "remove the exception, or write the one that was meant"
                yield finding("exception-never-matters", message, part.span, help)


def _idle(part: Part, around: Sequence[Box | None], answers: Answers, of: Lookup) -> Iterator[Not]:
    """The exceptions in a part that cannot be true inside all the boxes around it."""
    match part:
        case All(parts):
            beside = (sides(each, answers, of).true for each in parts if not isinstance(each, Not))
            within = (*around, *beside)
            for each in parts:
                yield from _idle(each, within, answers, of)
        case AnyOf(parts) | Count(parts=parts):
            for each in parts:
                yield from _idle(each, around, answers, of)
        case Not(inner):
            if _is_ruled_out(sides(inner, answers, of).true, around):
                yield part
        case _:
            pass


def _is_ruled_out(box: Box | None, around: Sequence[Box | None]) -> bool:
    """Whether a box and those around it have no common case, although neither side is empty."""
    for question, domain in (box or {}).items():
        within = [each[question] for each in around if each and question in each]
        if within and in_enough(1 + len(within), [*within, domain]) is None:
            return some(len(around), around) is not None
    return False


def _wholes(examined: Examined) -> Iterator[tuple[str, Part]]:
    """Every `when` with its name; the part of a score line has an empty name."""
    for name, part in examined.definitions.items():
        if kind_of(name) in HEADS:
            yield name, part
    for score in examined.kb.scores.values():
        yield from (("", line.when) for line in score.lines if isinstance(line, Points))


CHECKS = (
    Check("bound-always-kept", bound_always_kept),
    Check("exception-never-matters", exception_never_matters),
)
