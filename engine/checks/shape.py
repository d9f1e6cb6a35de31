"""Parts that are redundant or needlessly complicated."""

from __future__ import annotations

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import written_parts
from engine.model.knowledge_base import KnowledgeBase, Rule
from engine.model.parts import NOWHERE, All, Always, Answered, AnyOf, Count, Is, Not, Part
from engine.model.scores import Points
from engine.words.rule_text import written
from facts.problem import Problem, Span, quote


def same_part_twice(examined: Examined) -> Problems:
    """Parts that occur twice in the same `all`, `any` or count."""
    for part in written_parts(examined.kb):
        seen: dict[Part, Part] = {}
        for each in part.parts if isinstance(part, All | AnyOf | Count) else ():
            if each in seen:
                message = f"{quote(written(each))} occurs twice in the same `{_word(part)}`"
                help = "remove one of the two, or write the part that was meant instead"
                yield finding("same-part-twice", message, _span(each, part), help, _span(seen[each], part))
            seen.setdefault(each, each)
    yield from _lines_twice(examined.kb)


def _lines_twice(kb: KnowledgeBase) -> Problems:
    """Lines of a score that count the same thing twice."""
    for name, score in kb.scores.items():
        seen: list[tuple[object, Span]] = []
        for at, line in enumerate(score.lines):
            what = line.when if isinstance(line, Points) else line
            span = _span(line.when, line.when) if isinstance(line, Points) else NOWHERE
            span = span if span.line else score.span
            earlier = next((place for each, place in seen if each == what), None)
            if earlier is not None:
                said = quote(written(line.when)) if isinstance(line, Points) else quote(line.question)
                message = f"line {score.place(at)} of score {quote(name)} counts {said} a second time"
                help = "remove the line, add its points to the earlier line, or write the part that was meant"
                yield finding("same-part-twice", message, span, help, earlier)
            seen.append((what, span))


def roundabout(examined: Examined) -> Problems:
    """Parts that could be shorter: `not` of `not`, and lists or counts that leave no choice."""
    for part in written_parts(examined.kb):
        match part:
            case Not(Not(inner), span):
                yield _shorter("`not` of `not`", written(inner), span)
            case Not(AnyOf(parts) | All(parts), span) if all(
                isinstance(each, Not) or _is_no(each) for each in parts
            ):
                opposite = "all" if isinstance(part.part, AnyOf) else "any"
                meant = f"{opposite}: [{_list(tuple(map(_denied, parts)))}]"
                yield _shorter("`not` around parts that all say no", meant, span)
            case AnyOf((one,), span) | All((one,), span) | Count(1, _, (one,), span):
                yield _shorter(f"`{_word(part)}` of one part", written(one), span)
            case Count(1, None, parts, span):
                yield _shorter("`at_least` one of several", f"any: [{_list(parts)}]", span)
            case Count(count, _, parts, span) if count == len(parts):
                yield _shorter(f"`{_word(part)}` all of them", f"all: [{_list(parts)}]", span)
            case _:
                pass


def same_when(examined: Examined) -> Problems:
    """Rules with the same `when` and the same claims but different conclusions."""
    seen: dict[object, Rule] = {}
    for rule in examined.kb.rules.values():
        key = (_unordered(rule.when), frozenset(rule.claims), rule.ours)
        if key in seen and set(seen[key].then) != set(rule.then):
            message = f"rule {quote(rule.id)} has the same `when` and claims as an earlier rule"
            help = "write one rule with the conclusions of both, or cite different claims"
            yield finding("same-when", message, rule.span, help, seen[key].span)
        seen.setdefault(key, rule)


def _shorter(what: str, instead: str, span: Span) -> Problem:
    return finding("roundabout", f"{what} means the same as {quote(instead)}", span, "write the shorter form")


def _is_no(part: Part) -> bool:
    return isinstance(part, Answered) and part.test == Is(False)


def _denied(part: Part) -> Part:
    """The opposite of a `not`, or of an answer "no"."""
    if isinstance(part, Not):
        return part.part
    assert isinstance(part, Answered)
    return Answered(part.question, Is(True), part.span)


def _word(part: Part) -> str:
    return "all" if isinstance(part, All) else part.word if isinstance(part, Count) else "any"


def _list(parts: tuple[Part, ...]) -> str:
    return ", ".join(map(written, parts))


def _span(part: Part, within: Part) -> Span:
    """The place of a part, or of the part that contains it."""
    for each in (part, within):
        span = NOWHERE if isinstance(each, Always) else each.span
        if span.line:
            return span
    return NOWHERE


def _unordered(part: Part) -> object:
    """A part in a form that ignores the order of its inner parts."""
    match part:
        case All(parts) | AnyOf(parts):
            return type(part), frozenset(map(_unordered, parts))
        case Count(least, most, parts):
            return least, most, tuple(sorted(map(repr, map(_unordered, parts))))
        case Not(inner):
            return Not, _unordered(inner)
        case _:
            return part


CHECKS = (
    Check("same-part-twice", same_part_twice),
    Check("roundabout", roundabout),
    Check("same-when", same_when),
)
