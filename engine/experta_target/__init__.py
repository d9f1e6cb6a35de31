"""experta fires the rules: from one case to the truth of every rule and the trace of firings.

Each rule becomes two productions, one for firing and one for being blocked; so does each conclusion that
another rule reads. Facts carry both truth values, so nothing is ever retracted, and an unanswered question
has no fact. What a left-hand side can only express by branching (an inner `any`, `at_least`, a score) is a
part fact, declared by one production after the strata below. Salience follows the strata and is unique, so
the order never changes. Only this package uses experta.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.experta_target.library import experta, unlogged
from engine.experta_target.matching import GroundMatcher, Refraction
from engine.experta_target.memory import ScoreFact, fact_of
from engine.experta_target.productions import productions
from engine.meaning.holds import Interval, Truth, contribution, passes, points_for
from engine.meaning.network import Compare, Literal, Total, network
from engine.meaning.valuation import Prepared, Valuation
from engine.model.names import kind_of
from engine.model.scores import Points, Score
from facts.vocabulary import Answer

__all__ = ["Engine", "Firing"]

ROOTS = ("rule", "asked", "finding", "triage")


@dataclass(frozen=True, slots=True)
class Firing:
    """One firing of a production: what it declared, and the facts that it used."""

    name: str
    value: bool | Interval
    used: tuple[Literal, ...]


class Engine(experta.KnowledgeEngine):
    """experta's engine with the productions of one knowledge base.

    `fire` is thread-safe. `trace`, `truth` and `totals` belong to the case fired last, so their readers must
    not share the engine. `roots` are the definitions to conclude; by default the rules and what rules read
    most, from which everything else follows without firing.
    """

    __matcher__ = GroundMatcher
    __strategy__ = Refraction

    def __init__(self, prepared: Prepared, roots: Iterable[str] | None = None) -> None:
        needed = [name for name in prepared.definitions if kind_of(name) in ROOTS]
        self.prepared = prepared
        self.network = network(prepared.kb, prepared.definitions, needed if roots is None else roots)
        self.truth: dict[str, bool] = {}
        self.totals: dict[str, Interval] = {}
        self.trace: list[Firing] = []
        self.answers: Mapping[str, Answer] = {}
        self.productions = list(productions(self.network))
        self.turn = Lock()
        super().__init__()

    def get_rules(self) -> list[Any]:
        """The productions; experta would look for them among the attributes."""
        return self.productions

    def get_deffacts(self) -> list[Any]:
        """Only experta's initial fact."""
        return [self._declare_initial_fact]

    def fire(self, answers: Mapping[str, Answer]) -> Valuation:
        """Declare the answers, run, and return the truth of every name; `trace` then has the firings."""
        with self.turn, unlogged():
            self._fire(answers)
            known = {
                name: self.truth.get(name) for name in self.network.nodes if name in self.prepared.definitions
            }
            return Valuation(self.prepared, answers, known)

    def _fire(self, answers: Mapping[str, Answer]) -> None:
        self.answers, self.truth, self.totals, self.trace = answers, {}, {}, []
        self.strategy.taken = set()
        self.reset()
        tested = [(name, node) for name, node in self.network.nodes.items() if isinstance(node, Compare)]
        known = ((name, passes(node.test, answers.get(node.question))) for name, node in tested)
        self.truth = {name: value for name, value in known if value is not None}
        self.declare(*(fact_of(Literal(name, value)) for name, value in self.truth.items()))
        self.run()

    def conclude(self, name: str, value: bool, used: tuple[Literal, ...]) -> None:
        """Declare the truth of a node, unless it is already known."""
        if name not in self.truth:
            self.truth[name] = value
            self.trace.append(Firing(name, value, used))
            self.declare(fact_of(Literal(name, value)))

    def sum_up(self, name: str, node: Total) -> None:
        """Declare a score: the lowest and highest sum that the answers so far allow, in ticks."""
        lines = zip(node.score.lines, node.lines, strict=True)
        ends = [
            points_for(line.ticks, self.is_true(literal))
            if isinstance(line, Points) and literal
            else contribution(line, self)
            for line, literal in lines
        ]
        low, high = sum(low for low, _ in ends), sum(high for _, high in ends)
        read = [*node.lines, *(asked and Literal(asked) for asked in node.asked)]
        used = tuple(self.actual(each) for each in read if each and self.is_true(each) is not None)
        self.totals[name] = (low, high)
        self.trace.append(Firing(name, (low, high), used))
        self.declare(ScoreFact(name=node.score.name, low=low, high=high))

    def is_true(self, literal: Literal) -> Truth:
        """The truth of a literal according to the facts so far."""
        value = self.truth.get(literal.node)
        return None if value is None else value is literal.positive

    def actual(self, literal: Literal) -> Literal:
        """The literal that is true for a node whose truth is known: negated if the node is false."""
        return Literal(literal.node, self.truth[literal.node])

    def value(self, name: str) -> Truth:
        """The truth of a name. A question without `asked_when` always applies."""
        return self.truth.get(name) if name in self.network.nodes else True

    def score(self, name: str) -> Score:
        """The score with this name."""
        return self.prepared.kb.scores[name]
