"""An old version in present names, so that a mere rename is not a change.

In: a value of the model: a part, a conclusion, a line of a score. Out: the same value with each old name
replaced by the present one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from engine.model.names import name_of, parsed
from engine.model.parts import (
    All,
    Answered,
    AnyOf,
    ChosenBound,
    Count,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
    Test,
)
from engine.proofs.renames import Names
from facts.other_names.versions import View

KINDS = {"level": "triage", "items": "advice"}
"""The kind of the names in a field that is called otherwise."""


@dataclass(frozen=True, slots=True)
class Present:
    """Replaces old names by present ones. `view` says from which joint questions the options of old questions
    are read.
    """

    names: Names
    view: View

    @property
    def questions(self) -> Mapping[str, str]:
        """The questions that both versions have, by their old names."""
        return self.names.present["question"]

    def value(self, value: Any) -> Any:
        """The value with present names in place of old ones."""
        match value:
            case Answered(question, test):
                return self._answered(question, test)
            case Ref(name):
                return Ref(self._now(name))
            case Scored(score, bound):
                return Scored(self.names.present["score"].get(score, score), bound)
            case All() | AnyOf() | Count() | Not():
                return self._compound(value)
            case tuple():
                return tuple(self.value(each) for each in value)
            case _ if is_dataclass(value) and not isinstance(value, type):
                return replace(value, **{each.name: self._field(value, each.name) for each in fields(value)})
            case _:
                return value

    def _compound(self, part: All | AnyOf | Count | Not) -> Part:
        if isinstance(part, Not):
            return replace(part, part=self.value(part.part))
        return replace(part, parts=self.value(part.parts))

    def _field(self, value: object, name: str) -> object:
        """A field of a conclusion or of a line, which may be a name or a tuple of names."""
        own, table = getattr(value, name), self.names.present.get(KINDS.get(name, name), {})
        if isinstance(own, str):
            return table.get(own, own)
        return tuple(table.get(each, each) for each in own) if name == "items" else self.value(own)

    def _now(self, name: str) -> str:
        kind, called, _ = parsed(name)
        if kind == "asked":
            return name_of(kind, self.questions.get(called, called))
        return self.names.now(name) or name

    def _answered(self, question: str, test: Test) -> Part:
        meant = {option: slots[0][1] for option, slots in self.view.get(question, {}).items()}
        if isinstance(test, OneOf | NoneOf | ChosenBound):
            test = replace(test, options=tuple(meant.get(each, each) for each in test.options))
        return Answered(self.questions.get(question, question), test)
