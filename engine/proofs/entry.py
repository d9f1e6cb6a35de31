"""The change of one entry of a knowledge base between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.model.parts import NOWHERE
from facts.problem import Span

Word = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that changed. `fields` are those that differ; `same` says whether it means the same as before,
    None if that is not known or there is nothing to prove. `advice` says what to write.
    """

    section: str
    word: Word
    before: str
    after: str
    fields: tuple[str, ...] = ()
    same: bool | None = None
    advice: str = ""
    span: Span = NOWHERE

    @property
    def name(self) -> str:
        """The present name, or the old one if the entry was removed."""
        return self.after or self.before
