"""Texts for people: questions that ask, and reasons that say more than the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import alike, names_read
from engine.meaning.definitions import keys_of, parts_of
from engine.meaning.valuation import questions_of
from engine.model.knowledge_base import KnowledgeBase, Rule
from engine.model.names import kind_of, name_of
from engine.model.parts import Answered, OneOf, Part
from engine.words.phrases import text_of
from facts.problem import Span, quote
from facts.vocabulary import Choice, Choices

LONGEST_QUESTION = 140
LONGEST_REASON = 240
WORD = re.compile(r"[^\W\d_]+")
SMALL = frozenset(
    WORD.findall("""
    a an and any are as at be because been but by can could did do does for from had has have he her here his
    how if in into is it its may might more most no nor not of on one only or other own she since so some such
    than that the their them then there these they this those to too was were what when where which who
    whoever whose will with you your also
    """)
)
"""Words without a meaning of their own (stop words)."""


def not_a_question(examined: Examined) -> Problems:
    """Questions that are not phrased as a question."""
    for name, question in examined.kb.questions.items():
        if not question.ask.rstrip().endswith(("?", "？", "؟", ";")):
            message = f"the text of question {quote(name)} does not end with a question mark"
            yield finding(
                "not-a-question",
                message,
                question.span,
                ("write it as a question, so that people know what to answer"),
            )


def long_question(examined: Examined) -> Problems:
    """Questions that are too long."""
    for name, question in examined.kb.questions.items():
        if len(question.ask) > LONGEST_QUESTION:
            message = (
                f"question {quote(name)} has {len(question.ask)} characters; the limit is {LONGEST_QUESTION}"
            )
            help = "split the question, or move the explanation to `texts`"
            yield finding("long-question", message, question.span, help)


def asked_too_late(examined: Examined) -> Problems:
    """Questions placed before every question that decides whether they are asked."""
    kb, order = examined.kb, {name: at for at, name in enumerate(examined.kb.questions)}
    for name in kb.asked_when:
        before = questions_of(name_of("asked", name), kb, examined.definitions)
        if before and min(order[each] for each in before) > order[name]:
            first = min(before, key=order.__getitem__)
            message = f"question {quote(name)} comes before {quote(first)}, which decides whether it is asked"
            help = "move it after the questions that decide whether it is asked"
            yield finding("asked-too-late", message, kb.questions[name].span, help, kb.questions[first].span)


def repeats_the_rule(examined: Examined) -> Problems:
    """Reasons without a word that is not already in the rule."""
    for rule in examined.kb.rules.values():
        reason = _stems(rule.because)
        if reason and reason <= _words_of(rule, examined.kb):
            message = f"`because` of rule {quote(rule.id)} only repeats the rule"
            help = "explain why, in words that help the reader"
            yield finding("because-repeats", message, rule.span, help)


def same_reason(examined: Examined) -> Problems:
    """Rules with the same reason."""
    seen: dict[str, Span] = {}
    for rule in examined.kb.rules.values():
        reason = alike(rule.because)
        if reason in seen:
            message = f"`because` of rule {quote(rule.id)} is the same as that of an earlier rule"
            help = "write a reason of its own; a person to whom both rules apply reads both"
            yield finding("because-twice", message, rule.span, help, seen[reason])
        seen.setdefault(reason, rule.span)


def long_reason(examined: Examined) -> Problems:
    """Reasons that are too long."""
    for rule in examined.kb.rules.values():
        if len(rule.because) > LONGEST_REASON:
            size = f"{len(rule.because)} characters; the limit is {LONGEST_REASON}"
            message = f"`because` of rule {quote(rule.id)} has {size}"
            yield finding(
                "long-because", message, rule.span, ("say it in one sentence, and move the rest to `texts`")
            )


def same_text(examined: Examined) -> Problems:
    """Entries of a section, or options of a question, with the same text."""
    seen: dict[tuple[str, str], tuple[str, Span]] = {}
    for section, name, text, span in _texts(examined.kb):
        key = (section, alike(text))
        if key in seen:
            message = f"{quote(name)} has the same text as {quote(seen[key][0])}"
            help = "reword one of the two, or merge them into one"
            yield finding("same-text", message, span, help, seen[key][1])
        seen.setdefault(key, (name, span))


def _texts(kb: KnowledgeBase) -> Iterator[tuple[str, str, str, Span]]:
    """The texts of each entry that people read: the group it must be unique in, its name, the text and its
    place.
    """
    sections: dict[str, Mapping[str, str]] = {
        "questions": {name: question.ask for name, question in kb.questions.items()},
        "labels": {name: question.label for name, question in kb.questions.items() if question.label},
        "findings": kb.findings,
        "conditions": {name: condition.text for name, condition in kb.conditions.items()},
        "triage": {name: level.text for name, level in kb.levels.items()},
        "advice_kinds": kb.advice_kinds,
        "advice": {name: item.text for name, item in kb.advice.items()},
        "texts": {name: text.text for name, text in kb.texts.items()},
    }
    for section, texts in sections.items():
        places = kb.places["questions" if section == "labels" else section]
        yield from ((section, name, text, places[name]) for name, text in texts.items())
    for name, question in kb.questions.items():
        if isinstance(question.kind, Choice | Choices):
            for option, text in question.kind.options.items():
                yield f"options of {name}", option, text, question.span


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in WORD.findall(text.casefold()) if word not in SMALL}


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def _words_of(rule: Rule, kb: KnowledgeBase) -> set[str]:
    """The words of a rule as written, and of the findings and conditions that it names."""
    names = [*names_read(rule.when), *(key for each in rule.then for key in keys_of(each))]
    told = [text_of(name, kb) for name in names if kind_of(name) in ("finding", "condition")]
    options = [option for part in parts_of(rule.when) for option in _options(part)]
    return _stems(" ".join((*names, *told, *options)).replace("_", " ").replace("-", " "))


def _options(part: Part) -> tuple[str, ...]:
    match part:
        case Answered(_, OneOf(options)):
            return options
        case _:
            return ()


CHECKS = (
    Check("not-a-question", not_a_question),
    Check("long-question", long_question),
    Check("asked-too-late", asked_too_late),
    Check("because-repeats", repeats_the_rule),
    Check("because-twice", same_reason),
    Check("long-because", long_reason),
    Check("same-text", same_text),
)
