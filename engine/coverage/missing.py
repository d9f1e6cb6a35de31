"""The missing case: what else must hold for a part to decide, and the closest existing case.

In: the coverage of a rule, and one of its parts. Out: words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from engine.coverage.measure import RuleCoverage
from engine.coverage.shape import in_order, marked_by
from engine.meaning.holds import Truth
from engine.meaning.marking import Marked
from engine.model.parts import AnyOf, Count, Not, Part
from engine.words.rule_text import headed, written
from facts.problem import quote

MOST_NAMED = 3
"""Maximum number of parts named in a requirement or a difference."""
MOST_COMPARED = 200
"""Maximum number of patterns of truths searched for the closest one."""
TRUTHS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What must hold beside a part in an enclosing one: `true` siblings are true, the others false."""

    around: int
    beside: tuple[int, ...]
    true: int

    @property
    def truth(self) -> Truth:
        """The truth that all siblings must have; None if some are true and some false."""
        return self.true > 0 if self.true in (0, len(self.beside)) else None


def missing(rule: RuleCoverage, at: int) -> str:
    """The missing case of a part (the true one first), in words; empty if none is missing."""
    part = rule.parts[at]
    if part.covered:
        return ""
    truth, settings = not (part.true.decided or True in part.impossible), list(_settings(rule, at))
    wanted = f"add a case in which this part is {TRUTHS[truth]}{beside(rule, at)}"
    closest = _closest(rule, at, truth, settings)
    return f"{wanted}; {closest}" if closest else wanted


def beside(rule: RuleCoverage, at: int) -> str:
    """What must hold besides a part for it to decide, as the end of a sentence."""
    said = ", ".join(_said(rule, setting) for setting in _settings(rule, at))
    return f", while {said}" if said else ""


def _settings(rule: RuleCoverage, at: int) -> Iterator[Setting]:
    """What must hold beside the part and beside each part that encloses it, outermost first."""
    for around, inside in pairwise((*rule.parts[at].placed.above, at)):
        inner = (i for i, part in enumerate(rule.parts) if part.placed.above[-1:] == (around,))
        beside = tuple(i for i in inner if i != inside)
        if beside:
            yield Setting(around, beside, _true(rule.parts[around].placed.part, len(beside)))


def _true(around: Part, beside: int) -> int:
    """The number of siblings that are true when a part decides."""
    match around:
        case AnyOf():
            return 0
        case Count():
            return around.turns[0]
        case _:
            return beside


def _said(rule: RuleCoverage, setting: Setting) -> str:
    count, around = len(setting.beside), quote(headed(rule.parts[setting.around].placed.part))
    if setting.truth is None:
        return (
            f"exactly {setting.true} of the other {count} parts of the same"
            f" {around} {_are(setting.true)} true"
        )
    if count > MOST_NAMED:
        return f"the other {count} parts of the same {around} are {TRUTHS[setting.truth]}"
    plain = [_plain(rule.parts[each].placed.part, setting.truth) for each in setting.beside]
    named = {truth: [written(part) for part, its in plain if its is truth] for truth in (True, False)}
    return " and ".join(
        f"{' and '.join(map(quote, words))} {_are(len(words))} {TRUTHS[truth]}"
        for truth, words in named.items()
        if words
    )


def _plain(part: Part, truth: Truth) -> tuple[Part, Truth]:
    """A part and its truth, with `not` removed."""
    while isinstance(part, Not):
        part, truth = part.part, None if truth is None else not truth
    return part, truth


def _closest(rule: RuleCoverage, at: int, truth: bool, settings: Sequence[Setting]) -> str:
    """The case with the fewest differences, and what these are."""
    found: list[tuple[list[str], str]] = []
    for pattern, (_, first) in islice(rule.met.items(), MOST_COMPARED):
        parts = list(in_order(marked_by(rule.rule.when, pattern)))
        itself = [] if parts[at].truth is truth else [f"this part is {TRUTHS[parts[at].truth]}"]
        around = [each for setting in settings for each in _differences(rule, parts, setting)]
        found.append((itself + around, first))
    if not found:
        return ""
    differences, case = min(found, key=lambda each: len(each[0]))
    more = len(differences) - MOST_NAMED
    named = [*differences[:MOST_NAMED], *([f"{more} more {_are(more)} different"] if more > 0 else [])]
    return f"the closest case is {quote(case)}, where {' and '.join(named)}"


def _differences(rule: RuleCoverage, parts: Sequence[Marked], setting: Setting) -> Iterator[str]:
    """What must be different in a case beside the part."""
    truths = [parts[each].truth for each in setting.beside]
    if setting.truth is not None:
        for each, truth in zip(setting.beside, truths, strict=True):
            if truth is not setting.truth:
                part, its = _plain(rule.parts[each].placed.part, truth)
                yield f"{quote(written(part))} is {TRUTHS[its]}"
    elif truths.count(True) != setting.true or None in truths:
        around, true = quote(headed(rule.parts[setting.around].placed.part)), truths.count(True)
        unknown = f" and {truths.count(None)} unknown" if None in truths else ""
        yield f"{true or 'none'} of the other parts of the same {around} {_are(true)} true{unknown}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
