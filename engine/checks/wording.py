"""What people read: questions that ask, and reasons that say more than the rule."""

from __future__ import annotations

import re

from engine.checks.check import Check, Examined, Example, Problems, finding
from engine.checks.written import names_read
from engine.definitions import keys_of, parts_of
from engine.model import KnowledgeBase, Rule
from engine.parts import Answered, NoneOf, OneOf, Part
from engine.valuation import questions_of
from engine.wording import text_of
from facts.problem import Span, quote
from facts.vocabulary import Choice, Choices

LONGEST_QUESTION = 140
LONGEST_REASON = 240
WORD = re.compile(r"[^\W\d_]+")
SMALL = frozenset(
    (
        *("a an and any are as at be been but by can for from had has have he her here his how if in into is it its"
          " may might more most no nor not of on one only or other own she so some such than that the their them"
          " then there these they this those to too was were what when where which who whose will with you your"
          " because does do did since also whoever").split(),
    )
)


def not_a_question(examined: Examined) -> Problems:
    """Questions that do not ask."""
    for name, question in examined.kb.questions.items():
        if not question.ask.rstrip().endswith(("?", "？", "؟", ";")):
            message = f"what question {quote(name)} asks does not end in a question mark"
            yield finding("not-a-question", message, question.span, "ask it, so that people know what to answer")


def long_question(examined: Examined) -> Problems:
    """Questions that nobody reads to their end."""
    for name, question in examined.kb.questions.items():
        if len(question.ask) > LONGEST_QUESTION:
            message = f"question {quote(name)} has {len(question.ask)} characters, more than {LONGEST_QUESTION}"
            help = "ask two questions, or leave the explanation to a text"
            yield finding("long-question", message, question.span, help)


def asked_too_late(examined: Examined) -> Problems:
    """Questions that stand before all those that decide whether they are asked."""
    kb, order = examined.kb, {name: at for at, name in enumerate(examined.kb.questions)}
    for name in kb.asked_when:
        before = questions_of(f"asked:{name}", kb, examined.definitions)
        if before and min(order[each] for each in before) > order[name]:
            first = min(before, key=order.__getitem__)
            message = f"question {quote(name)} stands before {quote(first)}, which decides whether it is asked"
            help = "move it behind, so that the questionnaire reads in the order of asking"
            yield finding("asked-too-late", message, kb.questions[name].span, help, kb.questions[first].span)


def repeats_the_rule(examined: Examined) -> Problems:
    """Reasons that have no word that the rule has not."""
    for rule in examined.kb.rules.values():
        reason = _stems(rule.because)
        if reason and reason <= _words_of(rule, examined.kb):
            message = f"`because` of rule {quote(rule.id)} only repeats what the rule says"
            help = "say why it is so, in words that a person who is told of it can use"
            yield finding("because-repeats", message, rule.span, help)


def same_reason(examined: Examined) -> Problems:
    """Two rules with one reason."""
    seen: dict[str, Span] = {}
    for rule in examined.kb.rules.values():
        reason = " ".join(WORD.findall(rule.because.casefold()))
        if reason in seen:
            message = f"`because` of rule {quote(rule.id)} is that of an earlier rule"
            help = "say what is behind this one; a person whom both concern reads it twice"
            yield finding("because-twice", message, rule.span, help, seen[reason])
        seen.setdefault(reason, rule.span)


def long_reason(examined: Examined) -> Problems:
    """Reasons that are longer than a person reads."""
    for rule in examined.kb.rules.values():
        if len(rule.because) > LONGEST_REASON:
            message = f"`because` of rule {quote(rule.id)} has {len(rule.because)} characters, more than {LONGEST_REASON}"
            yield finding("long-because", message, rule.span, "say it in one sentence, the rest in a text")


def _stems(text: str) -> set[str]:
    """The words of a text that carry its meaning, without their endings."""
    return {_stem(word) for word in WORD.findall(text.casefold()) if word not in SMALL}


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def _words_of(rule: Rule, kb: KnowledgeBase) -> set[str]:
    """The words of a rule as it is written, and of the findings and conditions that it names."""
    names = [*names_read(rule.when), *(key for each in rule.then for key in keys_of(each))]
    told = [text_of(name, kb) for name in names if name.startswith(("finding:", "condition:"))]
    options = [option for part in parts_of(rule.when) for option in _options(part)]
    return _stems(" ".join((*names, *told, *options)).replace("_", " ").replace("-", " "))


def _options(part: Part) -> tuple[str, ...]:
    """The options that a part names."""
    named = isinstance(part, Answered) and isinstance(part.test, OneOf)
    return part.test.options if named else ()


_RULE = """\
rules:
  an-example:
    when: {{fever: yes, strength: severe}}
    then: {{condition: infection, support: possible}}
    because: {}
    claims: [S1-03]
"""
_ASK = """\
questions:
  cough: {{ask: {}, kind: yes_no}}
rules:
  an-example:
    when: {{cough: yes}}
    then: {{finding: ill}}
    because: Whoever has caught a cold does.
    ours: true
"""
_LATE = """\
questions:
{}
rules:
  an-example:
    when: {{cough_colour: [green, red]}}
    then: {{finding: ill}}
    because: It tells of germs, or of blood.
    ours: true
"""
_COUGH = "  cough: {ask: Do you cough?, kind: yes_no}"
_COLOUR = """\
  cough_colour:
    ask: What do you cough up?
    kind: choice
    options: {green: something green, red: something red, nothing: nothing}
    asked_when: {cough: yes}"""
_LONG = "Do you cough, by day or by night, when you lie or when you stand, with or without a cold, a sore throat, a runny nose, or anything else that you can think of?"
NOT_A_QUESTION = Check(
    "not-a-question",
    "A question that does not ask",
    "People answer a question, and the page of open questions is a list of them.",
    Example(_ASK.format("Whether there is a cough.")),
    Example(_ASK.format('"Do you cough?"')),
    not_a_question,
)
LONG_QUESTION = Check(
    "long-question",
    "A question of great length",
    f"People in pain do not read more than {LONGEST_QUESTION} characters before they answer. What they answer then is "
    "another question than the one that was asked.",
    Example(_ASK.format(f'"{_LONG}"')),
    Example(_ASK.format('"Do you cough?"')),
    long_question,
)
ASKED_TOO_LATE = Check(
    "asked-too-late",
    "A question before those that decide whether it is asked",
    "The order of the files is the order of the questionnaire. A form that is filled in from top to bottom comes to "
    "this question when nobody knows yet whether it makes sense.",
    Example(_LATE.format(f"{_COLOUR}\n{_COUGH}")),
    Example(_LATE.format(f"{_COUGH}\n{_COLOUR}")),
    asked_too_late,
)
BECAUSE_REPEATS = Check(
    "because-repeats",
    "A `because` that repeats the rule",
    "People are shown what they answered and what follows; `because` is the one place that says why. It has to have a "
    "word that neither the answers nor the conclusion have.",
    Example(_RULE.format("Fever that is severe may be an infection.")),
    Example(_RULE.format("An infection of the spine begins like this.")),
    repeats_the_rule,
)
BECAUSE_TWICE = Check(
    "because-twice",
    "One `because` for two rules",
    "A person whom both rules concern reads the same sentence twice, and learns nothing of what tells them apart. Often "
    "it was copied along with the rule.",
    Example(_RULE.format("A high temperature and great pain call for a doctor.")),
    Example(_RULE.format("An infection of the spine begins like this.")),
    same_reason,
)
LONG_BECAUSE = Check(
    "long-because",
    "A `because` of great length",
    f"A reason is read beside several others; more than {LONGEST_REASON} characters are not read.",
    Example(_RULE.format(("An infection of the spine begins like this" + ", or in another way" * 12) + ".")),
    Example(_RULE.format("An infection of the spine begins like this.")),
    long_reason,
)
CHECKS = (NOT_A_QUESTION, LONG_QUESTION, ASKED_TOO_LATE, BECAUSE_REPEATS, BECAUSE_TWICE, LONG_BECAUSE)
