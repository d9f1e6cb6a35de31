"""Cases in which a name is open although all further answers give it the same truth.

In: a knowledge base, a name and a truth. Out: the answers of a case in which the name is open, but has that
truth once all questions that apply are answered, whatever the answers; None if there is no such case.

Source: A. Solar-Lezama and others, Combinatorial sketching for finite programs, 2006 (search guided by
counterexamples). One solver proposes a case, another completes it with the other truth; the answers that
force that truth then exclude every case that can still give them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import z3

from engine.meaning.network import Compare, Network
from engine.meaning.valuation import questions_of
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Bound
from engine.model.scores import Bands
from engine.solver.answers import Open, steps
from engine.solver.witness import Taste, answers_in
from engine.solver.world import Answers, Undecided, World
from facts.vocabulary import Number

MOST_ROUNDS = 2_000
"""Maximum number of cases proposed for one name and one truth."""


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """One statement about an answer, as two formulas: `said` in a complete case, and `contradicted` in an
    open one.
    """

    question: str
    said: z3.BoolRef
    contradicted: z3.BoolRef


@dataclass(eq=False)
class Completions:
    """All open cases of a knowledge base, and all complete ones."""

    kb: KnowledgeBase
    until: float = float("inf")
    partial: World = field(init=False)
    whole: World = field(init=False)

    def __post_init__(self) -> None:
        self.partial = World(self.kb, until=self.until)
        self.whole = World(self.kb, until=self.until)
        self.partial.solver.add(self.partial.honest)
        self.whole.solver.add([each for name in self.kb.questions for each in self._answered(name)])
        self.whole.solver.set("core.minimize", True)

    def open_though_decided(self, name: str, truth: bool) -> Answers | None:
        """A smallest case found in which a name is open although it can only become `truth`, among the cases
        that answer only what the name reads.

        Raises `Undecided` if time or rounds run out.
        """
        rails, solver = self.partial.coding.rails[name], self.partial.solver
        read = questions_of(name, self.kb, self.partial.named)
        beside = [open_.known for each, open_ in self.partial.coding.answers.items() if each not in read]
        wanted = [z3.Not(z3.Or([rails.true, rails.false, *beside])), self.partial.clash_free]
        solver.push()
        try:
            for _ in range(MOST_ROUNDS):
                model = self.partial.check(wanted)
                if model is None:
                    return None
                refuting = self._refuted(name, truth, model, read)
                if refuting is None:
                    return self._smaller(name, truth, wanted, read)
                solver.add(z3.Or(refuting))
            raise Undecided
        finally:
            solver.pop()

    def _refuted(
        self, name: str, truth: bool, model: z3.ModelRef, read: Collection[str]
    ) -> list[z3.BoolRef] | None:
        """What every case must contradict because some completion of this one gives the other truth; None if
        no completion does.
        """
        rails = self.whole.coding.rails[name]
        other = rails.false if truth else rails.true
        found = self.whole.check([*self._kept(model), other])
        if found is None:
            return None
        core = self._core([atom for each in read for atom in self._atoms(each, found)], z3.Not(other))
        return [atom.contradicted for atom in self._with_reasons_to_ask(core, found)]

    def _with_reasons_to_ask(self, core: Sequence[Atom], found: z3.ModelRef) -> list[Atom]:
        """The atoms, and those for which the complete case asks the questions that these are about.

        Without them, an open case that rules a question out would not contradict the answer to it.
        """
        atoms = dict.fromkeys(core)
        waiting = {atom.question for atom in core} & self.kb.asked_when.keys()
        asked: set[str] = set()
        while waiting:
            question = waiting.pop()
            asked.add(question)
            name = name_of("asked", question)
            behind = questions_of(name, self.kb, self.whole.named)
            reasons = self._core(
                [atom for each in behind for atom in self._atoms(each, found)],
                z3.Not(self.whole.coding.rails[name].true),
            )
            atoms |= dict.fromkeys(reasons)
            waiting |= ({atom.question for atom in reasons} & self.kb.asked_when.keys()) - asked
        return list(atoms)

    def _core(self, atoms: Sequence[Atom], denied: z3.BoolRef) -> list[Atom]:
        """The atoms that together force a truth, without those that z3 finds superfluous."""
        marks = {z3.Bool(f"atom {at}"): atom for at, atom in enumerate(atoms)}
        solver = self.whole.solver
        solver.push()
        try:
            solver.add([z3.Implies(mark, atom.said) for mark, atom in marks.items()])
            solver.add(denied)
            assert self.whole.check(list(marks)) is None, "a complete case decides everything"
            return [marks[each] for each in solver.unsat_core()]
        finally:
            solver.pop()

    def _smaller(
        self, name: str, truth: bool, wanted: Sequence[z3.BoolRef], read: Collection[str]
    ) -> Answers:
        """A smallest case that is left, once no proposal with fewer answers is refuted any more."""
        taste = Taste(self.partial.coding.answers, self.partial.check)
        for _ in range(MOST_ROUNDS):
            model = taste.smallest(wanted)
            refuting = self._refuted(name, truth, model, read)
            if refuting is None:
                return answers_in(model, self.partial.coding.answers)
            self.partial.solver.add(z3.Or(refuting))
        raise Undecided

    def _answered(self, question: str) -> Iterator[z3.BoolRef]:
        """That a question is answered in full if it applies, and not at all if it does not."""
        open_ = self.whole.coding.answers[question]
        full = z3.And([z3.Or(*each) for each in open_.rails.values()]) if open_.rails else open_.known
        if question not in self.kb.asked_when:
            yield full
            return
        asked = self.whole.coding.rails[name_of("asked", question)]
        yield z3.If(asked.true, full, z3.Not(open_.known))

    def _kept(self, model: z3.ModelRef) -> Iterator[z3.BoolRef]:
        """The answers of an open case, to be kept in a complete one; both have the same variables."""
        for open_ in self.partial.coding.answers.values():
            for side in _sides(open_):
                if z3.is_true(model.eval(side, model_completion=True)):
                    yield side
            if open_.value is not None and z3.is_true(model.eval(open_.known, model_completion=True)):
                yield open_.value == model.eval(open_.value, model_completion=True)

    def _atoms(self, question: str, model: z3.ModelRef) -> Iterator[Atom]:
        """What a complete case says about one question, as weakly as it matters to the rules.

        Nothing is said of a question that it does not ask: that follows from the answers to the others.
        """
        open_ = self.whole.coding.answers[question]
        if not z3.is_true(model.eval(open_.known, model_completion=True)):
            return
        if open_.rails:
            for rails in open_.rails.values():
                is_chosen = z3.is_true(model.eval(rails.true, model_completion=True))
                yield Atom(question, *((rails.true, rails.false) if is_chosen else (rails.false, rails.true)))
        elif open_.options:
            for chosen in open_.options.values():
                if z3.is_true(model.eval(chosen, model_completion=True)):
                    yield Atom(question, chosen, z3.And(open_.known, z3.Not(chosen)))
        else:
            for said in self._about_value(open_, model):
                yield Atom(question, z3.And(open_.known, said), z3.And(open_.known, z3.Not(said)))

    def _about_value(self, open_: Open, model: z3.ModelRef) -> Iterator[z3.BoolRef]:
        assert open_.value is not None
        value, kind = model.eval(open_.value, model_completion=True), open_.question.kind
        if not isinstance(kind, Number):
            yield open_.value == value
            return
        for end in edges(self.whole.coding.network, open_.question.name):
            for said in (open_.value >= steps(end, kind), open_.value > steps(end, kind)):
                holds = z3.is_true(model.eval(said, model_completion=True))
                yield said if holds else z3.Not(said)


def _sides(open_: Open) -> list[z3.BoolRef]:
    """The formulas of which those that are true make up an answer."""
    if open_.rails:
        return [side for rails in open_.rails.values() for side in rails]
    return list(open_.options.values()) or [open_.known]


def edges(net: Network, question: str) -> list[int | float]:
    """The thresholds with which rules and scores compare the answers to a number question."""
    found: dict[int | float, None] = {}
    for node in net.nodes.values():
        if isinstance(node, Compare) and node.question == question and isinstance(node.test, Bound):
            found[node.test.threshold] = None
        for line in getattr(getattr(node, "score", None), "lines", ()):
            if isinstance(line, Bands) and line.question == question:
                found |= {end: None for end, _ in line.bands if end is not None}
    return list(found)
