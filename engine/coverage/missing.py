"""The case that is missing: what else must be so for a part to decide, and which case comes closest.

In: the coverage of a rule, one of its parts, and the truth with which it never decided. Out: words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.coverage.measure import RuleCoverage
from engine.coverage.shape import in_order, marked_by
from engine.marking import Marked
from engine.meaning import Truth
from engine.part_text import headed, written
from engine.parts import AnyOf, AtLeast, Not
from facts.problem import quote

MOST_NAMED = 3
"""How many parts are named, of those that have to be so or that are not."""
MOST_COMPARED = 1_000
"""Among so many patterns of truths the closest is looked for."""
TRUTHS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What must be so beside a part, in one that it stands in: so many are true, and the others false."""

    around: int
    beside: tuple[int, ...]
    true: int


def missing(rule: RuleCoverage, at: int) -> str:
    """The case that is missing of a part, where it lacks both truths the one for true; else nothing."""
    part = rule.parts[at]
    if part.covered:
        return ""
    truth = not part.true.decided
    return "; ".join(filter(None, (missing_case(rule, at, truth), closest_case(rule, at, truth))))


def missing_case(rule: RuleCoverage, at: int, truth: bool) -> str:
    """What a case is like in which the part decides with this truth."""
    beside = "; ".join(_said(rule, setting) for setting in _settings(rule, at))
    return f"add a case in which it is {TRUTHS[truth]}" + (f", while {beside}" if beside else "")


def closest_case(rule: RuleCoverage, at: int, truth: bool) -> str:
    """The case that comes closest to that, and what is different in it; empty where there are no cases."""
    wanted = list(_settings(rule, at))
    best: tuple[list[str], str] | None = None
    for pattern, (_, first) in islice(rule.met.items(), MOST_COMPARED):
        parts = list(in_order(marked_by(rule.rule.when, pattern)))
        differs = list(_differences(rule, parts, wanted, at, truth))
        if best is None or len(differs) < len(best[0]):
            best = differs, first
    if best is None:
        return ""
    return f"closest is case {quote(best[1])}, where {_listed(best[0])}"


def _settings(rule: RuleCoverage, at: int) -> Iterator[Setting]:
    """What must be so beside the part, and beside each part that it stands in, from the outermost."""
    above = rule.parts[at].placed.above
    for around, inside in zip(above, (*above[1:], at), strict=True):
        own = (*above[: above.index(around)], around)
        beside = [i for i, part in enumerate(rule.parts) if part.placed.above == own and i != inside]
        match rule.parts[around].placed.part:
            case Not():
                continue
            case AnyOf():
                yield Setting(around, tuple(beside), 0)
            case AtLeast(count):
                yield Setting(around, tuple(beside), count - 1)
            case _:
                yield Setting(around, tuple(beside), len(beside))


def _said(rule: RuleCoverage, setting: Setting) -> str:
    count, true = len(setting.beside), setting.true
    around = quote(headed(rule.parts[setting.around].placed.part))
    if 0 < true < count:
        return f"of the other {count} parts of its {around} just {true} are true"
    truth = TRUTHS[true > 0]
    if count > MOST_NAMED:
        return f"the other {count} parts of its {around} are {truth}"
    named = " and ".join(quote(_words(rule, each)) for each in setting.beside)
    return f"{named} {'is' if count == 1 else 'are'} {truth}"


def _differences(
    rule: RuleCoverage, parts: Sequence[Marked], wanted: Sequence[Setting], at: int, truth: bool
) -> Iterator[str]:
    """What in a case is not as it must be."""
    if parts[at].truth is not truth:
        yield f"it is {TRUTHS[parts[at].truth]}"
    for setting in wanted:
        if 0 < setting.true < len(setting.beside):
            found = [parts[each].truth for each in setting.beside]
            if found.count(True) != setting.true or None in found:
                around = quote(headed(rule.parts[setting.around].placed.part))
                yield f"{found.count(True)} of the other parts of its {around} are true"
            continue
        for each in setting.beside:
            if parts[each].truth is not (setting.true > 0):
                yield f"{quote(_words(rule, each))} is {TRUTHS[parts[each].truth]}"


def _words(rule: RuleCoverage, at: int) -> str:
    return written(rule.parts[at].placed.part)


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - MOST_NAMED
    return " and ".join([*texts[:MOST_NAMED], *([f"{more} more are otherwise"] if more > 0 else [])])
