"""Declarations that are never used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from engine.checks.cases import named
from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import written_parts
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Answered, ChosenBound, NoneOf, OneOf
from engine.model.scores import PointsByOption
from facts.problem import Problem, quote, quoted
from facts.vocabulary import Choice, Choices


def unused_question(examined: Examined) -> Problems:
    """Questions that nothing reads."""
    read = examined.read
    for name, question in examined.kb.questions.items():
        if name_of("question", name) not in read:
            message = f"nothing reads question {quote(name)}"
            help = "write a rule that reads the question, or remove it"
            yield finding("unused-question", message, question.span, help)


def unused_option(examined: Examined) -> Problems:
    """Options that nothing reads; a `choice` may have one, for all other answers."""
    distinct = _options_named(examined.kb)
    for name, question in examined.kb.questions.items():
        if name_of("question", name) not in examined.read:
            continue
        help = "write a rule that reads them, or merge them into one option"
        match question.kind:
            case Choice(options) if len(left := [each for each in options if each not in distinct[name]]) > 1:
                message = f"no rule distinguishes these options of {quote(name)}: {quoted(left)}"
                yield finding("unused-option", message, question.span, help)
            case Choices(options) if left := [each for each in options if each not in distinct[name]]:
                message = f"nothing reads {_options(left)} of {quote(name)}"
                yield finding("unused-option", message, question.span, "write a rule that reads it")
            case _:
                pass


def unused_finding(examined: Examined) -> Problems:
    """Findings that nothing reads, that no case expects, and whose rules cite no claim."""
    read = examined.read | {
        name_of("finding", name)
        for case in examined.cases or ()
        for name in named(case.expect.get("findings"))
    }
    for name in examined.kb.findings:
        rules = examined.prepared.rules_for[name_of("finding", name)]
        cited = any(examined.kb.rules[id].claims for id in rules)
        if name_of("finding", name) not in read and not cited:
            message = f"nothing reads finding {quote(name)}, and it cites no claim"
            help = "write a rule that reads the finding or a case that expects it, or remove it"
            yield finding("unused-finding", message, examined.place("findings", name), help)


def unused_entry(examined: Examined) -> Problems:
    """Scores, numbers, kinds of advice and articles that nothing uses."""
    kb, read = examined.kb, examined.read
    kinds = {item.kind for item in kb.advice.values()}
    articles = {claim["source"] for claim in kb.claims.values()}
    articles |= {each.source for classes in kb.classes.values() for each in classes.classes}
    scores = {name for name, score in kb.scores.items() if score.claims or name_of("score", name) in read}
    yield from _unused(examined, "scores", scores, "nothing reads score {}, and it cites no claim")
    yield from _unused(examined, "numbers", kb.numbers_read, "no part reads number {}")
    yield from _unused(examined, "advice_kinds", kinds, "no advice has kind {}")
    yield from _unused(examined, "sources", articles, "no claim is from article {}")


def _unused(
    examined: Examined, section: str, used: frozenset[str] | set[str], message: str
) -> Iterator[Problem]:
    for name, span in examined.kb.places.get(section, {}).items():
        if name not in used:
            yield finding("unused-entry", message.format(quote(name)), span, "use it, or remove it")


def _options(names: list[str]) -> str:
    return f"option {quoted(names)}" if len(names) == 1 else f"the options {quoted(names)}"


def _options_named(kb: KnowledgeBase) -> Mapping[str, set[str]]:
    """The options of each question that parts or scores name; a count, or `none`, names them all."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in written_parts(kb):
        if isinstance(part, Answered) and isinstance(part.test, OneOf | NoneOf | ChosenBound):
            found[part.question] |= set(part.test.options)
    for score in kb.scores.values():
        for line in score.lines:
            if isinstance(line, PointsByOption):
                found[line.question] |= set(line.ticks)
    return found


CHECKS = (
    Check("unused-question", unused_question),
    Check("unused-option", unused_option),
    Check("unused-finding", unused_finding),
    Check("unused-entry", unused_entry),
)
