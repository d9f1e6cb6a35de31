"""Where cases come from: one file, the questionnaire that its answers belong to, and other names for both.

`carry` names what is carried along: keys beside `answers`, or columns of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from facts.case import Case, Read, read_case
from facts.problem import Problem, in_order
from facts.renaming import AS_IT_IS, Renaming
from facts.tree import Node
from facts.vocabulary import Questionnaire


@dataclass(frozen=True, slots=True)
class Origin:
    """The file as it is shown, the name that cases without an id are called after, the questionnaire."""

    file: str
    name: str
    questions: Questionnaire = field(repr=False)
    carry: Sequence[str] = ()
    renaming: Renaming = field(default=AS_IT_IS, repr=False)

    def renamed(self) -> Origin:
        """The same where the columns have our names already."""
        return replace(self, renaming=Renaming(values=self.renaming.values))

    def case(self, node: Node, place: object, found: Sequence[Problem] = ()) -> Read:
        """The case in a tree, called `name:place` if it has no id, unless there is a problem with it."""
        if self.renaming and (twice := self.renaming.problem(node)):
            return in_order([*found, twice])
        read = read_case(self.renaming.of_case(node), self.questions, f"{self.name}:{place}", self.carry)
        if isinstance(read, Case):
            return in_order(found) if found else read
        return in_order([*found, *read])
