"""A whole comparison of two versions, in the order in which people read it.

In: what was compared, the entries that changed, and counted cases. Out: changes in groups, and the cases that
show them, each once. The terminal, JSON and Markdown show the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.model.knowledge_base import KnowledgeBase
from engine.proofs.counted import Counting
from engine.proofs.entry import Entry
from engine.proofs.versions import Compared, Example
from facts.cases.text import answer_text
from facts.other_names.versions import Joined, View
from facts.vocabulary import Answer


@dataclass(frozen=True)
class Comparison:
    """Two versions, named by `words`; `cases` says which cases were counted."""

    words: tuple[str, str]
    old: KnowledgeBase
    new: KnowledgeBase
    joined: Joined
    compared: Sequence[Compared]
    entries: Sequence[Entry]
    counting: Counting | None = None
    cases: str = ""
    groups: Sequence[Group] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", list(self._grouped()))

    @cached_property
    def falls(self) -> list[Compared]:
        """The levels that somebody no longer reaches, although no option allows that."""
        return [each for each in self.compared if each.is_fall]

    @cached_property
    def allowed(self) -> list[Compared]:
        """The levels that somebody no longer reaches, only because of allowed rules."""
        return [each for each in self.compared if each.allowed]

    @cached_property
    def undecided(self) -> list[Compared]:
        """What was left undecided in the given time."""
        return [each for each in self.compared if each.status == "undecided"]

    @cached_property
    def changed(self) -> list[Compared]:
        """What changes for somebody, falls first."""
        found = [each for each in self.compared if each.status == "changed" and not each.only_clashing]
        return sorted(found, key=lambda each: not (each.is_fall or each.allowed))

    @cached_property
    def only_clashing(self) -> list[Compared]:
        """The outcomes other than urgency that change only for contradictory answers."""
        return [each for each in self.compared if each.only_clashing]

    @cached_property
    def examples(self) -> list[Example]:
        """The cases that show the changes, each once."""
        found: list[Example] = []
        for each in (*self.changed, *self.only_clashing):
            if each.example is not None and self.number(each.example, found) is None:
                found.append(each.example)
        return found

    def number(self, example: Example, among: Sequence[Example] | None = None) -> int | None:
        """The number of an example among these, from 1; None if it is not one of them."""
        known = self.examples if among is None else among
        return next((at for at, each in enumerate(known, 1) if each.answers == example.answers), None)

    def shown_by(self, example: Example) -> Iterator[Compared]:
        """The outcomes that change in the case of an example, each once."""
        seen: set[tuple[str, str, str]] = set()
        for each in (*self.changed, *self.only_clashing):
            if each.example is not None and each.example.answers == example.answers:
                what = each.kind if _is_urgency(each.kind) else f"{each.kind} {each.name}"
                key = (what, each.example.was, each.example.now)
                if key not in seen:
                    seen.add(key)
                    yield each

    def rows(self, each: Compared) -> int | None:
        """The number of given cases in which an outcome changes; None if no cases were given."""
        if self.counting is None:
            return None
        found = self.counting.changes.get((each.kind, each.name, each.direction))
        return found.rows if found else 0

    def told(self, example: Example) -> Iterator[tuple[str, str, str]]:
        """The answers of a case: question, answer, and which version alone knows it ("old", "new" or "")."""
        unknown = _unread(self.joined.before, example)
        for name, answer in example.after.items():
            yield name, answer_text(self.new.questions[name], answer), "new" if name in unknown else ""
        for name, answer in _unread(self.joined.after, example).items():
            yield name, answer_text(self.joined.questions[name], answer), "old"

    def _grouped(self) -> Iterator[Group]:
        found: dict[tuple[str, str], list[Compared]] = {}
        for each in self.changed:
            found.setdefault((each.kind, each.direction), []).append(each)
        for (kind, direction), those in found.items():
            yield Group(kind, direction, tuple(those))


@dataclass(frozen=True, slots=True)
class Group:
    """The outcomes of one kind that change in the same direction."""

    kind: str
    direction: str
    members: tuple[Compared, ...]


def _is_urgency(kind: str) -> bool:
    return kind.startswith(("level", "ceiling"))


def _unread(view: View, example: Example) -> Mapping[str, Answer]:
    """The joint answers, or parts of them, that a version does not read."""
    read = {slot for each in view.values() for slots in each.values() for slot in slots}
    found: dict[str, Answer] = {}
    for question, answer in example.answers.items():
        match answer:
            case Mapping():
                rest = {option: said for option, said in answer.items() if (question, option) not in read}
                if rest:
                    found[question] = rest
            case str():
                if (question, answer) not in read:
                    found[question] = answer
            case _:
                if (question, "") not in read:
                    found[question] = answer
    return found


def short(names: Sequence[str], most: int) -> str:
    """The first `most` names with commas, and the number of the others."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
