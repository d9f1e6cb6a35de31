"""Where cases come from: one file, and the questionnaire that its answers belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from facts.case import Case, Read, read_case
from facts.problem import Problem, in_order
from facts.tree import Node
from facts.vocabulary import Questionnaire


@dataclass(frozen=True, slots=True)
class Origin:
    """The file as it is shown, the name that cases without an id are called after, the questionnaire."""

    file: str
    name: str
    questions: Questionnaire = field(repr=False)

    def case(self, node: Node, place: object, found: Sequence[Problem] = ()) -> Read:
        """The case in a tree, called `name:place` if it has no id, unless there is a problem with it."""
        read = read_case(node, self.questions, f"{self.name}:{place}")
        if isinstance(read, Case):
            return in_order(found) if found else read
        return in_order([*found, *read])
