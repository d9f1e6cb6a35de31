"""Which mutants the cases notice: an expectation is no longer met, or a safety property no longer holds.

In: a knowledge base with cases, and a mutant. Out: a case that notices it, or None. Only the definitions that
a mutant changes, and those that read them, are evaluated again, from the truths that each case had. A case in
which no truth changes notices nothing, even if other questions would be asked in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from engine.casetest.expectation import EXACTLY, NONE, differences
from engine.columns import truth_of
from engine.coverage.mutation.mutant import Mutant
from engine.meaning.assembly import fields
from engine.meaning.definitions import parts_of, reads, with_properties
from engine.meaning.holds import Truth, holds
from engine.meaning.valuation import Prepared, Valuation, prepare
from engine.model.assessment import plain
from engine.model.knowledge_base import (
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Property,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import Part, Scored
from engine.model.scores import Score
from facts.case import Case
from facts.tables.canonical import frame_of
from facts.vocabulary import Answer

if TYPE_CHECKING:
    from polars import DataFrame

Known = Mapping[str, Truth]
TOGETHER = 400
"""Number of mutants whose changed definitions are evaluated together, in columns."""


@dataclass(frozen=True, slots=True)
class Killed:
    """The id of the case that notices a mutant, and the name of the property that is violated there, "" if an
    expectation is no longer met.
    """

    case: str
    property: str = ""


@dataclass(frozen=True, slots=True)
class _Before:
    """A case as the knowledge base has it, with the scores of a mutant."""

    answers: Mapping[str, Answer]
    known: Known
    scores: Mapping[str, Score]

    def value(self, name: str) -> Truth:
        return self.known.get(name, True)

    def score(self, name: str) -> Score:
        return self.scores[name]


@dataclass(eq=False)
class Suite:
    """Cases that meet their expectations, each with the truth of every definition in it.

    `failing` has the cases that do not; they cannot notice anything.
    """

    kb: KnowledgeBase
    cases: Sequence[Case]
    prepared: Prepared = field(init=False)
    known: Sequence[Known] = field(init=False)
    failing: Sequence[Case] = field(init=False)
    read_by: Mapping[str, Sequence[str]] = field(init=False)
    frame: DataFrame = field(init=False)
    watched: Mapping[str, Mapping[str, set[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.prepared = with_definitions(self.kb)
        self.read_by = _read_by(self.prepared)
        names = list(self.prepared.definitions)
        seen = truth_of(self.prepared, frame_of(self.cases, self.kb.questions), names)
        columns = [seen[name] for name in names]
        known = [dict(zip(names, truths, strict=True)) for truths in zip(*columns, strict=True)]
        both = list(zip(self.cases, known, strict=True))
        met = [not unmet(case, Valuation(self.prepared, case.answers, dict(truths))) for case, truths in both]
        self.failing = [case for case, is_met in zip(self.cases, met, strict=True) if not is_met]
        self.cases = [case for (case, _), is_met in zip(both, met, strict=True) if is_met]
        self.known = [truths for (_, truths), is_met in zip(both, met, strict=True) if is_met]
        self.frame = frame_of(self.cases, self.kb.questions)
        self.watched = {case.id: watched(case) for case in self.cases}

    def killing(self, mutants: Sequence[Mutant]) -> Iterator[Killed | None]:
        """For each mutant a case that notices it, None if none does."""
        for at in range(0, len(mutants), TOGETHER):
            together = mutants[at : at + TOGETHER]
            changed = [changed_definitions(self.prepared, self.kb, each.kb) for each in together]
            rows = self._rows(together, changed)
            for each, definitions, own in zip(together, changed, rows, strict=True):
                yield self._first(each, definitions, own)

    def _rows(
        self, mutants: Sequence[Mutant], changed: Sequence[Mapping[str, Part]]
    ) -> Iterator[Collection[int]]:
        """For each mutant the cases, by number, in which a definition that it changes has another truth."""
        together = {
            name_of("mutant", f"{at} {name}"): part
            for at, (mutant, parts) in enumerate(zip(mutants, changed, strict=True))
            if mutant.kb.scores is self.kb.scores
            for name, part in parts.items()
        }
        prepared = replace(self.prepared, definitions={**self.prepared.definitions, **together})
        seen = truth_of(prepared, self.frame, list(together))
        for at, (mutant, parts) in enumerate(zip(mutants, changed, strict=True)):
            if mutant.kb.scores is self.kb.scores:
                columns = [(name, seen[name_of("mutant", f"{at} {name}")]) for name in parts]
            else:
                columns = [(name, self._with_scores(part, mutant.kb)) for name, part in parts.items()]
            yield {
                row
                for name, column in columns
                for row, truth in enumerate(column)
                if truth is not self.known[row][name]
            }

    def _with_scores(self, part: Part, kb: KnowledgeBase) -> list[Truth]:
        """The truth of a part in each case, if only scores are those of a mutant."""
        both = zip(self.cases, self.known, strict=True)
        return [holds(part, _Before(case.answers, known, kb.scores)) for case, known in both]

    def _first(self, mutant: Mutant, changed: Mapping[str, Part], rows: Collection[int]) -> Killed | None:
        """A case that notices a mutant, out of those in which something has another truth. Cases that name
        what changed in their expectations come first, as most mutants are noticed by one of these.
        """
        concluding = changed_rules(self.kb, mutant.kb)
        prepared, above = mutated(self.prepared, mutant.kb, changed), self.above(changed)
        costly: list[tuple[Case, Valuation]] = []
        named = {parsed(name).name for name in changed}
        for row in sorted(range(len(self.cases)), key=lambda row: not self._names(row, named)):
            case, known = self.cases[row], self.known[row]
            touched = [id for id in concluding if known[name_of("rule", id)] is not False]
            is_scored = mutant.kb.scores is not self.kb.scores and "scores" in self.watched[case.id]
            if row not in rows and not touched and not is_scored:
                continue
            left = dict(known)
            for name in above:
                left.pop(name, None)
            after = Valuation(prepared, case.answers, left)
            differing = [name for name in above if after.value(name) is not known[name]]
            killed = self._noticed(case, after, known, differing, touched)
            if killed is not None:
                return killed
            said = self.watched[case.id]
            if said.keys() & OPEN or PENDING in said.get("advice", ()):
                costly.append((case, after))
        return next(
            (Killed(case.id) for case, after in costly if unmet(case, after, {*OPEN, "advice"})), None
        )

    def _names(self, row: int, names: set[str]) -> bool:
        """Whether a case has expectations of any of these names."""
        return any(not names.isdisjoint(each) for each in self.watched[self.cases[row].id].values())

    def _noticed(
        self, case: Case, after: Valuation, known: Known, differing: Sequence[str], touched: Sequence[str]
    ) -> Killed | None:
        """Whether a case notices the names that differ in it, and the conclusions of the rules touched; what
        is open is left for later.
        """
        kb = after.prepared.kb
        for name in dict.fromkeys(parsed(each).name for each in differing if kind_of(each) == "property"):
            before = Valuation(self.prepared, case.answers, dict(known))
            if breaks(kb.safety[name], after) and not breaks(kb.safety[name], before):
                return Killed(case.id, name)
        rules = [name_of("rule", id) for id in touched]
        stated = {each for name in (*differing, *rules) for each in stated_by(name, kb)}
        stated |= {each for name in rules for each in stated_by(name, self.kb)}
        concerned = {
            field
            for field, members in self.watched[case.id].items()
            if field == "scores"
            or (
                field not in OPEN
                and any(field == other and (each in members or ALL in members) for other, each in stated)
            )
        }
        return Killed(case.id) if concerned and unmet(case, after, concerned) else None

    def above(self, names: Iterable[str]) -> list[str]:
        """These names, and all that read them, directly or through others."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                waiting += self.read_by.get(name, ())
        return list(found)


def with_definitions(kb: KnowledgeBase) -> Prepared:
    """A knowledge base prepared for evaluation, with the definitions of its properties."""
    return replace(prepare(kb), definitions=with_properties(kb))


def mutated(prepared: Prepared, kb: KnowledgeBase, changed: Mapping[str, Part]) -> Prepared:
    """A mutant prepared for evaluation. If only parts of rules changed, everything else is taken from
    `prepared`. The questions listed for a contradiction may then be outdated, but no expectation reads them.
    """
    if kb.asked_when is prepared.kb.asked_when and not changed_rules(prepared.kb, kb):
        return replace(prepared, kb=kb, definitions={**prepared.definitions, **changed})
    return with_definitions(kb)


def changed_rules(kb: KnowledgeBase, mutant: KnowledgeBase) -> list[str]:
    """The ids of the rules whose conclusions differ in a mutant."""
    return [
        id for id, rule in mutant.rules.items() if rule is not kb.rules[id] and rule.then != kb.rules[id].then
    ]


def changed_definitions(prepared: Prepared, kb: KnowledgeBase, mutant: KnowledgeBase) -> dict[str, Part]:
    """The definitions that differ in a mutant, or that read a score that differs."""
    scores = {name for name, score in mutant.scores.items() if score is not kb.scores[name]}
    if scores or changed_rules(kb, mutant):
        return {
            name: part
            for name, part in with_properties(mutant).items()
            if part != prepared.definitions[name] or _reads_score(part, scores)
        }
    found = {name_of("rule", id): rule.when for id, rule in mutant.rules.items() if rule is not kb.rules[id]}
    asked, entries = mutant.asked_when.items(), mutant.disagreements.items()
    found |= {name_of("asked", name): part for name, part in asked if part is not kb.asked_when[name]}
    found |= {
        name_of("disagreement", name): entry.when
        for name, entry in entries
        if entry is not kb.disagreements[name]
    }
    classes = (each for name, each in mutant.classes.items() if each is not kb.classes[name])
    found |= {name: part for each in classes for name, part in each.definitions()}
    return found | ({"scope": mutant.scope.when} if mutant.scope and mutant.scope is not kb.scope else {})


def _reads_score(part: Part, scores: set[str]) -> bool:
    return any(isinstance(each, Scored) and each.score in scores for each in parts_of(part))


def _read_by(prepared: Prepared) -> dict[str, list[str]]:
    """For each name, the names that read it directly."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, part in prepared.definitions.items():
        for ref in reads(part, prepared.kb):
            found[ref.name].append(name)
    return found


OPEN = frozenset({"ask_next", "kept_open_by"})
"""The fields of an assessment that may differ wherever anything does, and take longest to make."""
ALL, PENDING = "*", "pending"
STATED = {
    "class": "classes",
    "finding": "findings",
    "condition": "conditions",
    "give": "advice",
    "hold": "advice",
    "text": "texts",
    "inconsistency": "inconsistencies",
    "asked": "inconsistencies",
    "disagreement": "disagreements",
    "scope": "in_scope",
}
"""The field that states the truth of each kind of name."""


def stated_by(name: str, kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """The fields of an assessment that depend on the truth of a name, each with the member concerned."""
    kind, about, _ = parsed(name)
    if kind == "triage":
        yield "triage", "level"
    if kind in STATED:
        yield STATED[kind], name_of("asked_when", about) if kind == "asked" else about
    if kind == "rule":
        yield from (("fired", about), ("open", about), ("reasons", about), ("advice", about))
        for each in kb.rules[about].then:
            yield from _concluded(each)


def _concluded(conclusion: Conclusion) -> Iterator[tuple[str, str]]:
    match conclusion:
        case Triages():
            yield "triage", "rules"
        case Suspects(condition) | CountsAgainst(condition):
            yield "conditions", condition
        case Gives(items) | Withholds(items):
            yield from (("advice", item) for item in items)
        case Finds(finding):
            yield "findings", finding
        case _:
            assert_never(conclusion)


def watched(case: Case) -> dict[str, set[str]]:
    """The fields of an assessment that the expectations of a case name, each with the members named, or
    `ALL`.
    """
    found: dict[str, set[str]] = {}
    for expectations in (case.expect, case.expect_not):
        for name, said in expectations.items():
            names = found.setdefault(name, set())
            names |= {*_words(said)}
            if names & {NONE, EXACTLY} or name == "in_scope":
                names.add(ALL)
            if name == "triage":
                names |= {"level"} if names & {"ceiling", "settled"} else set()
                names |= {"rules"} if "by_source" in names else set()
    return found


def _words(said: object) -> Iterator[str]:
    """Every text in an expectation."""
    match said:
        case str():
            yield said
        case Mapping():
            for key, each in said.items():
                yield str(key)
                yield from _words(each)
        case list() | tuple():
            for each in said:
                yield from _words(each)
        case _:
            return


def unmet(case: Case, found: Valuation, concerned: Collection[str] | None = None) -> bool:
    """Whether an assessment fails any expectation of its case. If `concerned` is given, only these fields are
    compared.
    """
    expect, expect_not = (
        {field: each for field, each in said.items() if concerned is None or field in concerned}
        for said in (case.expect, case.expect_not)
    )
    if not (expect or expect_not):
        return False
    made = fields(found)
    assessment = {name: plain(made[name]()) for name in {*expect, *expect_not} if name in made}
    return bool(differences(assessment, expect, expect_not))


def breaks(each: Property, case: Valuation) -> bool:
    """Whether a case violates a property; always false for a property that compares two cases."""
    if not case.value(name_of("property", each.name, "when")):
        return False
    if each.unanswered and not any(_is_open(question, case) for question in each.unanswered):
        return False
    truth = case.value(name_of("property", each.name))
    match each.verb:
        case "must":
            return truth is not True
        case "never":
            return truth is True
        case "not_ruled_out":
            return truth is False
        case "stays":
            return False
        case _:
            assert_never(each.verb)


def _is_open(question: str, case: Valuation) -> bool:
    return not case.is_answered(question) and case.value(name_of("asked", question)) is not False
