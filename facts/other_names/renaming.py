"""Translate column names and values of foreign files by a map.

In: a map, a YAML file from their columns and values to ours:

    columns: {patient: id, walk: walking_effect}
    values:
      walking_effect: {starts: begins, worse: increases}
      fever: {"1": yes, "0": no}

Values are matched without surrounding blanks, and a whole number also as `1.0`; a value mapped to nothing
(`{NA: }`) means unanswered. In an answer with several options, each is a value.

Out: the renaming, or the problems with the map. This module applies it to trees, `facts.tables.values` to
frames.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from facts.answer import DONT_KNOW, NO, NONE, NUMERAL, YES
from facts.other_names.formerly import as_read, former
from facts.paths import unreadable
from facts.plain import NOWHERE, plain_of
from facts.problem import Problem, Span, quote, suggest
from facts.trees.text import MAX_BYTES
from facts.trees.tree import Mapping, Node, Scalar, describe
from facts.trees.tree import Sequence as SequenceNode
from facts.trees.yaml_tree import read_yaml
from facts.vocabulary import Choice, Choices, Number, Question, Questionnaire, YesNo

SECTIONS = ("columns", "values")
TEXTS = ("id", "about", "expect")
WHOLE = re.compile(r"^([-+]?[0-9]+)\.0+$", re.ASCII)
"""A whole number as tools write it in a column with missing values: `1.0`."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """Maps their column names to ours; and, by question, their values to ours."""

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.values)

    def of_case(self, node: Node) -> Node:
        """Translate the tree of a case: its own keys and those in `answers`."""
        if not self or not isinstance(node, Mapping):
            return node
        entries = tuple(self._entry(key, value) for key, value in node.entries)
        return Mapping(entries, node.span)

    def word(self, question: str, text: str) -> str | None:
        """Translate a value: "" means unanswered, None that the map does not contain it."""
        ours, word = self.values[question], text.strip()
        return ours.get(word, ours.get(WHOLE.sub(r"\1", word)))

    def twice(self, names: Iterable[str]) -> Problem | None:
        """Return a problem for the first two names that become the same, if any."""
        seen: dict[str, str] = {}
        for name in names:
            ours = self.columns.get(name, name)
            if seen.setdefault(ours, name) != name:
                message = f"the map gives {quote(seen[ours])} and {quote(name)} the same name, {quote(ours)}"
                return Problem("map-twice", message, Span(""), "keep one of the two", subject=ours)
        return None

    def problem(self, node: Node) -> Problem | None:
        """Return a problem if two keys of a case become the same."""
        answers = node.get("answers") if isinstance(node, Mapping) else None
        for each in (node, answers):
            twice = self.twice(key.text for key, _ in each.entries) if isinstance(each, Mapping) else None
            if twice:
                return replace(twice, span=node.span)
        return None

    def _entry(self, key: Scalar, value: Node) -> tuple[Scalar, Node]:
        if key.text != "answers" or not isinstance(value, Mapping):
            return self._renamed(key), value
        answers = ((self._renamed(name), answer) for name, answer in value.entries)
        said = tuple((name, self.value(name.text, answer)) for name, answer in answers)
        return key, Mapping(said, value.span)

    def _renamed(self, key: Scalar) -> Scalar:
        ours = self.columns.get(key.text)
        return key if ours is None else Scalar(ours, key.plain, key.span)

    def value(self, question: str, node: Node) -> Node:
        """Translate an answer; a list in which every item means unanswered is itself unanswered."""
        if question not in self.values:
            return node
        match node:
            case Scalar():
                return self._scalar(question, node)
            case SequenceNode(items):
                both = [(old, self.value(question, old)) for old in items]
                left = tuple(new for old, new in both if new is old or new != Scalar("", True, NOWHERE))
                return SequenceNode(left, node.span) if left or not items else Scalar("", True, node.span)
            case Mapping(entries):
                pairs = [(old, self._scalar(question, old), value) for old, value in entries]
                kept = [(key, value) for old, key, value in pairs if key is old or key.text]
                return Mapping(tuple((key, self.value(question, value)) for key, value in kept), node.span)

    def _scalar(self, question: str, word: Scalar) -> Scalar:
        ours = self.word(question, word.text)
        return word if ours is None else Scalar(ours, not ours, word.span)


AS_IT_IS = Renaming()


def read_renaming(
    path: str, questions: Questionnaire, carry: Sequence[str] = ()
) -> tuple[Renaming, list[Problem]]:
    """Read a map; if there are problems, the renaming is empty."""
    try:
        with open(Path(path), "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return AS_IT_IS, [unreadable(path, error)]
    documents, problems = read_yaml(data, path)
    if problems:
        return AS_IT_IS, problems
    if len(documents) != 1 or not isinstance(documents[0], Mapping):
        help = "write `columns: {theirs: ours}` and `values: {question: {theirs: ours}}`"
        return AS_IT_IS, [Problem("map-syntax", "a map must be a single mapping", Span(path), help)]
    problems = list(_problems(documents[0], questions, carry))
    return (AS_IT_IS, problems) if problems else (_renaming(documents[0]), [])


def _renaming(document: Mapping) -> Renaming:
    columns, values = (document.get(section) for section in SECTIONS)
    named = {theirs: ours for theirs, ours in _words(columns).items() if ours}
    said = {key.text: _words(value) for key, value in values.entries} if isinstance(values, Mapping) else {}
    return Renaming(named, said)


def _words(node: Node | None) -> dict[str, str]:
    entries = node.entries if isinstance(node, Mapping) else ()
    scalars = ((key, value) for key, value in entries if isinstance(value, Scalar))
    return {key.text.strip(): "" if value.is_null else value.text.strip() for key, value in scalars}


def _problems(document: Mapping, questions: Questionnaire, carry: Sequence[str]) -> Iterator[Problem]:
    for key, value in document.entries:
        if key.text not in SECTIONS:
            help = suggest(key.text, SECTIONS, "keys")
            yield Problem("unknown-key", f"a map has no {quote(key.text)}", key.span, help, subject=key.text)
        elif not isinstance(value, Mapping):
            help = f"write `{key.text}: {{theirs: ours}}`"
            yield Problem("map-syntax", f"`{key.text}` must be a mapping", value.span, help)
        elif key.text == "columns":
            yield from _of_columns(value, questions, carry)
        else:
            yield from _of_values(value, questions)


def _of_columns(columns: Mapping, questions: Questionnaire, carry: Sequence[str]) -> Iterator[Problem]:
    asked = as_read(questions)
    known = [*TEXTS, *carry, *asked, *(name for each in questions.values() for name in each.formerly)]
    for name, question in asked.items():
        if isinstance(question.kind, Choices):
            known += (f"{name}.{option}" for option in question.kind.options)
    taken: dict[str, Span] = {}
    for _, value in columns.entries:
        ours = value.text if isinstance(value, Scalar) else plain_of(value)
        if not isinstance(ours, str) or ours not in known:
            help = suggest(str(ours), known, "names") or "write the name of a question"
            yield Problem("unknown-question", f"there is no question {quote(str(ours))}", value.span, help)
        elif ours in taken:
            message = f"two columns get the same name, {quote(ours)}"
            yield Problem("map-twice", message, value.span, "keep one of the two", taken[ours])
        else:
            taken[ours] = value.span


def _of_values(values: Mapping, questions: Questionnaire) -> Iterator[Problem]:
    asked = as_read(questions)
    for key, value in values.entries:
        question, once_asked = asked.get(key.text), former(key.text, questions)
        if once_asked and once_asked.is_left_out:
            continue
        if question is None:
            help = suggest(key.text, list(questions), "questions") or "write the name of a question"
            message = f"there is no question {quote(key.text)}"
            yield Problem("unknown-question", message, key.span, help, subject=key.text)
        elif not isinstance(value, Mapping):
            help = f"write `{key.text}: {{theirs: ours}}`"
            yield Problem("map-syntax", f"the values of `{key.text}` must be a mapping", value.span, help)
        else:
            yield from _of_question(value, question)


def _of_question(values: Mapping, question: Question) -> Iterator[Problem]:
    known = _sayable(question)
    for key, value in values.entries:
        if isinstance(value, Scalar) and (value.is_null or not value.text.strip()):
            continue
        if not key.text.strip():
            message = f"an empty cell must not get a meaning, here {describe(value)}"
            help = (
                "remove this line: an empty cell means that the question was not answered;"
                " write each answer that was given into its cell"
            )
            yield Problem("map-blank", message, key.span, help, subject=question.name)
        ours = value.text.strip() if isinstance(value, Scalar) else ""
        if ours not in known and not (isinstance(question.kind, Number) and NUMERAL.fullmatch(ours)):
            help = suggest(ours, known, "values") or "write an answer that the question allows"
            message = f"`{question.name}` cannot be {quote(ours) if ours else describe(value)}"
            yield Problem("unknown-option", message, value.span, help, subject=question.name)


def _sayable(question: Question) -> list[str]:
    """Return the words that answer a question, except numbers."""
    match question.kind:
        case YesNo():
            return [*YES, *NO, DONT_KNOW]
        case Choice(options):
            return [*options, DONT_KNOW]
        case Choices(options):
            return [*options, NONE, *YES, *NO, DONT_KNOW]
        case Number():
            return [DONT_KNOW]
