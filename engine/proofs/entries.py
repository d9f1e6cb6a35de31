"""Which entries of a knowledge base were added, removed, renamed or changed, section by section.

In: two versions, and the names that mean the same in both. Out: changes, each with the fields concerned and,
for a rule or another definition, whether it means the same as before in every case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace

from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import NOWHERE, Ref
from engine.proofs.entry import Entry, Word
from engine.proofs.present import Present
from engine.proofs.questions import Questions
from engine.proofs.renames import Names
from engine.proofs.versions import Comparing
from engine.solver import Undecided
from facts.problem import Span

KINDS = {
    "findings": "finding",
    "conditions": "condition",
    "triage": "triage",
    "advice": "advice",
    "texts": "text",
    "scores": "score",
    "rules": "rule",
    "consistency": "inconsistency",
    "disagreements": "disagreement",
}
"""The kind of the names of each section that has formulas."""
PLAIN = ("sources", "claims", "advice_kinds", "numbers", "classes")
"""Sections whose entries are compared by what they say alone."""


def entries(comparing: Comparing) -> list[Entry]:
    """Everything that was added, removed, renamed or changed."""
    if comparing.is_one:
        return []
    present = Present(comparing.names, comparing.joined.before)
    listing = _Listing(comparing, comparing.names, present)
    found = [*Questions(comparing, present).entries(), *listing.single()]
    for section in (*PLAIN, *KINDS, "safety"):
        found += listing.section(section)
    return [
        replace(each, span=_place(each, comparing.old if each.word == "removed" else comparing.new))
        for each in found
    ]


def _place(entry: Entry, kb: KnowledgeBase) -> Span:
    return kb.places.get(entry.section, {}).get(entry.name, NOWHERE)


def _section(name: str, kb: KnowledgeBase) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(kb, "levels" if name == "triage" else name)
    return found


@dataclass(frozen=True)
class _Listing:
    comparing: Comparing
    names: Names
    present: Present

    def single(self) -> Iterator[Entry]:
        """The scope, and what a page says of the knowledge base as a whole."""
        old, new = self.comparing.old, self.comparing.new
        if old.scope != new.scope:
            word: Word = "added" if old.scope is None else "removed" if new.scope is None else "changed"
            yield Entry("scope", word, "scope", "scope")
        titles = [key for key in ("name", "version", "notice") if getattr(old, key) != getattr(new, key)]
        if titles:
            yield Entry("knowledge_base", "changed", "knowledge_base", "knowledge_base", tuple(titles))

    def section(self, name: str) -> Iterator[Entry]:
        """The entries of a section, by the names of today, then those that were removed."""
        old, new = (_section(name, kb) for kb in (self.comparing.old, self.comparing.new))
        present = self._both(name, old, new)
        former = {now: was for was, now in present.items()}
        for after, entry in new.items():
            before = former.get(after)
            if before is None:
                yield Entry(name, "added", "", after)
                continue
            changed = tuple(self._fields(old[before], entry))
            same = self._is_same(name, before, after) if changed or before != after else None
            if before != after:
                yield Entry(name, "renamed", before, after, changed, same)
            elif changed:
                yield Entry(name, "changed", before, after, changed, same)
        yield from (Entry(name, "removed", before, "") for before in old if before not in present)

    def _both(self, name: str, old: Mapping[str, object], new: Mapping[str, object]) -> Mapping[str, str]:
        if name in KINDS:
            return self.names.present[KINDS[name]]
        found = {each: each for each in old if each in new}
        left = [each for each in new if each not in old]
        for before in (each for each in old if each not in new):
            alike = [after for after in left if not list(self._fields(old[before], new[after]))]
            if len(alike) == 1:
                found[before] = alike[0]
                left.remove(alike[0])
        return found

    def _fields(self, old: object, new: object) -> Iterator[str]:
        """What changed in an entry, apart from its name and names that changed elsewhere."""
        if not is_dataclass(old) or type(old) is not type(new):
            yield from () if old == new else ("text",)
            return
        assert not isinstance(old, type)
        for each in fields(old):
            if each.compare and each.name not in ("name", "id"):
                was, now = getattr(old, each.name), getattr(new, each.name)
                if was != now and self.present.value(was) != now:
                    yield each.name

    def _is_same(self, section: str, before: str, after: str) -> bool | None:
        """Whether an entry means the same as before; None if it has no meaning or time ran out."""
        if section == "scores":
            return self.comparing.versions.are_same_scores(before, after)
        kind = KINDS.get(section)
        if kind is None:
            return None
        shapes = {"condition": ("condition",), "advice": ("give", "hold")}.get(kind, (kind,))
        grades = ("background", "possible", "typical", "hallmark", "known") if kind == "condition" else ("",)
        pairs = [
            (Ref(name_of(shape, before, grade)), Ref(name_of(shape, after, grade)))
            for shape in shapes
            for grade in grades
        ]
        try:
            return all(self.comparing.versions.mean_the_same(*each) for each in pairs)
        except Undecided:
            return None
