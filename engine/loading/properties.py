"""Properties: from YAML nodes to what must hold in every case.

In: the entries of the `safety` sections and the questionnaire. Out: properties by name. Their parts have
words that rules lack. `engine.model.knowledge_base.Property` defines what a property means.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.loading.entries import PartSections
from engine.loading.parts import PartReader
from engine.loading.reader import Fields, Reader
from engine.loading.rules import footing
from engine.model.classes import ClassesOf
from engine.model.knowledge_base import VERBS, Property, Verb
from engine.model.parts import Always, Part
from facts.problem import quoted
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar
from facts.vocabulary import Questionnaire

HELP = f"write one of {quoted(f'{verb}: ...' for verb in VERBS)}"


class SafetyReader:
    """Reads properties."""

    def __init__(self, reader: Reader, questions: Questionnaire, classes: ClassesOf) -> None:
        self.reader = reader
        self.parts = PartReader(reader, questions, classes, of="property")

    def properties(self, entries: Iterable[tuple[Scalar, Node]]) -> dict[str, Property]:
        """All properties by name."""
        return {key.text: self._property(key, node) for key, node in entries}

    def _property(self, key: Scalar, node: Node) -> Property:
        optional = ("when", "unanswered", *VERBS, "claims", "ours")
        fields = self.reader.entry(key, node, "property", ("because",), optional)
        because = self.reader.text(fields, "because")
        claims, ours = footing(self.reader, key, node, fields)
        when = PartSections(self.reader, self.parts).when(fields)
        unanswered = self.reader.name_list(fields.get("unanswered"), "questions", "question")
        verb, part = self._said(key, node, fields)
        return Property(
            name=key.text,
            verb=verb,
            part=part,
            because=because,
            when=when,
            unanswered=unanswered,
            claims=claims,
            ours=ours,
            span=key.span,
        )

    def _said(self, key: Scalar, node: Node, fields: Fields) -> tuple[Verb, Part]:
        """The verb and the part of a property; a stand-in unless it has exactly one."""
        verbs = sorted((verb for verb in VERBS if verb in fields.values), key=list(fields.values).index)
        said = [(verb, self.parts.part(fields.values[verb], fields.keys[verb])) for verb in verbs]
        if len(said) > 1:
            message = f"a property must have only one of {quoted(verb for verb, _ in said)}"
            self.reader.report(
                "two-verbs", message, fields.keys[said[1][0]], "write a separate property for each"
            )
        elif not said and isinstance(node, Map) and not fields.misspelt & set(VERBS):
            self.reader.report("missing-key", f"{fields.where} does not say what must hold", key.span, HELP)
        return said[0] if said else ("must", Always())
