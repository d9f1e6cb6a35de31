"""Edges of thresholds and lines of scores: what cases must show besides the truth of each part.

In: parts and scores of a knowledge base. Out: parts that hold exactly in the cases on an edge, or in which a
line of a score decides, so that columns evaluate them like any other part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from engine.loading.numbers import plain
from engine.meaning.definitions import parts_of
from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import All, Always, Answered, AnyOf, Bound, ChosenBound, Not, OneOf, Part, Scored
from engine.model.scores import TICKS, Bands, Line, Points, PointsByOption, Score, Times
from engine.words.rule_text import written
from facts.problem import Span, quote
from facts.vocabulary import Number

MOST_SUMS = 4_096
"""Maximum number of sums computed for a score; for larger scores no edges are required."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The last value on one side of a threshold: the truth of the part there, and a part that matches it."""

    truth: bool
    value: str
    there: Part


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of a score, or one of its options or bands, and the cases in which a bound depends on it.

    `counts` matches cases in which it counts, `misses` cases in which it does not; None if not required.
    """

    score: Score
    at: int
    said: str
    span: Span
    counts: Part
    misses: Part | None = None


def edges_of(part: Part, kb: KnowledgeBase) -> tuple[Edge, ...]:
    """The edges of a bound that can occur, at most two; none for any other part."""
    match part:
        case Answered(name, Bound() as bound):
            kind = kb.questions[name].kind
            assert isinstance(kind, Number)
            step, ends = Decimal(1).scaleb(-kind.decimals), (kind.minimum, kind.maximum)
            low, high = (Decimal(str(end)) for end in ends)
            return _edges(
                bound, _near(bound, step, low, high), lambda each: Answered(name, each), f"{name}: {{}}"
            )
        case Answered(name, ChosenBound(bound, options)):
            near = _near(bound, Decimal(1), Decimal(0), Decimal(len(options)))
            return _edges(
                bound, near, lambda each: Answered(name, ChosenBound(each, options)), f"{name}: {{}} chosen"
            )
        case Scored(name, bound):
            sums = [Decimal(each) for each in sums_of(kb.scores[name].lines) or ()]
            return _edges(bound, sums, lambda each: Scored(name, each), f"score {name}: {{}}", TICKS)
        case _:
            return ()


def _near(bound: Bound, step: Decimal, low: Decimal, high: Decimal) -> list[Decimal]:
    """The possible answers next to a threshold."""
    at = (Decimal(str(bound.threshold)) / step).to_integral_value(ROUND_FLOOR)
    return [each * step for each in (at - 1, at, at + 1) if low <= each * step <= high]


def _edges(
    bound: Bound, values: Sequence[Decimal], of: Callable[[Bound], Part], form: str, unit: int = 1
) -> tuple[Edge, ...]:
    """The values next to the threshold on both sides, written in multiples of `unit`."""
    threshold = Decimal(str(bound.threshold))
    keeps = bound.how.keeps
    kept = [each for each in values if keeps(each, threshold)]
    left = [each for each in values if not keeps(each, threshold)]
    nearest = (min, max) if bound.how.is_lower else (max, min)
    found = []
    for truth, side, choose in ((True, kept, nearest[0]), (False, left, nearest[1])):
        if side and kept and left:
            value = choose(side)
            there = All(tuple(of(Bound(word, plain(value))) for word in ("at_least", "at_most")))
            found.append(Edge(truth, form.format(f"{(value / unit).normalize():f}"), there))
    return tuple(found)


def sums_of(lines: Iterable[Line]) -> set[int] | None:
    """All possible sums of the lines in ticks; None if there are too many to compute."""
    found = {0}
    for line in lines:
        match line:
            case Points(ticks, when):
                values = {ticks} if isinstance(when, Always) else {0, ticks}
            case PointsByOption(_, by_option, options):
                values = {0, *(by_option.get(option, 0) for option in options)}
            case Bands(_, bands):
                values = {0, *(ticks for _, ticks in bands)}
            case Times():
                return None
        found = {one + other for one in found for other in values}
        if len(found) > MOST_SUMS:
            return None
    return found


def lines_of(kb: KnowledgeBase) -> list[Counted]:
    """The lines of scores read by some rule, if a bound can depend on them."""
    found: list[Counted] = []
    for name, read in _bounds(kb).items():
        lines = kb.scores[name].lines
        for at in range(len(lines)):
            others = sums_of((*lines[:at], *lines[at + 1 :]))
            for each, ticks in _counted(kb.scores[name], at, list(read)):
                if others is None or any(_turns(bound, one, ticks) for bound in read for one in others):
                    found.append(each)
    return found


def _bounds(kb: KnowledgeBase) -> dict[str, dict[Bound, None]]:
    """The bounds that rules and classes set on each score."""
    found: dict[str, dict[Bound, None]] = {}
    for rule in kb.rules.values():
        for part in parts_of(rule.when):
            if isinstance(part, Scored):
                found.setdefault(part.score, {})[part.bound] = None
    for classes in kb.classes.values():
        for _, whole in classes.named():
            for part in parts_of(whole):
                if isinstance(part, Scored):
                    found.setdefault(part.score, {})[part.bound] = None
    return found


@dataclass(frozen=True, slots=True)
class BandEnd:
    """A number just below or above the end of a band. `there` is true in the cases with this number in which
    a bound on the score depends on the band.
    """

    said: str
    span: Span
    there: Part


def band_ends(kb: KnowledgeBase) -> Iterator[BandEnd]:
    """The last value below the end of each band and the first above, for scores read by some rule."""
    for name, bounds in _bounds(kb).items():
        score = kb.scores[name]
        for at, line in enumerate(score.lines):
            if not isinstance(line, Bands):
                continue
            for value, ticks in _ends_of(line, kb):
                there = All(
                    (
                        *(Answered(line.question, Bound(word, value)) for word in ("at_least", "at_most")),
                        _hangs(score, list(bounds), ticks),
                    )
                )
                answer = quote(f"{line.question}: {value}")
                said = f"{answer} in line {score.place(at)} of score {quote(name)} decides a bound"
                yield BandEnd(said, score.span, there)


def _ends_of(line: Bands, kb: KnowledgeBase) -> Iterator[tuple[int | float, int]]:
    """The values on both sides of each end of a band, and by how much the score is lower on the other."""
    kind = kb.questions[line.question].kind
    assert isinstance(kind, Number)
    step = Decimal(1).scaleb(-kind.decimals)
    for (end, ticks), (_, after) in pairwise(line.bands):
        first = (Decimal(str(end)) / step).to_integral_value(ROUND_CEILING) * step
        for value, less in ((first - step, ticks - after), (first, after - ticks)):
            if less and kind.minimum <= value <= kind.maximum:
                yield plain(value), less


def _turns(bound: Bound, others: int, ticks: int) -> bool:
    keeps = bound.how.keeps
    return bool(keeps(others + ticks, bound.threshold) != keeps(others, bound.threshold))


def _counted(score: Score, at: int, bounds: Sequence[Bound]) -> Iterator[tuple[Counted, int]]:
    """What a line can count, each with its ticks."""
    line = score.lines[at]
    for there, ticks, span in _counting(line, score.span):
        counts = All((there, _hangs(score, bounds, ticks)))
        misses = All((Not(there), _hangs(score, bounds, -ticks))) if isinstance(line, Points) else None
        yield Counted(score, score.place(at), written(there), span, counts, misses), ticks


def _counting(line: Line, place: Span) -> Iterator[tuple[Part, int, Span]]:
    """The answers for which a line counts something: the part that matches them, the ticks, and its place."""
    match line:
        case Points(ticks, when) if ticks and not isinstance(when, Always):
            yield when, ticks, when.span if when.span.line else place
        case PointsByOption(question, by_option):
            for option, ticks in by_option.items():
                if ticks:
                    yield Answered(question, OneOf((option,))), ticks, place
        case Bands(question, bands):
            floor: int | float | None = None
            for below, ticks in bands:
                ends = [Bound("at_least", floor)] if floor is not None else []
                ends += [Bound("below", below)] if below is not None else []
                floor = below
                if ticks and ends:
                    yield All(tuple(Answered(question, end) for end in ends)), ticks, place
        case _:
            pass


def _hangs(score: Score, bounds: Sequence[Bound], ticks: int) -> Part:
    """The part that holds if some bound would change its truth with the score lower by `ticks`."""
    found: list[Part] = []
    for bound in bounds:
        now = Scored(score.name, bound)
        then = Scored(score.name, Bound(bound.comparison, bound.threshold + ticks))
        found += [All((now, Not(then))), All((Not(now), then))]
    return AnyOf(tuple(found))
