"""The YAML of all files sorted into sections, with all declared names.

In: the documents of each file, and their problems. Out: the entries of each section in the order of the
files, each name once. A section that could not be read completely is `unsure`: since names may be missing,
references to names that seem undeclared are not reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.loading.files import shown
from engine.loading.reader import Reader
from facts.problem import Problem, Span, quote, quoted, suggest
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence

SINGLE = ("knowledge_base", "scope", "population")
NAMED = {
    "sources": "source",
    "claims": "claim",
    "questions": "question",
    "findings": "finding",
    "conditions": "condition",
    "triage": "level",
    "advice_kinds": "kind",
    "advice": "advice",
    "texts": "text",
    "numbers": "number",
    "scores": "score",
    "rules": "rule",
    "consistency": "inconsistency",
    "disagreements": "disagreement",
    "safety": "property",
}
OF_A_CASE = frozenset(("id", "about", "answers", "expect", "expect_not", "todo"))

Entry = tuple[Scalar, Node]


@dataclass
class Sections:
    """The entries of all files by section. Sections in `unsure` may be incomplete."""

    problems: list[Problem]
    unsure: set[str]
    unsound: set[tuple[str, str]] = field(default_factory=set)
    entries: dict[str, list[Entry]] = field(default_factory=lambda: {name: [] for name in NAMED})
    single: dict[str, Entry] = field(default_factory=dict)
    seen: bool = False

    def take(self, documents: list[Node], problems: list[Problem]) -> None:
        """Add the contents of one file."""
        for problem in problems:
            if problem.code == "duplicate-key":
                self.unsure |= (NAMED.keys() & {problem.subject}) | {"rules"}
            elif problem.code not in ("alias", "tag"):
                self.unsure |= NAMED.keys()
        self.problems += problems
        for document in documents:
            self._sort(document)

    def _sort(self, document: Node) -> None:
        """Add the entries of one document to their sections."""
        if isinstance(document, Scalar) and document.is_null:
            return
        if _holds_cases(document):
            self._cases(document)
            return
        if not isinstance(document, Map):
            message = "a file of a knowledge base must be a mapping of sections"
            self._wrong(document, message, document.span, "begin with `rules:` or another section")
            self.unsure |= NAMED.keys()
            return
        for key, node in document.entries:
            self.seen = True
            if key.text in SINGLE:
                self._once(key, node)
            elif key.text not in NAMED:
                known = (*SINGLE, *NAMED)
                help = suggest(key.text, known, "sections") or f"sections: {quoted(known)}"
                message = f"there is no section {quote(key.text)}"
                self.problems.append(Problem("unknown-section", message, key.span, help))
                self.unsure |= NAMED.keys()
            elif isinstance(node, Map):
                self.entries[key.text] += node.entries
            elif isinstance(node, Scalar) and node.is_alias:
                self.unsure.add(key.text)
            elif not (isinstance(node, Scalar) and node.is_null):
                message = f"section `{key.text}` must be a mapping of names"
                self._wrong(node, message, key.span, "write lines `name: ...` below it, without `- `")
                self.unsure.add(key.text)

    def _cases(self, document: Node) -> None:
        """Report that a file contains cases, once per file."""
        self.seen, span = True, document.span
        self.unsure |= NAMED.keys()
        if not any(each.code == "misplaced-case" and each.span.file == span.file for each in self.problems):
            message = "this is a case, not a section of a knowledge base"
            help = "move the file into the folder `cases` of the knowledge base"
            self.problems.append(Problem("misplaced-case", message, span, help))

    def _wrong(self, node: Node, message: str, at: Span, help: str) -> None:
        Reader({}, self.problems).wrong(node, message, at, help)

    def _once(self, key: Scalar, node: Node) -> None:
        if key.text in self.single:
            self.problems.append(twice("section", key, self.single[key.text][0].span))
        self.single.setdefault(key.text, (key, node))

    def finish(self, path: Path) -> None:
        """Report if no file has a section."""
        if not self.seen and not self.problems:
            help = "begin with `questions:` and `rules:`"
            self.problems.append(Problem("empty", "the knowledge base is empty", Span(shown(path)), help))

    def declare(self) -> dict[str, dict[str, Span]]:
        """Every declared name by section. A second declaration is reported and dropped."""
        names: dict[str, dict[str, Span]] = {section: {} for section in NAMED}
        reader = Reader({}, self.problems)
        for section, what in NAMED.items():
            first, kept = names[section], list[Entry]()
            for key, node in self.entries[section]:
                if key.text in first:
                    self.problems.append(twice(what, key, first[key.text]))
                    self.unsure.add("rules")
                    continue
                if not reader.check_name(key, what):
                    self.unsound.add((section, key.text))
                first[key.text] = key.span
                kept.append((key, node))
            self.entries[section] = kept
        return names


def _holds_cases(document: Node) -> bool:
    """Whether a document is a case or a list of cases."""
    if isinstance(document, Sequence):
        return any(_holds_cases(each) for each in document.items if isinstance(each, Map))
    keys = {key.text for key, _ in document.entries} if isinstance(document, Map) else set()
    if keys == {"cases"} and isinstance(document, Map):
        return isinstance(document.entries[0][1], Sequence)
    return not keys & NAMED.keys() and ("answers" in keys or len(keys & OF_A_CASE) > 1)


def twice(what: str, key: Scalar, earlier: Span) -> Problem:
    """The problem of a second declaration of a name."""
    message = f"{what} {quote(key.text)} is declared twice"
    return Problem(f"duplicate-{what}", message, key.span, "remove or rename one of the two", earlier)
