"""Small changes of a score: points and ends of bands one step off, and changes of the parts of lines.

In: a score and its knowledge base. Out: changes, each with the score after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from engine.coverage.mutation.parts import changes
from engine.loading.numbers import plain
from engine.model.knowledge_base import KnowledgeBase
from engine.model.scores import Bands, Line, Points, PointsByOption, Score, Times, in_digits, unit_of
from engine.words.rule_text import written
from facts.problem import Span, quote
from facts.vocabulary import Number


@dataclass(frozen=True, slots=True)
class Scoring:
    """One change: its kind, what changed in words, where that is written, and the score afterwards."""

    kind: str
    said: str
    span: Span
    score: Score


def changed_scores(score: Score, kb: KnowledgeBase) -> Iterator[Scoring]:
    """Every small change of a score."""
    for at, line in enumerate(score.lines):
        for kind, said, span, other in _others(line, unit_of(score), kb):
            lines = (*score.lines[:at], other, *score.lines[at + 1 :])
            where = span if span.line else score.span
            yield Scoring(kind, f"{_line(score, at)} {said}", where, replace(score, lines=lines))


def _line(score: Score, at: int) -> str:
    """A line by its number in the file, and by what it counts if it is one of several from there."""
    line, place = score.lines[at], score.place(at)
    if score.written.count(place) < 2:
        return f"line {place}"
    return f"line {place}, {quote(written(line.when) if isinstance(line, Points) else line.question)},"


def _others(line: Line, unit: int, kb: KnowledgeBase) -> Iterator[tuple[str, str, Span, Line]]:
    """What could stand in the place of a line of a score."""
    nowhere = Span("")
    match line:
        case Points(ticks, when):
            for other in (ticks - unit, ticks + unit):
                yield "points", _counting(other, ticks), nowhere, replace(line, ticks=other)
            for change in changes(when, kb):
                yield change.kind, change.said, change.span, replace(line, when=change.whole)
        case PointsByOption(_, by_option, options):
            for option in options:
                ticks = by_option.get(option, 0)
                for other in (ticks - unit, ticks + unit):
                    said = f"{_counting(other, ticks)} for {quote(option)}"
                    yield "points", said, nowhere, replace(line, ticks={**by_option, option: other})
        case Times(_, ticks):
            for other in (ticks - unit, ticks + unit):
                yield "points", _counting(other, ticks), nowhere, replace(line, ticks=other)
        case Bands():
            for kind, said, bands in _banded(line, unit, kb):
                yield kind, said, nowhere, replace(line, bands=bands)
        case _:
            assert_never(line)


Banding = tuple[tuple[int | float | None, int], ...]


def _banded(line: Bands, unit: int, kb: KnowledgeBase) -> Iterator[tuple[str, str, Banding]]:
    """Bands with other points, and with an end moved between its neighbours."""
    number = kb.questions[line.question].kind
    assert isinstance(number, Number)
    step = Decimal(1).scaleb(-number.decimals)
    for at, (end, ticks) in enumerate(line.bands):

        def put(end: int | float | None, ticks: int, at: int = at) -> Banding:
            return (*line.bands[:at], (end, ticks), *line.bands[at + 1 :])

        for other in (ticks - unit, ticks + unit):
            yield "points", f"{_counting(other, ticks)} in band {at + 1}", put(end, other)
        for moved in () if end is None else (-step, step):
            other_end = plain(Decimal(str(end)) + moved)
            yield (
                "threshold",
                f"with band {at + 1} ending below {other_end} in place of {end}",
                put(other_end, ticks),
            )


def _counting(ticks: int, was: int) -> str:
    return f"counting {in_digits(ticks)} in place of {in_digits(was)}"
