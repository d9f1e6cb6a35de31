"""The origin of cases: a file, the questionnaire, and the renaming of its columns and values.

Folder names may answer questions for all cases of a file, such as `day=2026-11-30/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from facts.case import Case, Read, read_case
from facts.other_names.formerly import former
from facts.other_names.renaming import AS_IT_IS, Renaming
from facts.paths import folders_of
from facts.plain import word
from facts.problem import Problem, Span, in_order
from facts.trees.tree import Mapping as MappingNode
from facts.trees.tree import Node
from facts.vocabulary import Questionnaire


@dataclass(frozen=True, slots=True)
class Origin:
    """A file as displayed, the prefix of default ids, and the questionnaire.

    `carry` names the keys or columns that are carried along. `said` holds the values from folder names that
    no column of the table overrides.
    """

    file: str
    name: str
    questions: Questionnaire = field(repr=False)
    carry: Sequence[str] = ()
    renaming: Renaming = field(default=AS_IT_IS, repr=False)
    said: Mapping[str, str | None] | None = field(default=None, repr=False)

    def renamed(self) -> Origin:
        """Return the origin for columns that are already renamed."""
        return replace(self, renaming=Renaming(values=self.renaming.values))

    def of_table(self, columns: Iterable[str]) -> Origin:
        """Return the origin for a table with these columns, after renaming."""
        return replace(self, said=self.folders(columns))

    def folders(self, has: Iterable[str] = ()) -> Mapping[str, str | None]:
        """Return the values from folder names that are questions or carried along, after renaming, except
        names in `has`.
        """
        if self.said is not None or "=" not in self.file:
            return self.said or {}
        there, ours = set(has), self.renaming.columns
        said = {ours.get(name, name): value for name, value in folders_of(self.file).items()}
        asked = (name for name in said if name in self.carry or self._is_asked(name))
        return {name: said[name] for name in asked if name not in there}

    def _is_asked(self, name: str) -> bool:
        return name in self.questions or former(name, self.questions) is not None

    def case(self, node: Node, place: object, found: Sequence[Problem] = (), written: bool = False) -> Read:
        """Read a case from its tree; without an id it is called `name:place`.

        `found` holds problems that were already found. `written` marks a case written by hand (see
        `facts.case.read_case`).
        """
        if self.renaming and (twice := self.renaming.problem(node)):
            return in_order([*found, twice])
        node = self._completed(self.renaming.of_case(node))
        read = read_case(node, self.questions, f"{self.name}:{place}", self.carry, written)
        if isinstance(read, Case):
            return in_order(found) if found else self._noted(read)
        return in_order([*found, *read])

    def _noted(self, case: Case) -> Case:
        """Give each warning of the case a place, at least the file."""
        notes = (note if note.span.file else replace(note, span=Span(self.file)) for note in case.notes)
        return replace(case, notes=tuple(notes)) if case.notes else case

    def _completed(self, node: Node) -> Node:
        """Add the values from folder names to the tree of a case."""
        answers = node.get("answers") if isinstance(node, MappingNode) else None
        if not isinstance(node, MappingNode) or not isinstance(answers, MappingNode):
            return node
        said = self.folders(key.text for each in (node, answers) for key, _ in each.entries)
        if not said:
            return node
        values = self.renaming.values
        pairs = [(name, value) for name, value in said.items() if value is not None]
        given = tuple(
            (word(name), word(values.get(name, {}).get(value, value)))
            for name, value in pairs
            if self._is_asked(name)
        )
        along = tuple((word(name), word(value)) for name, value in pairs if name in self.carry)
        rest = tuple(entry for entry in node.entries if entry[1] is not answers)
        whole = MappingNode((*answers.entries, *given), answers.span)
        return MappingNode((*rest, *along, (word("answers"), whole)), node.span)
