"""Which names of two versions mean the same: those that stayed, and those that were renamed.

In: two versions of a knowledge base. Out: pairs of names, by kind. A removed name and an added one count as a
rename if both mean the same in every case: their formulas agree, and so do the conclusions of rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from engine.meaning.definitions import keys_of
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of, parsed
from engine.model.parts import Part, Ref
from engine.solver.versions import Versions
from facts.other_names.versions import Renames
from facts.vocabulary import Choice, Choices, Question, Questionnaire

MOST_PAIRS = 100
"""Maximum number of pairs of a kind that are compared by queries, where no formulas are the same."""
DEFINED = ("finding", "advice", "text", "inconsistency", "disagreement", "condition", "score", "rule")
"""The kinds whose names may be recognised by what they mean; rules last, as they conclude the others."""
Table = Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """For each kind, the names that both versions have: from the old to the present one."""

    present: Mapping[str, Table]
    former: Mapping[str, Table] = field(init=False)

    def __post_init__(self) -> None:
        turned = {kind: {new: old for old, new in table.items()} for kind, table in self.present.items()}
        object.__setattr__(self, "former", turned)

    def now(self, name: str) -> str | None:
        """The present name for a whole old one (`rule:weak-leg`), or None if there is none."""
        kind, called, grade = parsed(name)
        kinds = {"give": "advice", "hold": "advice"}
        kinds["class"] = "score" if called in self.present.get("score", {}) else "question"
        known = self.present.get(kinds.get(kind, kind), {})
        return name_of(kind, known[called], grade) if called in known else None


def undeclared(before: Questionnaire, after: Questionnaire) -> Renames:
    """Questions and options that were apparently renamed without `formerly`."""
    old_names = {old for each in after.values() for old in each.formerly}
    gone = [each for name, each in before.items() if name not in after and name not in old_names]
    came = [each for name, each in after.items() if name not in before and not each.formerly]
    questions: dict[str, str] = {}
    for old in gone:
        alike = [new for new in came if _is_alike(old, new) and new.name not in questions.values()]
        if len(alike) == 1:
            questions[old.name] = alike[0].name
    both = [(before[name], after[name]) for name in before if name in after]
    options = {new.name: found for old, new in both if (found := dict(_options(old, new)))}
    return Renames(questions, options)


def _is_alike(old: Question, new: Question) -> bool:
    if old.kind != new.kind:
        return False
    return old.ask == new.ask or isinstance(old.kind, Choice | Choices)


def _options(old: Question, new: Question) -> Iterator[tuple[str, str]]:
    """Options with another name and the same text."""
    if not isinstance(old.kind, Choice | Choices) or type(old.kind) is not type(new.kind):
        return
    assert isinstance(new.kind, Choice | Choices)
    told = new.formerly.get(new.name) or {}
    for option, text in old.kind.options.items():
        if option not in new.kind.options and option not in told:
            same = [
                each
                for each, words in new.kind.options.items()
                if words == text and each not in old.kind.options and each not in told.values()
            ]
            if len(same) == 1:
                yield option, same[0]


def named_alike(versions: Versions) -> Names:
    """The names that mean the same in both versions. Raises `Undecided`."""
    present: dict[str, Table] = {"triage": _levels(versions)}
    for kind in DEFINED:
        old, new = (_names(kind, kb) for kb in (versions.old, versions.new))
        same = {name: name for name in old if name in new}
        gone, came = [name for name in old if name not in new], [name for name in new if name not in old]
        present[kind] = same | dict(_Recognising(kind, versions, Names(present)).pairs(gone, came))
    return Names(present)


def named_identically(kb: KnowledgeBase) -> dict[str, Table]:
    """The names of a version that is compared with itself."""
    tables = {"triage": kb.levels, **{kind: _names(kind, kb) for kind in DEFINED}}
    return {kind: {name: name for name in names} for kind, names in tables.items()}


def _names(kind: str, kb: KnowledgeBase) -> Mapping[str, object]:
    sections: dict[str, Mapping[str, object]] = {
        "finding": kb.findings,
        "condition": kb.conditions,
        "advice": kb.advice,
        "text": kb.texts,
        "inconsistency": kb.consistency,
        "disagreement": kb.disagreements,
        "score": kb.scores,
        "rule": kb.rules,
    }
    return sections[kind]


def _levels(versions: Versions) -> dict[str, str]:
    """The levels that stayed in their order, and those that another one replaces in the same place."""
    old, new = list(versions.old.levels), list(versions.new.levels)
    found: dict[str, str] = {}
    for word, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if word == "equal" or (
            word == "replace" and last - first == end - start and not set(old[first:last]) & set(new)
        ):
            found |= zip(old[first:last], new[start:end], strict=True)
    return found


@dataclass(frozen=True)
class _Recognising:
    """Finds the names of one kind that were changed; those of the kinds before are known."""

    kind: str
    versions: Versions
    names: Names

    def pairs(self, gone: Sequence[str], came: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The old and the present name of each that was changed."""
        left = list(came)
        tests: tuple[Callable[[str, str], bool], ...] = (
            self._is_equal,
            self._is_one_formula,
            self._means_same,
        )
        for at, test in enumerate(tests):
            if at == len(tests) - 1 and len(gone) * len(left) > MOST_PAIRS:
                return
            for old in list(gone):
                found = next((new for new in left if test(old, new)), None)
                if found is not None:
                    left.remove(found)
                    gone = [each for each in gone if each != old]
                    yield old, found

    def _is_equal(self, old: str, new: str) -> bool:
        """Whether both say the same in the same words, and mean the same."""
        return self._words(old, self.versions.old) == self._words(
            new, self.versions.new
        ) and self._is_formula(old, new, fixed=True)

    def _is_one_formula(self, old: str, new: str) -> bool:
        return self._is_formula(old, new, fixed=False)

    def _is_formula(self, old: str, new: str, fixed: bool) -> bool:
        if self.kind == "score":
            return self.versions.are_same_scores(old, new)
        parts = list(self._parts(old, new))
        is_one = self._concludes_same(old, new) and all(self.versions.is_same(*each) for each in parts)
        return is_one and (fixed or not all(self.versions.is_fixed(one) for one, _ in parts))

    def _means_same(self, old: str, new: str) -> bool:
        if self.kind == "score" or not self._concludes_same(old, new):
            return False
        parts = list(self._parts(old, new))
        is_empty = all(self.versions.is_fixed(one) for one, _ in parts)
        return not is_empty and all(self.versions.mean_the_same(*each) for each in parts)

    def _parts(self, old: str, new: str) -> Iterator[tuple[Part, Part]]:
        match self.kind:
            case "condition":
                names = [
                    (name_of("condition", old, each), name_of("condition", new, each)) for each in SUPPORT
                ]
            case "advice":
                names = [(name_of(each, old), name_of(each, new)) for each in ("give", "hold")]
            case kind:
                names = [(name_of(kind, old), name_of(kind, new))]
        yield from ((Ref(one), Ref(other)) for one, other in names)

    def _concludes_same(self, old: str, new: str) -> bool:
        if self.kind != "rule":
            return True
        before = {self.names.now(key) for key in _keys(self.versions.old, old)}
        return before == set(_keys(self.versions.new, new))

    def _words(self, name: str, kb: KnowledgeBase) -> object:
        entry = _names(self.kind, kb)[name]
        for key in ("because", "text", "about"):
            if hasattr(entry, key):
                return getattr(entry, key)
        return entry


def _keys(kb: KnowledgeBase, rule: str) -> Iterator[str]:
    for conclusion in kb.rules[rule].then:
        yield from keys_of(conclusion)


def without_name(entry: Any) -> object:
    """An entry without its name, so that it can be compared with an entry of another name."""
    for key in ("name", "id"):
        if hasattr(entry, key):
            return replace(entry, **{key: ""})
    return entry
