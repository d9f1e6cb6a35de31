"""Whether any case is assessed differently by a knowledge base with a small change, over the same unknown
answers.

In: the possible cases of a knowledge base, the changed one, and the definitions that differ. Out: the answers
of a smallest case whose two assessments differ, or None if there is none. Only definitions that read a change
get new formulas. Cases with contradictory answers do not count. Raises `Undecided`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import assert_never

import z3

from engine.meaning.definitions import Definitions, conclusions, reads, score_reads
from engine.model.knowledge_base import SUPPORT, CountsAgainst, KnowledgeBase, citing
from engine.model.names import kind_of, name_of, without_kind
from engine.model.parts import Answered, Part, Ref, Scored
from engine.model.scores import Line, Points
from engine.solver.answers import Rails
from engine.solver.coding import FALSE, TRUE, Ends, answer_ends, composed, keeps, points_ends
from engine.solver.witness import Taste
from engine.solver.world import Answers, World


@dataclass(eq=False)
class View:
    """The formulas of one of the two knowledge bases: those of the world, except for the definitions in
    `own`.
    """

    world: World
    kb: KnowledgeBase
    own: dict[str, Rails] = field(default_factory=dict)
    sums: dict[str, Ends] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    """The names of the scores that differ, or read something that does."""

    def of(self, name: str) -> Rails:
        """Two formulas: that a definition is true, and that it is false."""
        return self.own.get(name) or self.world.coding.rails.get(name) or Rails(TRUE, FALSE)

    def rails(self, part: Part) -> Rails:
        """Two formulas: that a part is true, and that it is false."""
        return composed(part, self._leaf)

    def _leaf(self, part: Answered | Ref | Scored) -> Rails:
        match part:
            case Ref(name):
                return self.of(name)
            case Answered(question, test):
                true, false = self.world.coding.answers[question].passes(test)
                asked = self._applies(question)
                return Rails(
                    true, false if asked is None else z3.Or(false, z3.And(z3.Not(true), asked.false))
                )
            case Scored(score, bound):
                return keeps(bound, self.ends(score))
            case _:
                assert_never(part)

    def ends(self, name: str) -> Ends:
        """The lowest and the highest sum that a score can have, in ticks."""
        if name not in self.changed:
            return self.world.coding.ends[name_of("score", name)]
        if name not in self.sums:
            lines = [self._line(line) for line in self.kb.scores[name].lines]
            self.sums[name] = z3.Sum([low for low, _ in lines]), z3.Sum([high for _, high in lines])
        return self.sums[name]

    def _line(self, line: Line) -> Ends:
        if isinstance(line, Points):
            return points_ends(line, self.rails(line.when))
        return answer_ends(line, self.world.coding.answers[line.question], self._applies(line.question))

    def _applies(self, question: str) -> Rails | None:
        return self.of(name_of("asked", question)) if question in self.kb.asked_when else None


def variant(world: World, kb: KnowledgeBase, named: Definitions, above: Sequence[str]) -> View:
    """The formulas of a changed knowledge base. `named` are its definitions; `above` are those of them that
    differ or read, through others too, one that does.
    """
    names = set(above)
    changed = frozenset(
        name
        for name, score in kb.scores.items()
        if score is not world.kb.scores[name] or any(ref.name in names for ref in score_reads(score, kb))
    )
    view = View(world, kb, changed=changed)
    graph = {name: [ref.name for ref in reads(named[name], kb) if ref.name in names] for name in above}
    for name in TopologicalSorter(graph).static_order():
        view.own[name] = view.rails(named[name])
    return view


@dataclass(frozen=True, eq=False)
class Apart:
    """The formulas each of which is true where two knowledge bases assess a case differently.

    `told` are about what people are told, `seen` about what only authors see: which rules fire or are open,
    and what is not ruled out.
    """

    world: World
    told: Sequence[z3.BoolRef]
    seen: Sequence[z3.BoolRef]

    def is_possible(self) -> bool:
        """Whether some case is assessed differently. Raises `Undecided`."""
        return self._formulas([*self.told, *self.seen]) is not None

    def find(self) -> Answers | None:
        """The answers of a smallest case that is assessed differently, None if there is none; if possible,
        one in which people are told something different. Raises `Undecided`.
        """
        formulas = self._formulas(self.told) or self._formulas(self.seen)
        if formulas is None:
            return None
        return Taste(self.world.coding.answers, self.world.check).case(formulas, self.world.honest)

    def _formulas(self, differing: Sequence[z3.BoolRef]) -> list[z3.BoolRef] | None:
        """That one of these differs in a case without contradictory answers, None if that is impossible."""
        formulas = [self.world.clash_free, z3.Or(list(differing))]
        return formulas if differing and self.world.check(formulas) is not None else None


def apart(before: View, after: View, above: Sequence[str]) -> Apart:
    """Where two views differ in what an assessment says. Only the definitions `above`, scores and conclusions
    may differ.
    """
    was, now = (dict(_outcomes(each, above)) for each in (before, after))
    found: dict[bool, list[z3.BoolRef]] = {True: [], False: []}
    for key in dict.fromkeys([*was, *now]):
        one, other = was.get(key, FALSE), now.get(key, FALSE)
        if not one.eq(other):
            found[key.startswith(TOLD)].append(z3.Xor(one, other))
    for name in before.changed | after.changed:
        both = zip(before.ends(name), after.ends(name), strict=True)
        found[True] += [one != other for one, other in both if not one.eq(other)]
    return Apart(before.world, found[True], found[False])


TOLD = "told "


def _outcomes(view: View, above: Sequence[str]) -> Iterator[tuple[str, z3.BoolRef]]:
    """What an assessment says, each as a key and when it says so."""
    kb = view.kb
    for name in above:
        true, false = view.of(name)
        match kind_of(name):
            case "finding" | "text" | "disagreement" | "class":
                yield f"{TOLD}{name}", true
            case "rule" | "triage" | "condition" | "scope":
                yield f"{'' if kind_of(name) == 'rule' else TOLD}{name}", true
                yield f"{name} not", false
            case "asked":
                yield f"clash {name}", z3.And(view.world.coding.answers[without_kind(name)].known, false)
            case "inconsistency":
                yield f"clash {name}", true
    for item in kb.advice:
        if {name_of("give", item), name_of("hold", item)} & set(above):
            yield from _advised(item, view)
    yield from _by_source(view)
    yield from _against(view)


def _advised(item: str, view: View) -> Iterator[tuple[str, z3.BoolRef]]:
    """The states of an item of advice: held, given, given unless, pending."""
    (given, absent), (held, free) = (view.of(name_of(kind, item)) for kind in ("give", "hold"))
    yield f"{TOLD}held {item}", z3.And(z3.Not(absent), held)
    yield f"{TOLD}given {item}", z3.And(given, free)
    yield f"unless {item}", z3.And(given, z3.Not(z3.Or(held, free)))
    yield f"pending {item}", z3.And(z3.Not(z3.Or(given, absent)), z3.Not(held))


def _by_source(view: View) -> Iterator[tuple[str, z3.BoolRef]]:
    """The levels that each article alone gives and leaves open."""
    kb, rules = view.kb, conclusions(view.kb)
    by_level = {level: rules[name_of("triage", level)] for level in kb.levels}
    for source in kb.sources:
        cited = citing(kb, by_level, source)
        ids: list[str] = []
        for level in reversed(cited):
            ids += cited[level]
            sides = [view.of(name_of("rule", id)) for id in ids]
            yield f"{level} by {source}", z3.Or([each.true for each in sides])
            yield f"{level} by {source} not", z3.And([each.false for each in sides])


def _against(view: View) -> Iterator[tuple[str, z3.BoolRef]]:
    """The rules that count against a condition that is not ruled out."""
    for rule in view.kb.rules.values():
        for each in rule.then:
            if isinstance(each, CountsAgainst):
                lowest = view.of(name_of("condition", each.condition, SUPPORT[0]))
                fired = view.of(name_of("rule", rule.id)).true
                yield f"{TOLD}{rule.id} against {each.condition}", z3.And(fired, z3.Not(lowest.false))
