"""The population: from YAML nodes to shares by question and group.

In: the `population` section of a knowledge base or of a separate file, and the questionnaire. Out: a
population. Problems are reported with their places; a population that has problems must not be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from engine.loading.files import read_files, shown
from engine.loading.reader import Fields, Reader
from engine.loading.sections import twice
from engine.loading.shares import ShareReader
from engine.model.knowledge_base import KnowledgeBase
from engine.model.population import Group, Population, Spread, Spreads
from facts.nearest import nearest
from facts.problem import Problem, Span, in_order, quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar
from facts.trees.yaml_tree import read_yaml
from facts.vocabulary import Question, Questionnaire

SECTION = "population"
WHOLE = ("answers", "unanswered")


def population_in(path: Path, kb: KnowledgeBase) -> tuple[Population | None, list[Problem]]:
    """The population in a file or folder, or None if it has problems, and the problems in order."""
    files, problems = read_files(path)
    entries: list[tuple[Scalar, Node]] = []
    for name, data in files:
        documents, broken = read_yaml(data, shown(path / name if path.is_dir() else path))
        problems += broken
        entries += [entry for each in documents if isinstance(each, Map) for entry in each.entries]
    found = [(key, node) for key, node in entries if key.text == SECTION]
    if not found and not problems:
        near = nearest(SECTION, [key.text for key, _ in entries])
        help = (
            f"write {quote(SECTION)} instead of {quote(near)}" if near else f"begin with a line `{SECTION}:`"
        )
        message = f"there is no section {quote(SECTION)}"
        problems.append(Problem("no-population", message, Span(shown(path)), help))
    for key, _ in found[1:]:
        problems.append(twice("section", key, found[0][0].span))
    reader = Reader(kb.places, problems)
    population = read_population(reader, kb.questions, *found[0]) if found else None
    return (None if problems else population), in_order(problems)


def holds_population_alone(documents: list[Node]) -> bool:
    """Whether a file has the section `population` and no other."""
    keys = [key.text for each in documents if isinstance(each, Map) for key, _ in each.entries]
    return {*keys} == {SECTION} and all(isinstance(each, Map) for each in documents)


def read_population(reader: Reader, questions: Questionnaire, key: Scalar, node: Node) -> Population:
    """The population that a section describes; to be used only if no problem was reported."""
    read = PopulationReader(reader, questions)
    where = f"`{SECTION}`"
    fields = reader.fields(node, where, ("about",), (*WHOLE, "groups", "grounds"), key.span)
    everybody, groups = read.spreads(fields), read.groups(fields)
    if fields.values and not fields.misspelt and not read.answered and not reader.problems:
        help = "write `answers:`, and lines `question: share` below it"
        reader.report("no-shares", f"{where} has no shares for any question", key.span, help)
    return Population(reader.text(fields, "about"), everybody, groups, read.grounds(fields, groups))


class PopulationReader:
    """Reads the pieces of a population. `answered` collects the questions that have shares."""

    def __init__(self, reader: Reader, questions: Questionnaire) -> None:
        self.reader = reader
        self.questions = questions
        self.of = ShareReader(reader)
        self.answered: set[str] = set()

    def groups(self, fields: Fields) -> dict[str, Group]:
        """The groups by name."""
        if "groups" not in fields.values:
            return {}
        help = "write lines `name: {share: ..., about: ...}` below it, or remove it"
        entries = self._entries(fields, "groups", help)
        shares: list[Decimal | None] = []
        found: dict[str, Group] = {}
        for key, node in entries:
            self.reader.check_name(key, "group")
            own = self.reader.entry(key, node, "group", ("share", "about"), WHOLE)
            shares.append(self.of.share_in(own))
            about, told = self.reader.text(own, "about"), self.spreads(own)
            found[key.text] = Group(about, float(shares[-1] or 0), told)
        if entries and (same := self.questions.get("group")):
            message = "a question cannot be called `group` if there are groups: samples have a column `group`"
            help = "rename the question, or remove the groups"
            self.reader.report("reserved-name", message, fields.keys["groups"], help, same.span)
        if entries:
            self.of.together(shares, "the groups", fields.keys["groups"])
        return found

    def spreads(self, fields: Fields) -> Spreads:
        """The answers of a group or of everybody, and the shares that stay unanswered."""
        help = "write lines `question: share` below it, or remove it"
        answers: dict[str, Spread] = {}
        for question, key, node in self._of_questions(fields, "answers", help):
            answers[question.name] = self.of.answers(question, key, node)
            self.answered.add(question.name)
        unanswered = {}
        for question, key, node in self._of_questions(fields, "unanswered", help):
            share = self.of.share(node, f"`unanswered` of {quote(question.name)}", key.span)
            unanswered[question.name] = float(share or 0)
        return Spreads(answers, unanswered)

    def grounds(self, fields: Fields, groups: Iterable[str]) -> dict[str, str]:
        """Where the numbers are published, by question or group."""
        found = {}
        known = [*self.questions, *groups]
        for key, node in self._entries(fields, "grounds", "write lines `question: publication` below it"):
            if key.text in known:
                if key.text in self.questions:
                    self.reader.use("questions", key)
                found[key.text] = self.reader.text_of(node, f"the ground of {quote(key.text)}", key.span)
            elif "questions" not in self.reader.unsure:
                message = f"there is no question or group {quote(key.text)}"
                help = self.reader.hint(key.text, known, "questions")
                self.reader.report("unknown-question", message, key.span, help)
        return found

    def _entries(self, fields: Fields, name: str, help: str) -> tuple[tuple[Scalar, Node], ...]:
        """The entries of the mapping at a key; empty if it is absent or wrong."""
        node = fields.get(name)
        if isinstance(node, Map) and node.entries:
            return node.entries
        if isinstance(node, Map):
            self.reader.report("empty-list", f"{quote(name)} of {fields.where} is empty", node.span, help)
        elif node is not None:
            message = f"{quote(name)} of {fields.where} must be a mapping"
            self.reader.wrong(node, message, fields.keys[name], help)
        return ()

    def _of_questions(self, fields: Fields, name: str, help: str) -> Iterator[tuple[Question, Scalar, Node]]:
        """The entries of a mapping whose keys are known questions without problems."""
        for key, node in self._entries(fields, name, help):
            question = self.reader.declared(key, "questions", "question")
            if question and ("questions", question) not in self.reader.unsound:
                yield self.questions[question], key, node
