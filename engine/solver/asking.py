"""Which open questions can still change anything, and which few of them can settle the level.

In: the valuation of a case. Out: questions. A question matters if some further answers establish something
that they would not establish without this question and those asked because of it; these answers must be
consistent, and their questions must be asked. The answer to any other question establishes nothing. It only
rules out what no further answers could establish, because what is true stays true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import z3

from engine.meaning.holds import holds
from engine.meaning.valuation import Prepared, Valuation, questions_in, questions_of
from engine.model.knowledge_base import SUPPORT, citing
from engine.model.names import name_of
from engine.model.parts import All, AnyOf, Part, Ref
from engine.model.scores import Points
from engine.solver.change import ALONE, world_of
from engine.solver.coding import FALSE
from engine.solver.ways import equal
from engine.solver.world import Undecided, World

MOST_SETTLING = 6
"""Maximum number of questions of a set that settles the level."""
FIRST = 4
"""Number of outcomes that are tried before all others."""
SECONDS = 5
"""Maximum duration of a single query, in seconds."""


@dataclass(frozen=True, slots=True)
class Settling:
    """The fewest questions whose answers can settle the level, in the order in which to ask them, and the
    levels at which they can settle it, lowest first (None: no level).
    """

    questions: tuple[str, ...]
    levels: tuple[str | None, ...]


def that_matter(case: Valuation, questions: Sequence[str]) -> list[str]:
    """Those of these open questions that can still change something. A question counts if the solver cannot
    decide it in time.
    """
    with ALONE:
        further = Further(case, world_of(case.prepared.kb))
        return [each for each in questions if further.matters(each)]


def settling(case: Valuation, questions: Sequence[str]) -> Settling | None:
    """The fewest questions that can settle the level; of several such sets, the first in the order of these
    questions. None if it is settled already, or if that takes more than `MOST_SETTLING` questions or too much
    time.
    """
    with ALONE:
        try:
            return Further(case, world_of(case.prepared.kb)).settling(questions)
        except Undecided:
            return None


def outcomes(prepared: Prepared) -> Iterator[Part]:
    """Everything that an assessment can establish, apart from the rules that fire and what they cite."""
    kb, levels = prepared.kb, list(prepared.kb.levels)
    rules_for = prepared.rules_for
    by_level = {level: rules_for.get(name_of("triage", level), []) for level in levels}
    for rules in (by_level, *(citing(kb, by_level, source) for source in kb.sources)):
        for at in range(len(levels)):
            yield AnyOf(tuple(Ref(name_of("rule", id)) for level in levels[at:] for id in rules[level]))
    for name in kb.conditions:
        yield from (Ref(name_of("condition", name, support)) for support in SUPPORT)
        against = rules_for.get(name_of("condition", name, "against"), [])
        yield from (Ref(name_of("rule", id)) for id in against)
    for kind, names in (("finding", kb.findings), ("text", kb.texts), ("disagreement", kb.disagreements)):
        yield from (Ref(name_of(kind, name)) for name in names)
    for item in kb.advice:
        give, hold = Ref(name_of("give", item)), Ref(name_of("hold", item))
        yield from (give, All((give, hold)), Ref(name_of("advice", item)))
    for score in kb.scores.values():
        yield from (line.when for line in score.lines if isinstance(line, Points))
    if kb.scope:
        yield Ref("scope")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The questions that an outcome depends on, and the formula that it is true."""

    questions: frozenset[str]
    true: z3.BoolRef


@dataclass
class Further:
    """All further answers in a case, as formulas."""

    case: Valuation
    world: World
    solver: z3.Solver = field(default_factory=z3.SimpleSolver)

    def __post_init__(self) -> None:
        kb, rails = self.case.prepared.kb, self.world.coding.rails
        self.solver.set("timeout", 1000 * SECONDS)
        self.solver.add(list(self.world.sound()))
        for question, open_ in self.world.coding.answers.items():
            given = self.case.answers.get(question)
            if given is not None and self.case.is_answered(question):
                options = given if isinstance(given, Mapping) else ("",)
                self.solver.add([equal(open_, option, given) for option in options])
            elif question in kb.asked_when:
                self.solver.add(z3.Implies(open_.known, rails[name_of("asked", question)].true))
        for clash in (name_of("inconsistency", each) for each in kb.consistency):
            if self.case.value(clash) is not True:
                self.solver.add(z3.Not(rails[clash].true))

    @cached_property
    def open_(self) -> list[Outcome]:
        """The outcomes that are open, those that read the fewest questions first."""
        kb, named = self.case.prepared.kb, self.case.prepared.definitions
        found = [
            Outcome(frozenset(questions_in(each, kb, named)), self.world.rails(each).true)
            for each in dict.fromkeys(outcomes(self.case.prepared))
            if holds(each, self.case) is None
        ]
        return sorted(found, key=lambda each: len(each.questions))

    @cached_property
    def counted(self) -> set[str]:
        """The questions whose answers are lines of a score."""
        lines = [line for score in self.case.prepared.kb.scores.values() for line in score.lines]
        return {line.question for line in lines if not isinstance(line, Points)}

    def _is_complete(self, question: str) -> bool:
        """Whether a question has an answer that no further one can add to."""
        given = self.case.answers.get(question)
        return self.case.is_answered(question) and not isinstance(given, Mapping)

    def further(self, question: str) -> list[z3.BoolRef]:
        """The variables that are true only for a further answer to a question."""
        open_, given = self.world.coding.answers[question], self.case.answers.get(question)
        known = given if isinstance(given, Mapping) else {}
        if open_.rails:
            return [each for option, rails in open_.rails.items() if option not in known for each in rails]
        return list(open_.options.values()) or [open_.known]

    def matters(self, question: str) -> bool:
        """Whether some further answers show that a question matters; also true if time runs out."""
        if question in self.counted:
            return True
        concerned = [each for each in self.open_ if question in each.questions]
        gone, answered = self._without(question), z3.Or(self.further(question))
        try:
            for some in (concerned[:FIRST], concerned[FIRST:]):
                trues = [each.true for each in some]
                without = z3.substitute(z3.Or([FALSE, FALSE, *trues]), *gone).children()[2:]
                lost = [z3.And(one, z3.Not(other)) for one, other in zip(trues, without, strict=True)]
                if lost and self.check(z3.Or(lost), answered) is not None:
                    return True
        except Undecided:
            return True
        return False

    def _without(self, question: str) -> list[tuple[z3.BoolRef, z3.BoolRef]]:
        """What to put in place of the variables of a question, and of those asked only because of it."""
        kb, named, order = self.case.prepared.kb, self.case.prepared.definitions, self.case.prepared.ask_order
        found = [(each, FALSE) for each in self.further(question)]
        for other in sorted(kb.asked_when, key=order.__getitem__):
            asked = name_of("asked", other)
            if question in questions_of(asked, kb, named) and not self.case.is_answered(other):
                is_asked = z3.substitute(self.world.coding.rails[asked].true, *found)
                found += [(each, z3.And(each, is_asked)) for each in self.further(other)]
        return found

    def settling(self, questions: Sequence[str]) -> Settling | None:
        """The fewest questions that can settle the level; see the function of this name."""
        names = [name_of("triage", each) for each in self.case.prepared.kb.levels]
        if not any(self.case.value(each) is None for each in names):
            return None
        settled = z3.Or([formula for _, formula in self._levels()])
        left = (each for each in self.world.coding.answers if not self._is_complete(each))
        new = {each: z3.Or([FALSE, *self.further(each)]) for each in left}
        others = [z3.Not(literal) for each, literal in new.items() if each not in questions]
        for size in range(1, MOST_SETTLING + 1):
            wanted = [settled, *others, z3.AtMost(*new.values(), size)]
            if self.check(*wanted) is not None:
                return self._first(wanted, size, questions, new)
        return None

    def _first(
        self, wanted: list[z3.BoolRef], size: int, questions: Sequence[str], new: Mapping[str, z3.BoolRef]
    ) -> Settling:
        """Of the sets of this size with which the formulas hold, the first in the order of the questions."""
        chosen: list[str] = []
        for each in questions:
            if len(chosen) < size and self.check(*wanted, new[each]) is not None:
                chosen.append(each)
                wanted = [*wanted, new[each]]
        levels = (level for level, formula in self._levels() if self.check(*wanted, formula) is not None)
        return Settling(tuple(chosen), tuple(levels))

    def _levels(self) -> Iterator[tuple[str | None, z3.BoolRef]]:
        """Each level and none, the lowest first, with the formula that it is settled."""
        levels: list[str | None] = [None, *self.case.prepared.kb.levels]
        rails = [self.world.coding.rails[name_of("triage", each)] for each in levels if each is not None]
        for level, own, above in zip(levels, [None, *rails], [*rails, None], strict=True):
            reached = [] if own is None else [own.true]
            yield level, z3.And([*reached, *([] if above is None else [above.false])])

    def check(self, *formulas: z3.BoolRef) -> z3.ModelRef | None:
        """A model of further answers, or None if there are none. Raises `Undecided`."""
        found = self.solver.check(*formulas)
        if found == z3.unknown:
            raise Undecided
        return self.solver.model() if found == z3.sat else None
