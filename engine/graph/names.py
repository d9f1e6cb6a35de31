"""What a graph can be about: subjects to the names of nodes.

In: a subject, as `engine.words.subjects` finds it in a user's word. Out: the names of nodes, several where a
condition has several supports.
"""

from __future__ import annotations

from engine.graph.detail import grades
from engine.meaning.valuation import Prepared
from engine.model.names import name_of, parsed
from engine.words.subjects import Subject

DRAWN = ("rule", "finding", "condition", "triage", "advice", "question")
"""The kinds of subjects that a graph can be about."""


def nodes_of(subject: Subject, prepared: Prepared) -> list[str]:
    """The names of the nodes; of a level the rules for just this one, of a condition each of its supports."""
    match subject.kind:
        case "condition":
            named = grades(subject.name, prepared)
            return [each for each in named if not subject.support or parsed(each).support == subject.support]
        case "triage":
            return [name_of("level", subject.name)]
        case kind:
            return [name_of(kind, subject.name)]
