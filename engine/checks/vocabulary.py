"""What is declared and never used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from engine.checks.check import Check, Examined, Example, Problems, finding
from engine.checks.written import all_read, written_parts
from engine.model import KnowledgeBase
from engine.parts import Answered, ChosenBound, NoneOf, OneOf
from engine.scores import PointsByOption
from facts.problem import Problem, quote, quoted
from facts.vocabulary import Choice, Choices


def unused_question(examined: Examined) -> Problems:
    """Questions that nothing reads."""
    read = all_read(examined.kb)
    for name, question in examined.kb.questions.items():
        if f"question:{name}" not in read:
            message = f"nothing reads question {quote(name)}"
            help = "write a rule that reads it, or do not ask it"
            yield finding("unused-question", message, question.span, help)


def unused_option(examined: Examined) -> Problems:
    """Options that nothing tells apart from not having been asked for."""
    named, read = _options_named(examined.kb), all_read(examined.kb)
    for name, question in examined.kb.questions.items():
        if not isinstance(question.kind, Choice | Choices) or f"question:{name}" not in read:
            continue
        left = [option for option in question.kind.options if option not in named[name]]
        if len(left) > isinstance(question.kind, Choice):
            message = f"nothing tells these options of {quote(name)} apart: {quoted(left)}"
            if isinstance(question.kind, Choices):
                message = f"nothing reads {_options(left)} of {quote(name)}"
            help = "write a rule that reads them, or offer one option for all the rest"
            yield finding("unused-option", message, question.span, help)


def unused_finding(examined: Examined) -> Problems:
    """Findings that nothing reads and no article speaks of."""
    read = all_read(examined.kb)
    for name in examined.kb.findings:
        rules = examined.prepared.rules_for[f"finding:{name}"]
        cited = any(examined.kb.rules[id].claims for id in rules)
        if f"finding:{name}" not in read and not cited:
            message = f"nothing reads finding {quote(name)}, and no claim is behind it"
            help = "write a rule that reads it, cite a claim, or remove it"
            yield finding("unused-finding", message, examined.place("findings", name), help)


def unused_entry(examined: Examined) -> Problems:
    """Scores, numbers, kinds of advice and articles that nothing uses."""
    kb, read = examined.kb, all_read(examined.kb)
    kinds = {item.kind for item in kb.advice.values()}
    articles = {claim["source"] for claim in kb.claims.values()}
    scores = {name for name, score in kb.scores.items() if score.claims or f"score:{name}" in read}
    yield from _unused(examined, "scores", scores, "nothing reads score {}, and no claim is behind it")
    yield from _unused(examined, "numbers", kb.numbers_read, "no part reads number {}")
    yield from _unused(examined, "advice_kinds", kinds, "no advice is of kind {}")
    yield from _unused(examined, "sources", articles, "no claim is of article {}")


def _unused(
    examined: Examined, section: str, used: frozenset[str] | set[str], message: str
) -> Iterator[Problem]:
    for name, span in examined.kb.places.get(section, {}).items():
        if name not in used:
            yield finding("unused-entry", message.format(quote(name)), span, "use it, or remove it")


def _options(names: list[str]) -> str:
    return f"option {quoted(names)}" if len(names) == 1 else f"the options {quoted(names)}"


def _options_named(kb: KnowledgeBase) -> Mapping[str, set[str]]:
    """The options of each question that parts or scores name; a count, or `none`, names all."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in written_parts(kb):
        if isinstance(part, Answered) and isinstance(part.test, OneOf | NoneOf | ChosenBound):
            found[part.question] |= set(part.test.options)
    for score in kb.scores.values():
        for line in score.lines:
            if isinstance(line, PointsByOption):
                found[line.question] |= set(line.ticks)
    return found


_RULE = """\
rules:
  an-example:
    when: {}
    then: {{triage: see_doctor}}
    because: It calls for attention.
    ours: true
"""
_COUGH = "questions:\n  cough: {ask: Do you cough?, kind: yes_no}\n"
UNUSED_QUESTION = Check(
    "unused-question",
    "A question that nothing reads",
    "People are asked for an answer that changes nothing. Either a rule was forgotten, or the question can go. What "
    "only a property reads counts as unread.",
    Example(_COUGH),
    Example(_COUGH + _RULE.format("{cough: yes}")),
    unused_question,
)
_SKIN = """\
questions:
  skin:
    ask: What does the skin look like?
    kind: {}
    options: {{red: red, blue: blue, pale: pale, usual: as always}}
"""
UNUSED_OPTION = Check(
    "unused-option",
    "An option that nothing reads",
    "Of a `choice`, one option may stand for all the rest; two that no part names are told apart by people, and by "
    "nothing else. Of `choices`, each option should be read, by name or by a count. Often a rule lacks an option.",
    Example(_SKIN.format("choice") + _RULE.format("{skin: [red, blue]}")),
    Example(_SKIN.format("choice") + _RULE.format("{skin: [red, blue, pale]}")),
    unused_option,
)
_SWOLLEN = """\
findings:
  swollen: a swelling
rules:
  swells:
    when: {weeks: {above: 8}}
    then: {finding: swollen}
    because: After two months it does.
"""
UNUSED_FINDING = Check(
    "unused-finding",
    "A finding that nothing reads",
    "A finding names a pattern so that other rules can read it, or carries what an article says to the page. One that "
    "does neither was meant for a rule that was never written.",
    Example(_SWOLLEN + "    ours: true\n"),
    Example(_SWOLLEN + "    claims: [S1-03]\n"),
    unused_finding,
)
UNUSED_ENTRY = Check(
    "unused-entry",
    "A number, score, kind or article that nothing uses",
    "A number that no part names is a threshold that somebody believes to hold. A score that nothing reads and no "
    "claim is behind, a kind without advice, an article without claims: each is the beginning of something.",
    Example("numbers:\n  a_month: {value: 4, ours: true}\n" + _RULE.format("{weeks: {above: 4}}")),
    Example("numbers:\n  a_month: {value: 4, ours: true}\n" + _RULE.format("{weeks: {above: a_month}}")),
    unused_entry,
)
CHECKS = (UNUSED_QUESTION, UNUSED_OPTION, UNUSED_FINDING, UNUSED_ENTRY)
