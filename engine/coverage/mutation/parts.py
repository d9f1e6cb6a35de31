"""Small changes of one part: left out, negated, its threshold moved, another option, `any` in place of `all`.

In: a part and its knowledge base. Out: changes, each with the whole part after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.loading.numbers import plain
from engine.model.classes import AND
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, parsed
from engine.model.parts import (
    COUNTS,
    NOWHERE,
    All,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Count,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
)
from engine.model.scores import unit_of
from engine.words.rule_text import written
from facts.problem import Span, quote
from facts.vocabulary import Choice, Choices, Number


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind, what changed in words, where that is written, and the whole afterwards."""

    kind: str
    said: str
    span: Span
    whole: Part


def changes(part: Part, kb: KnowledgeBase) -> Iterator[Change]:
    """Every small change of a part or of a part inside it."""
    match part:
        case All(parts) | AnyOf(parts) | Count(parts=parts):
            yield from _of_several(part)
            for at, each in enumerate(parts):
                for change in changes(each, kb):
                    yield replace(change, whole=_put(part, at, change.whole))
        case Not(inner):
            for change in changes(inner, kb):
                yield replace(change, whole=replace(part, part=change.whole))
        case Answered() | Ref() | Scored():
            yield Change(
                "negate",
                f"with {quote(written(Not(part)))} in place of {quote(written(part))}",
                part.span,
                Not(part),
            )
            for kind, other in _others(part, kb):
                said = f"with {quote(written(other))} in place of {quote(written(part))}"
                yield Change(kind, said, part.span, other)
        case _:
            return


def _put(whole: All | AnyOf | Count, at: int, other: Part) -> Part:
    return replace(whole, parts=(*whole.parts[:at], other, *whole.parts[at + 1 :]))


def _of_several(whole: All | AnyOf | Count) -> Iterator[Change]:
    """The changes of an `all`, `any` or `at_least` itself."""
    parts, many = whole.parts, len(whole.parts) > 1
    for at, each in enumerate(parts) if many else ():
        left = (*parts[:at], *parts[at + 1 :])
        rest = replace(whole, parts=left)
        if isinstance(rest, Count):
            most = None if rest.most is None else min(rest.most, len(left))
            rest = replace(rest, least=min(rest.least, len(left)), most=most)
        yield Change("drop", f"without {quote(written(each))}", _span(each, whole), rest)
    if isinstance(whole, Count):
        yield from _of_a_count(whole)
    elif many:
        other = AnyOf(parts, whole.span) if isinstance(whole, All) else All(parts, whole.span)
        was, now = ("all", "any") if isinstance(whole, All) else ("any", "all")
        yield Change("any-all", f"with {quote(now)} in place of {quote(was)}", _span(whole, parts[0]), other)


def _of_a_count(whole: Count) -> Iterator[Change]:
    """A count one lower and one higher; `exactly` also as `at_least` and `at_most`."""
    words, was = COUNTS[whole.word], whole.number
    for step in (-1, 1):
        most = None if whole.most is None else whole.most + step
        other = replace(whole, least=whole.least + step if whole.least else 0, most=most)
        if 1 <= other.number <= len(whole.parts):
            said = f"with {words} {other.number} in place of {was} of these parts"
            yield Change("count", said, whole.span, other)
    if whole.word == "exactly":
        for other in (replace(whole, most=None), replace(whole, least=0)):
            said = f"with {COUNTS[other.word]} in place of exactly {was} of these parts"
            yield Change("count", said, whole.span, other)


def _span(part: Part, otherwise: Part) -> Span:
    """Where a part is written, or another one if it has no place of its own."""
    span: Span = getattr(part, "span", NOWHERE)
    return span if span.line else getattr(otherwise, "span", NOWHERE)


def _others(part: Part, kb: KnowledgeBase) -> Iterator[tuple[str, Part]]:
    """An innermost part with another option, or with its threshold one step lower and higher."""
    match part:
        case Answered(question, OneOf(options)):
            kind = kb.questions[question].kind
            assert isinstance(kind, Choice | Choices)
            for at, _ in enumerate(options):
                others = (*options[:at], *options[at + 1 :])
                if others:
                    yield "drop", replace(part, test=OneOf(others))
                if (next_ := _next(options[at], options, list(kind.options))) is not None:
                    yield "option", replace(part, test=OneOf((*options[:at], next_, *options[at + 1 :])))
        case Answered(question, Bound() as bound):
            number = kb.questions[question].kind
            assert isinstance(number, Number)
            for other in _moved(bound, Decimal(1).scaleb(-number.decimals)):
                yield "threshold", replace(part, test=other)
        case Answered(_, ChosenBound(bound) as test):
            for other in _moved(bound, Decimal(1)):
                yield "threshold", replace(part, test=replace(test, bound=other))
        case Ref(name) if kind_of(name) == "class":
            for other_name in _classes_beside(name, kb):
                yield "option", replace(part, name=other_name)
        case Scored(score, bound):
            for other in _moved(bound, Decimal(unit_of(kb.scores[score]))):
                yield "threshold", replace(part, bound=other)
        case _:
            return


def _classes_beside(name: str, kb: KnowledgeBase) -> Iterator[str]:
    """A row of classes without one at its end; for a single class, those beside it."""
    _, of, named = parsed(name)
    classes = kb.classes[of]
    at = [each.name for each in classes.classes].index(named.split(AND)[0])
    last = at + named.count(AND)
    if last > at + 1:
        return
    for first in (at, last) if last > at else (at - 1, at + 1):
        if 0 <= first < len(classes.classes):
            yield classes.name(first, first)


def _next(option: str, listed: Sequence[str], all_: Sequence[str]) -> str | None:
    """The option after this one that is not listed, None if all are."""
    at = all_.index(option)
    return next((each for each in (*all_[at + 1 :], *all_[:at]) if each not in listed), None)


def _moved(bound: Bound, step: Decimal) -> Iterator[Bound]:
    """The bound one step lower and one higher. With another comparison, such as `above` in the place of
    `at_least`, it would be one of these, or the same.
    """
    for moved in (-step, step):
        yield replace(bound, threshold=plain(Decimal(str(bound.threshold)) + moved))
