"""experta fires the rules: one case in, the truth of every rule and the trace of firings out.

Each rule of the knowledge base becomes two productions, one for when it fires and one for when it is
blocked; so does each conclusion that another rule reads. Facts carry both truth values, so nothing is ever
retracted and an unanswered question is simply no fact. What a left-hand side cannot say without branching
(an inner `any`, `at_least`, a score) is a part fact, declared by one production once the strata below are
done. Salience follows the strata and is unique, so the order never changes. No pattern has a variable, so a
matcher of our own counts what each production still lacks (`engine.unmet`). Only this module uses experta.
"""

from __future__ import annotations

import collections
import collections.abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# frozendict 1.2, which experta 1.9.4 pins, looks here for what Python 3.10 moved to collections.abc.
collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]

import experta
from experta.activation import Activation
from experta.strategies import DepthStrategy

from engine.meaning import Interval, Truth, contribution, enough, keeps, passes, points_for
from engine.network import Compare, Gate, Keeps, Literal, Network, Total, network
from engine.scores import Points, Score
from engine.unmet import Unmet, Wants
from engine.valuation import Prepared, Valuation
from facts.vocabulary import Answer


class Known(experta.Fact):
    """A node whose truth is known: `name`, and `holds` true or false."""


class AnswerFact(Known):
    """The test of an answer."""


class RuleFact(Known):
    """A rule that fired (holds) or is blocked."""


class ConclusionFact(Known):
    """A conclusion that is established (holds) or ruled out."""


class PartFact(Known):
    """An inner part, or whether a question applies."""


class ScoreFact(experta.Fact):
    """A score with its two ends, in ticks."""


FACTS = {"answer": AnswerFact, "rule": RuleFact, "part": PartFact, "asked": PartFact}
Identity = tuple[type, str | None, bool | None]
ROOTS = ("rule:", "asked:", "finding:", "triage:")


@dataclass(frozen=True, slots=True)
class Firing:
    """One firing of a production: what it declared, and the facts that it used."""

    name: str
    value: bool | Interval
    used: tuple[Literal, ...]


class Refraction(DepthStrategy):
    """experta's depth strategy, with each rule on the agenda once, whatever its branches."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: set[int] = set()

    def get_key(self, activation: Any) -> Any:
        """Salience alone orders the agenda: it is unique."""
        return activation.rule.salience

    def _update_agenda(self, agenda: Any, added: list[Any], removed: list[Any]) -> None:
        once = {act.rule.salience: act for act in added if act.rule.salience not in self.taken}
        self.taken.update(once)
        super()._update_agenda(agenda, list(once.values()), removed)


class GroundMatcher(experta.abstract.Matcher):
    """A matcher for productions without variables, in place of experta's network.

    Every pattern here is one fact, so a production matches when the last fact that it lacks is declared. The
    activations are those of experta's own matcher, without the further branches of an `OR`.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.rules = engine.get_rules()
        self.wants = [_wants(rule) for rule in self.rules]
        self.unmet = Unmet(self.wants)
        self.declared: dict[Identity, Any] = {}

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        """The activations that new facts bring; facts are never retracted."""
        assert not deleting
        activations = []
        for fact in adding or ():
            identity = _identity(fact)
            self.declared[identity] = fact
            activations += [self._activation(number, fact) for number in self.unmet.meet(identity)]
        return activations, []

    def _activation(self, number: int, last: Any) -> Any:
        wants = self.wants[number]
        used = [self.declared[each] for each in wants.facts] if wants.every else [last]
        return Activation(self.rules[number], used)

    def reset(self) -> None:
        """Forget all facts."""
        self.unmet.reset()
        self.declared = {}


def _wants(rule: Any) -> Wants[Identity]:
    """What a production waits for: a fact, all of several, or any of several."""
    (lhs,) = rule
    if isinstance(lhs, experta.AND | experta.OR):
        return Wants(tuple(_identity(fact) for fact in lhs), isinstance(lhs, experta.AND))
    return Wants((_identity(lhs),))


def _identity(fact: Any) -> Identity:
    return (type(fact), fact.get("name"), fact.get("holds"))


class Engine(experta.KnowledgeEngine):
    """experta's engine with the productions of one knowledge base. One case at a time, not thread-safe."""

    __matcher__ = GroundMatcher
    __strategy__ = Refraction

    def __init__(self, prepared: Prepared) -> None:
        roots = [name for name in prepared.definitions if name.startswith(ROOTS)]
        self.prepared = prepared
        self.network = network(prepared.kb, prepared.definitions, roots)
        self.truth: dict[str, bool] = {}
        self.totals: dict[str, Interval] = {}
        self.trace: list[Firing] = []
        self.answers: Mapping[str, Answer] = {}
        self.productions = list(_productions(self.network))
        super().__init__()

    def get_rules(self) -> list[Any]:
        """The productions; experta would look for them among the attributes."""
        return self.productions

    def get_deffacts(self) -> list[Any]:
        """experta's initial fact alone."""
        return [self._declare_initial_fact]

    def fire(self, answers: Mapping[str, Answer]) -> Valuation:
        """Declare the answers, run, and return the truth of every name; `trace` has the firings."""
        self.answers, self.truth, self.totals, self.trace = answers, {}, {}, []
        self.strategy.taken = set()
        self.reset()
        tested = [(name, node) for name, node in self.network.nodes.items() if isinstance(node, Compare)]
        known = ((name, passes(node.test, answers.get(node.question))) for name, node in tested)
        self.truth = {name: value for name, value in known if value is not None}
        self.declare(*(_fact(Literal(name, value)) for name, value in self.truth.items()))
        self.run()
        named = self.prepared.definitions
        known_names = {name: self.truth.get(name) for name in self.network.nodes if name in named}
        return Valuation(self.prepared, answers, dict(known_names))

    def conclude(self, name: str, value: bool, used: tuple[Literal, ...]) -> None:
        """Declare that a node holds or not."""
        if name not in self.truth:
            self.truth[name] = value
            self.trace.append(Firing(name, value, used))
            self.declare(_fact(Literal(name, value)))

    def sum_up(self, name: str, node: Total) -> None:
        """Declare a score with its two ends."""
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
        """The truth of a literal by the facts declared so far."""
        value = self.truth.get(literal.node)
        return None if value is None else value is literal.positive

    def actual(self, literal: Literal) -> Literal:
        """The literal as it turned out."""
        return Literal(literal.node, self.truth[literal.node])

    def value(self, name: str) -> Truth:
        """The truth of a name; a question without `asked_when` always applies."""
        return self.truth.get(name) if name in self.network.nodes else True

    def score(self, name: str) -> Score:
        """A score of the knowledge base."""
        return self.prepared.kb.scores[name]


def _fact(literal: Literal) -> Known:
    kind, _, _ = literal.node.partition(":")
    return FACTS.get(kind, ConclusionFact)(name=literal.node, holds=literal.positive)


def _productions(net: Network) -> list[Any]:
    """The productions of all nodes, strata in order, each node with a salience of its own."""
    patterns: dict[Literal, Known] = {}
    found: list[Any] = []
    for at, name in enumerate(name for stratum in net.strata for name in stratum):
        node = net.nodes[name]
        match node:
            case Compare(_, _, None):
                pass
            case Compare(_, _, str(asked)):
                lhs = _pattern(patterns, Literal(asked, False))
                found.append(_rule(lhs, -at, _not_asked(name, asked)))
            case Gate():
                found += _gate_productions(name, node, -at, patterns)
            case Total() | Keeps():
                found.append(_rule(experta.InitialFact(), -at, _scoring(name, node)))
    return found


def _gate_productions(name: str, gate: Gate, salience: int, patterns: dict[Literal, Known]) -> list[Any]:
    if name.startswith("part:") or not gate.literals:
        return [_rule(experta.InitialFact(), salience, _deciding(name, gate))]
    fired = [_pattern(patterns, each) for each in gate.literals]
    blocked = [_pattern(patterns, ~each) for each in gate.literals]
    together, apart = (experta.AND, experta.OR) if gate.is_all else (experta.OR, experta.AND)
    act = _deciding(name, gate)
    return [_rule(together(*fired), salience, act), _rule(apart(*blocked), salience, act)]


def _pattern(patterns: dict[Literal, Known], literal: Literal) -> Known:
    return patterns.setdefault(literal, _fact(literal))


def _rule(lhs: Any, salience: int, act: Callable[[Engine], None]) -> Any:
    def consequence(engine: Engine) -> None:
        act(engine)

    return experta.Rule(lhs, salience=salience)(consequence)


def _deciding(name: str, gate: Gate) -> Callable[[Engine], None]:
    def decide(engine: Engine) -> None:
        values = [engine.is_true(each) for each in gate.literals]
        value = enough(gate.count, values)
        if value is not None:
            used = [each for each, known in zip(gate.literals, values, strict=True) if known is value]
            engine.conclude(name, value, tuple(engine.actual(each) for each in used))

    return decide


def _not_asked(name: str, asked: str) -> Callable[[Engine], None]:
    return lambda engine: engine.conclude(name, False, (Literal(asked, False),))


def _scoring(name: str, node: Total | Keeps) -> Callable[[Engine], None]:
    def score(engine: Engine) -> None:
        if isinstance(node, Total):
            engine.sum_up(name, node)
            return
        kept = keeps(node.bound, engine.totals[node.total])
        if kept is not None:
            engine.conclude(name, kept, (Literal(node.total),))

    return score
