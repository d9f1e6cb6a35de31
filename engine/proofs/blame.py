"""Which rules are responsible for a change: those that lead to a result in one version and not in the other.

In: two versions, the names that mean the same in both, and a case assessed by both. Out: ids of rules that
fired only before, and of those that fired only after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.meaning.definitions import Definitions, parts_of, reads
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import Always, AnyOf, Not, Part, Ref
from engine.proofs.renames import Names
from engine.solver.versions import Way
from engine.solver.world import true

NEVER = Not(Always())


@dataclass(frozen=True)
class Leading:
    """Which rules of one version lead to a part, directly or through other definitions."""

    kb: KnowledgeBase
    named: Definitions
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def rules(self, parts: Iterable[Part]) -> list[str]:
        """The ids of the rules that lead to any of these parts, nearest first."""
        return list(dict.fromkeys(id for part in parts for id in self._of_part(part)))

    def upstream(self, rule: str) -> list[str]:
        """The ids of the rules that lead to a rule."""
        return self.rules([self.kb.rules[rule].when])

    def _of_part(self, part: Part) -> Iterator[str]:
        for each in parts_of(part):
            for ref in reads(each, self.kb):
                yield from self._of_name(ref.name)

    def _of_name(self, name: str) -> tuple[str, ...]:
        if name not in self.found:
            self.found[name] = tuple(self._search(name))
        return self.found[name]

    def _search(self, name: str) -> Iterator[str]:
        seen, waiting = {name}, [name]
        for each in waiting:
            if kind_of(each) == "rule":
                yield parsed(each).name
            read = reads(self.named[each], self.kb) if each in self.named else ()
            for ref in read:
                if ref.name not in seen:
                    seen.add(ref.name)
                    waiting.append(ref.name)


@dataclass(frozen=True, slots=True)
class Blamed:
    """The ids of the rules that lead to an outcome in the old version only, and in the new version only."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Blaming:
    """Finds the rules responsible for the changes between two versions."""

    old: Leading
    new: Leading
    names: Names

    def of(
        self, parts: Iterable[tuple[Part, Part]], before: Valuation, after: Valuation, is_open: bool
    ) -> Blamed:
        """The rules responsible for a change in the truth of parts; if `is_open`, also rules that stayed open
        in one version only.
        """
        pairs = list(parts)
        gone = [id for pair in pairs for id in self._only(self.old, pair, before, after, is_open)]
        came = [id for pair in pairs for id in self._only(self.new, pair, before, after, is_open)]
        if not (gone or came):
            was = _active(self.old.rules(one for one, _ in pairs), before, is_open)
            now = _active(self.new.rules(other for _, other in pairs), after, is_open)
            gone = [id for id in was if self.names.present["rule"].get(id) not in now]
            came = [id for id in now if self.names.former["rule"].get(id) not in was]
        return Blamed(tuple(dict.fromkeys(gone)), tuple(dict.fromkeys(came)))

    def _only(
        self, side: Leading, pair: tuple[Part, Part], before: Valuation, after: Valuation, is_open: bool
    ) -> Iterator[str]:
        """The rules that make a part true in one version and not in the other, and those among the rules that
        lead to it that fired in one version only.
        """
        is_old = side is self.old
        other_side = self.new if is_old else self.old
        own, other = pair if is_old else pair[::-1]
        case, other_case = (before, after) if is_old else (after, before)
        table = (self.names.present if is_old else self.names.former)["rule"]
        giving, still = list(_givers(side, own)), set(_givers(other_side, other))
        for id in _active(side.rules([own]), case, is_open):
            counterpart = table.get(id)
            is_active = counterpart is not None and bool(_active([counterpart], other_case, is_open))
            if not is_active or (id in giving and counterpart not in still):
                yield id

    def unless(self, one: Part, other: Part, allowed: frozenset[str]) -> Iterator[Way]:
        """The ways in which a case can lose a level without the allowed rules being responsible. `one` gives
        the level before, `other` after.

        In each way, a rule that gave the level no longer does; it is not allowed itself, and no allowed rule
        that leads to it changed.
        """
        present, giving = self.names.present["rule"], set(_givers(self.new, other))
        for id in _givers(self.old, one):
            now = present.get(id)
            own = {id, now} if now is not None else {id}
            if own & allowed:
                continue
            leading = [*self.old.upstream(id), *(self.new.upstream(now) if now is not None else ())]
            alike = [self._versions_of(each) for each in dict.fromkeys(leading) if each in allowed]
            still = Ref(name_of("rule", now)) if now in giving and now is not None else NEVER
            lost = true(Ref(name_of("rule", id)))
            yield Way((true(one), lost), (~true(other), ~true(still)), tuple(alike))

    def _versions_of(self, rule: str) -> tuple[Part, Part]:
        """A rule before and after, named as in either version."""
        old = rule if rule in self.old.kb.rules else self.names.former["rule"].get(rule)
        new = self.names.present["rule"].get(rule) if rule in self.old.kb.rules else rule
        one, other = (NEVER if each is None else Ref(name_of("rule", each)) for each in (old, new))
        return one, other


def _givers(leading: Leading, part: Part) -> Iterator[str]:
    """The rules that make a part true by themselves: those that conclude it."""
    whole = leading.named.get(part.name, part) if isinstance(part, Ref) else part
    for each in whole.parts if isinstance(whole, AnyOf) else ():
        if isinstance(each, Ref) and kind_of(each.name) == "rule":
            yield parsed(each.name).name


def _active(ids: Iterable[str], case: Valuation, is_open: bool) -> list[str]:
    """The rules that fired, or if `is_open` those that are not blocked."""
    truths = ((id, case.value(name_of("rule", id))) for id in ids)
    return [id for id, truth in truths if (truth is not False if is_open else truth)]
