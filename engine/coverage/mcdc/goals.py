"""What cases must show of a rule: each part decides alone, once true and once false; each option of a list
does; each bound is met exactly and missed by one step; each line of a score and each end of a band decides a
bound.

In: a knowledge base. Out: goals, each as claims of which one case must make all true. Source: J. Chilenski
and S. Miller, Applicability of modified condition/decision coverage to software testing, 1994.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.coverage.edges import Counted, band_ends, lines_of, sums_of
from engine.loading.numbers import plain
from engine.model.knowledge_base import KnowledgeBase, Rule
from engine.model.parts import (
    All,
    Always,
    Answered,
    Bound,
    ChosenBound,
    Not,
    OneOf,
    Part,
    Scored,
)
from engine.model.scores import in_digits
from engine.proofs.parts import NEVER, inner_parts
from engine.solver.world import Claim, false, true
from engine.words.rule_text import written
from facts.problem import Span, quote
from facts.vocabulary import Choices, Number

Kind = Literal["part", "option", "edge", "line"]
KINDS: dict[Kind, str] = {
    "part": "parts that decide alone, true and false",
    "option": "options that decide alone",
    "edge": "bounds, on them and one step off",
    "line": "lines and bands of scores",
}
"""The kinds of goals."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that a case must show. `rule` is the rule, "" for a line of a score; `said` completes "no
    case in which ...".
    """

    kind: Kind
    rule: str
    said: str
    span: Span
    claims: tuple[Claim, ...]


def goals(kb: KnowledgeBase) -> Iterator[Goal]:
    """Everything that cases must show, in the order of the knowledge base."""
    for rule in kb.rules.values():
        yield from _of_rule(rule, kb)
    for line in lines_of(kb):
        yield from _of_line(line)
    for end in band_ends(kb):
        yield Goal("line", "", end.said, end.span, (true(end.there),))


def _of_rule(rule: Rule, kb: KnowledgeBase) -> Iterator[Goal]:
    if isinstance(rule.when, Always):
        return
    named = f"rule {quote(rule.id)} depends on it alone"
    for part, always, never, positive in _leaves(rule.when):
        span = part.span if not isinstance(part, Always) and part.span.line else rule.span
        fires, stays = true(always if positive else never), never if positive else always
        told, bare = quote(written(part)), part
        alone = {positive: (fires, ~true(stays)), not positive: (fires, false(stays))}
        for truth in (True, False):
            said = f"{told} is {'true' if truth else 'false'} and {named}"
            yield Goal("part", rule.id, said, span, (*alone[truth], true(part) if truth else false(part)))
        while isinstance(bare, Not):
            bare, alone = bare.part, {truth: alone[not truth] for truth in alone}
        for said, there in _options(bare, kb):
            yield Goal("option", rule.id, f"{said} and {named}", span, (*alone[True], true(there)))
        for value, truth, there in edges(bare, kb):
            said = f"{quote(value)} is given and {named}"
            yield Goal("edge", rule.id, said, span, (*alone[truth], true(there)))


def _leaves(whole: Part) -> Iterator[tuple[Part, Part, Part, bool]]:
    """Each innermost part, a `not` around it included: the part, the whole with it always true and always
    false, and whether the whole needs it to be true.
    """
    if _is_leaf(whole):
        yield whole, Always(), NEVER, True
    for each in inner_parts(whole):
        if _is_leaf(each.part):
            yield each.part, each.with_always, each.with_never, each.positive is not False


def _is_leaf(part: Part) -> bool:
    while isinstance(part, Not):
        part = part.part
    return not isinstance(part, All | Always) and not hasattr(part, "parts")


def _options(part: Part, kb: KnowledgeBase) -> Iterator[tuple[str, Part]]:
    """For each option of a list in a part, that it is the only one of them that is chosen."""
    if not (isinstance(part, Answered) and isinstance(part.test, OneOf) and part.test.options[1:]):
        return
    question, options = part.question, part.test.options
    is_many = isinstance(kb.questions[question].kind, Choices)
    for option in options:
        own = Answered(question, OneOf((option,)))
        others = tuple(Not(Answered(question, OneOf((each,)))) for each in options if each != option)
        told = f"{quote(f'{question}: {option}')} is chosen" + (
            " and no other of its list" if is_many else ""
        )
        yield told, All((own, *others)) if is_many else own


def edges(part: Part, kb: KnowledgeBase) -> Iterator[tuple[str, bool, Part]]:
    """The possible values on a bound and one step below and above it: each in words, whether it satisfies the
    bound, and a part that is true for exactly this value.
    """
    match part:
        case Answered(question, Bound() as bound):
            kind = kb.questions[question].kind
            assert isinstance(kind, Number)
            step = Decimal(1).scaleb(-kind.decimals)
            for value in _near(bound, _grid(bound, step, kind.minimum, kind.maximum)):
                there = All(tuple(Answered(question, each) for each in _equal(value)))
                yield f"{question}: {value}", _kept(bound, value), there
        case Answered(question, ChosenBound(bound, options)):
            for value in _near(bound, [Decimal(each) for each in range(len(options) + 1)]):
                there = All(tuple(Answered(question, ChosenBound(each, options)) for each in _equal(value)))
                yield f"{question}: {value} chosen", _kept(bound, value), there
        case Scored(score, bound):
            sums = sorted(sums_of(kb.scores[score].lines) or ())
            for value in _near(bound, [Decimal(each) for each in sums]):
                there = All(tuple(Scored(score, each) for each in _equal(value)))
                yield f"score {score}: {in_digits(int(value))}", _kept(bound, value), there
        case _:
            return


def _grid(bound: Bound, step: Decimal, low: int | float, high: int | float) -> list[Decimal]:
    """The possible answers around a threshold."""
    at = Decimal(str(bound.threshold)) // step
    values = [(at + each) * step for each in (-2, -1, 0, 1, 2)]
    return [each for each in values if Decimal(str(low)) <= each <= Decimal(str(high))]


def _near(bound: Bound, values: Sequence[Decimal]) -> list[Decimal]:
    """The threshold, if it is a value, and the values next to it."""
    at = Decimal(str(bound.threshold))
    below, above = ([each for each in values if each < at], [each for each in values if each > at])
    return [*below[-1:], *(each for each in values if each == at), *above[:1]]


def _kept(bound: Bound, value: Decimal) -> bool:
    return bool(bound.how.keeps(value, Decimal(str(bound.threshold))))


def _equal(value: Decimal) -> tuple[Bound, Bound]:
    return Bound("at_least", plain(value)), Bound("at_most", plain(value))


def _of_line(line: Counted) -> Iterator[Goal]:
    said = f"line {line.at} of score {quote(line.score.name)}, {quote(line.said)},"
    yield Goal("line", "", f"{said} counts and a bound depends on it", line.span, (true(line.counts),))
    if line.misses is not None:
        yield Goal(
            "line", "", f"{said} does not count and a bound depends on it", line.span, (true(line.misses),)
        )
