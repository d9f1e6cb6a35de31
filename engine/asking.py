"""Which questions are open, and which to ask next.

An unknown part is live if it is the whole `when` of an open rule, stands in a live part, or is what a live
part reads. A question is open if it is unanswered and a live part reads it. In: a valuation. Out: questions.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.exhaustive import assert_never
from engine.meaning import contribution, holds
from engine.model import Triages
from engine.parts import All, Always, Answered, AnyOf, AtLeast, Not, Part, Ref, Scored
from engine.scores import Line, Points
from engine.valuation import Valuation
from facts.vocabulary import Unknown

Ranks = dict[str, int]
"""Open questions with the highest rank they are live for: 0, or one more than the place of a level."""


def open_questions(case: Valuation, level: str | None) -> Ranks:
    """The open questions, ranked by the highest level above `level` that they are live for."""
    levels = list(case.prepared.kb.levels)
    established = levels.index(level) if level is not None else -1
    ranked = []
    for id, rule in case.prepared.kb.rules.items():
        if case.value(f"rule:{id}") is None:
            reached = [levels.index(each.level) for each in rule.then if isinstance(each, Triages)]
            ranked.append((max((at + 1 for at in reached if at > established), default=0), f"rule:{id}"))
    return _live(case, sorted(ranked, key=lambda each: -each[0]))


def questions_behind(case: Valuation, names: Iterable[str]) -> list[str]:
    """The open questions that these names wait for, in the order of asking."""
    ranks = _live(case, [(0, name) for name in names])
    return sorted(ranks, key=case.prepared.ask_order.__getitem__)


def ask_next(case: Valuation, ranks: Ranks) -> list[str]:
    """The open questions to ask: most urgent first, a question before those that hang on it."""
    order = case.prepared.ask_order
    asked = [each for each in ranks if not isinstance(case.answers.get(each), Unknown)]
    return sorted(asked, key=lambda each: (-ranks[each], order[each]))


def kept_open_by(case: Valuation, ranks: Ranks) -> list[str]:
    """The open questions that were answered "I don't know", in the order of asking."""
    unknown = [each for each in ranks if isinstance(case.answers.get(each), Unknown)]
    return sorted(unknown, key=case.prepared.ask_order.__getitem__)


def _live(case: Valuation, roots: list[tuple[int, str]]) -> Ranks:
    """Follow unknown names downwards, highest rank first, so that each is visited once."""
    found: Ranks = {}
    seen: set[str] = set()
    for rank, root in roots:
        waiting = [root]
        while waiting:
            name = waiting.pop()
            if name not in seen and case.value(name) is None:
                seen.add(name)
                waiting += _read_by(case, case.prepared.definitions[name], rank, found)
    return found


def _read_by(case: Valuation, part: Part, rank: int, found: Ranks) -> list[str]:
    """The names that a live part reads; its questions go to `found`."""
    if holds(part, case) is not None:
        return []
    match part:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            return [name for each in parts for name in _read_by(case, each, rank, found)]
        case Not(inner):
            return _read_by(case, inner, rank, found)
        case Answered(question):
            return _asked(question, rank, found)
        case Ref(name):
            return [name]
        case Scored(score):
            lines = case.score(score).lines
            return [name for line in lines for name in _read_by_line(case, line, rank, found)]
        case Always():
            return []
        case _:
            assert_never(part)


def _read_by_line(case: Valuation, line: Line, rank: int, found: Ranks) -> list[str]:
    low, high = contribution(line, case)
    if low == high:
        return []
    if isinstance(line, Points):
        return _read_by(case, line.when, rank, found)
    return _asked(line.question, rank, found)


def _asked(question: str, rank: int, found: Ranks) -> list[str]:
    found[question] = max(rank, found.get(question, 0))
    return [f"asked:{question}"]
