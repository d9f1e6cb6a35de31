"""Where cases and maps name questions, options, rules and everything else that a knowledge base declares.

In: the trees of case files or maps. Out: uses with their places, as `engine.loading.read_uses` gives them for
the files of the knowledge base itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.casetest.expectation import EXACTLY, NAMES
from engine.casetest.spelling import Fields, Members, Shape, Word, shape_of
from engine.loading.reader import Use
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from facts.trees.tree import Mapping, Node, Scalar, Sequence

SECTIONS = {
    "rule": ("rules",),
    "question": ("questions",),
    "claim": ("claims",),
    "level": ("triage",),
    "condition": ("conditions",),
    "finding": ("findings",),
    "item of advice": ("advice",),
    "item of advice or rule": ("advice", "rules"),
    "text": ("texts",),
    "disagreement": ("disagreements",),
    "clash": ("consistency",),
}
"""The sections that declare the names of each kind of word in an expectation."""
KEYED = {"scores": ("scores",), "by_source": ("sources",), "classes": ("scores", "questions")}
"""The fields of an expectation whose keys are names, and the sections of these."""
APPLIES = name_of("asked_when", "")
"""Begins the name of the clash that a question is answered though it does not apply."""


def uses_in_cases(documents: Iterable[Node], kb: KnowledgeBase) -> Iterator[Use]:
    """The names in the answers and expectations of the cases in some documents."""
    shape = shape_of(kb)
    cases = (case for document in documents for case in _cases(document))
    yield from (use for case in cases for use in _of_case(case, shape) if _is_declared(use, kb))


def uses_in_map(documents: Iterable[Node], kb: KnowledgeBase) -> Iterator[Use]:
    """The names of questions and options in a map of columns and values (`--map`)."""
    maps = (document for document in documents if isinstance(document, Mapping))
    yield from (use for each in maps for use in _of_map(each) if _is_declared(use, kb))


def _is_declared(use: Use, kb: KnowledgeBase) -> bool:
    return use.name in (members(use.section, use.of, kb) if use.of else kb.places[use.section])


def members(section: str, of: str, kb: KnowledgeBase) -> list[str]:
    """The options of a question, or the classes of a score or question; empty if it has none."""
    if section == "classes":
        return [each.name for each in kb.classes[of].classes] if of in kb.classes else []
    return [*getattr(kb.questions[of].kind, "options", ())] if of in kb.questions else []


def _of_case(case: Mapping, shape: Shape) -> Iterator[Use]:
    for key, value in case.entries:
        if key.text in ("expect", "expect_not"):
            yield from _expected(value, shape)
        elif key.text == "answers" and isinstance(value, Mapping):
            for question, answer in value.entries:
                yield from _answer(question, answer)
        else:
            yield from _answer(key, value)


def _of_map(document: Mapping) -> Iterator[Use]:
    columns, values = document.get("columns"), document.get("values")
    for _, ours in columns.entries if isinstance(columns, Mapping) else ():
        if isinstance(ours, Scalar):
            question, _, option = ours.text.partition(".")
            yield Use("questions", question, ours.span)
            yield Use("options", option, ours.span, question)
    for key, words in values.entries if isinstance(values, Mapping) else ():
        yield Use("questions", key.text, key.span)
        for _, word in words.entries if isinstance(words, Mapping) else ():
            yield from _options(key.text, word)


def _cases(document: Node) -> Iterator[Mapping]:
    """The cases of a document: itself, the items of a list, or those of a list at `cases`."""
    if isinstance(document, Sequence):
        yield from (each for each in document.items if isinstance(each, Mapping))
    elif isinstance(document, Mapping):
        cases = document.get("cases")
        yield from _cases(cases) if isinstance(cases, Sequence) else (document,)


def _answer(key: Scalar, value: Node) -> Iterator[Use]:
    yield Use("questions", key.text, key.span)
    yield from _options(key.text, value)


def _options(question: str, value: Node) -> Iterator[Use]:
    match value:
        case Scalar():
            named: tuple[Node, ...] = (value,)
        case Sequence(items):
            named = items
        case Mapping(entries):
            named = tuple(key for key, _ in entries)
    for each in named:
        if isinstance(each, Scalar):
            yield Use("options", each.text, each.span, question)


def _expected(node: Node, shape: Shape, field: str = "") -> Iterator[Use]:
    """The names in an expectation, found along its shape."""
    match shape, node:
        case Word(), Scalar():
            yield from _word(node, shape)
        case Fields(fields), Mapping(entries):
            for key, value in entries:
                yield from (Use(section, key.text, key.span) for section in KEYED.get(field, ()))
                if field == "classes" and isinstance(value, Scalar):
                    yield Use("classes", value.text, value.span, key.text)
                if key.text in fields:
                    yield from _expected(value, fields[key.text], key.text)
        case Members(), _:
            yield from _members(node, shape)
        case _:
            pass


def _members(node: Node, shape: Members) -> Iterator[Use]:
    """The names in a list of members, or in a mapping from members to what is said of them."""
    match node:
        case Scalar():
            yield from _word(node, shape.name)
        case Sequence(items):
            for each in items:
                yield from _member(each, shape)
        case Mapping(((Scalar(text=word), whole),)) if word == EXACTLY:
            yield from _members(whole, shape)
        case Mapping(entries):
            for key, value in entries:
                yield from _word(key, shape.name)
                yield from _within(value, shape)


def _member(node: Node, shape: Members) -> Iterator[Use]:
    """The names in an item of a list: a name, or a mapping that has it among other fields."""
    if isinstance(node, Scalar):
        yield from _word(node, shape.name)
    elif isinstance(node, Mapping):
        named = next((value for key, value in node.entries if key.text in NAMES), None)
        yield from _word(named, shape.name) if isinstance(named, Scalar) else ()
        yield from _within(node, shape)


def _within(node: Node, shape: Members) -> Iterator[Use]:
    """The names in what is said of one member."""
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if key.text in shape.fields:
            yield from _expected(value, shape.fields[key.text], key.text)


def _word(node: Scalar, word: Word) -> Iterator[Use]:
    if word.called == "clash" and node.text.startswith(APPLIES):
        yield Use("questions", node.text.removeprefix(APPLIES), node.span)
    for section in SECTIONS.get(word.called, ()):
        yield Use(section, node.text, node.span)
