"""Subjects: from a user's word to a name among the definitions.

In: the name of a rule, finding, condition, level, advice item, text or the like, as in the knowledge base or
with its kind before it (`rule:stop`). Out: the subject, or a problem that suggests what was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.meaning.holds import Truth
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of, parsed
from facts.problem import Problem, Rejected, Span, quote, suggest

KINDS: Mapping[str, tuple[str, str]] = {
    "rule": ("rules", "a rule"),
    "finding": ("findings", "a finding"),
    "condition": ("conditions", "a condition"),
    "triage": ("triage", "a level"),
    "advice": ("advice", "an item of advice"),
    "text": ("texts", "a text"),
    "class": ("scores", "a class"),
    "disagreement": ("disagreements", "a disagreement"),
    "inconsistency": ("consistency", "an inconsistency"),
    "asked": ("questions", "a question that does not always apply"),
    "question": ("questions", "a question"),
}
"""The kinds of definitions that users can ask about: the section that declares them, and the word for one."""

EXPLAINED = tuple(kind for kind in KINDS if kind != "question")
"""The kinds of definitions that follow from answers."""

FLIPPED = ("triage", "condition")
"""The kinds of definitions that a change of answers can turn."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to ask about. Only a condition can have a support; that of a score or number is a class."""

    kind: str
    name: str
    support: str = ""

    def definition(self, case: Valuation, wanted: Truth) -> str:
        """The name whose truth is asked about.

        For a condition without a support: if `wanted`, the highest support established, or the lowest that a
        rule gives if none is; else the lowest support not established, or the highest if all are.
        """
        if self.kind != "condition":
            return name_of(self.kind, self.name, self.support)
        given = [
            each for each in SUPPORT if case.prepared.rules_for.get(name_of("condition", self.name, each))
        ]
        named = {each: name_of("condition", self.name, each) for each in given}
        reached = [each for each in given if case.value(named[each])]
        if self.support:
            return name_of("condition", self.name, self.support)
        if wanted:
            return named[reached[-1] if reached else given[0]]
        return next((named[each] for each in given if each not in reached), named[given[-1]])


def subject(word: str, kb: KnowledgeBase, kinds: Collection[str] = EXPLAINED) -> Subject | Problem:
    """The subject that a word names, among these kinds; a problem unless there is exactly one."""
    kind, name, support = parsed(word)
    is_said = kind in kinds and name
    meant = [(kind, name, support)] if is_said else [(each, kind, name) for each in kinds if not support]
    known = [found for each in meant if (found := _named(*each, kb)) is not None]
    if len(known) == 1:
        return known[0]
    where = Span(kb.name)
    if known:
        said = " and ".join(KINDS[each.kind][1] for each in known)
        help = "write " + " or ".join(quote(name_of(each.kind, each.name)) for each in known)
        return Problem("ambiguous", f"{quote(word)} is {said}", where, help, subject=word)
    help = _help(word, kb, kinds)
    return Problem("unknown-subject", f"there is nothing named {quote(word)}", where, help, subject=word)


def subjects(words: Iterable[str], kb: KnowledgeBase, kinds: Collection[str] = EXPLAINED) -> list[Subject]:
    """The subjects that words name. Raises `Rejected` with a problem for each word that does not name exactly
    one.
    """
    found = [subject(word, kb, kinds) for word in words]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise Rejected(problems)
    return [each for each in found if isinstance(each, Subject)]


def _named(kind: str, name: str, support: str, kb: KnowledgeBase) -> Subject | None:
    """The subject with this name, or None; a condition may have a support: `sciatica:typical`."""
    if kind == "class":
        classes = kb.classes[name].classes if name in kb.classes else ()
        return Subject(kind, name, support) if any(each.name == support for each in classes) else None
    declared = kb.asked_when if kind == "asked" else kb.places[KINDS[kind][0]]
    if kind == "condition" and name in declared and support in ("", *SUPPORT):
        return Subject(kind, name, support)
    return Subject(kind, name) if name in declared and not support else None


def _help(word: str, kb: KnowledgeBase, kinds: Collection[str]) -> str:
    if word in kb.questions:
        return "that is a question; name something that rules conclude"
    if word in kb.scores:
        return "that is a score; name one of its classes, or what reads it, such as a rule or finding"
    kind, name, support = parsed(word)
    condition, said = (name, support) if kind == "condition" else (kind, name)
    if said and condition in kb.conditions and "condition" in kinds:
        return suggest(said, SUPPORT, "supports")
    names = [name for kind in kinds if kind not in ("asked", "class") for name in kb.places[KINDS[kind][0]]]
    near = suggest(parsed(word).name or word, names, "names")
    return near or "name a rule, a finding, a condition, a level or an item of advice"
