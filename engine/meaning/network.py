"""The normal form: every definition as one flat gate over literals, in strata.

In: definitions. Out: a network in which each node reads only nodes of earlier strata. A node is the test of
an answer, a gate, a score, or a bound on a score. A gate needs a number of its literals: all of them for
`all`, one for `any`, `count` for `at_least`. `not` is part of the literals, and `at_most` is "not one more".
Equal inner parts become one node. Targets compile this and need to know nothing else about the language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from engine.meaning.definitions import Definitions, reads, score_reads
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import (
    All,
    Always,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Count,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
    Test,
)
from engine.model.scores import Points, Score

MOST = "/most"
"""The end of the name of a gate that counts too many parts for an `at_most` or `exactly`."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A node, or its negation."""

    node: str
    positive: bool = True

    def __invert__(self) -> Literal:
        return Literal(self.node, not self.positive)


@dataclass(frozen=True, slots=True)
class Compare:
    """The test of one answer. `asked` is the node that says whether the question applies, None if it always
    does.
    """

    question: str
    test: Test
    asked: str | None


@dataclass(frozen=True, slots=True)
class Gate:
    """True when at least `count` of the literals are true."""

    count: int
    literals: tuple[Literal, ...]

    @property
    def is_all(self) -> bool:
        """Whether the gate needs every literal."""
        return self.count == len(self.literals)

    @property
    def is_any(self) -> bool:
        """Whether the gate needs one literal."""
        return self.count == 1


@dataclass(frozen=True, slots=True)
class Total:
    """A score. `lines` and `asked` run parallel to its lines: the literal of a `when` line, else None; the
    `asked` node of a line on a question, None if that always applies.
    """

    score: Score
    lines: tuple[Literal | None, ...]
    asked: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Keeps:
    """A bound on the score of node `total`, in ticks."""

    total: str
    bound: Bound


Node = Compare | Gate | Total | Keeps


@dataclass(frozen=True)
class Network:
    """Nodes by name. Each stratum in `strata` reads only earlier ones."""

    nodes: Mapping[str, Node]
    strata: tuple[tuple[str, ...], ...]

    def reading(self, question: str) -> list[str]:
        """The nodes that read the answer to a question, directly or through others, in their order."""
        waiting = list(self._asking.get(question, ()))
        found = set(waiting)
        while waiting:
            new = [each for each in self._readers.get(waiting.pop(), ()) if each not in found]
            found.update(new)
            waiting += new
        return sorted(found, key=self._order.__getitem__)

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {name: at for at, name in enumerate(name for stratum in self.strata for name in stratum)}

    @cached_property
    def _readers(self) -> Mapping[str, list[str]]:
        """The nodes that read each node."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, node in self.nodes.items():
            for each in inputs(node):
                found[each].append(name)
        return found

    @cached_property
    def _asking(self) -> Mapping[str, list[str]]:
        """The nodes that read the answer to each question themselves."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, node in self.nodes.items():
            match node:
                case Compare(question, _, _):
                    found[question].append(name)
                case Total(score, _, _):
                    for line in score.lines:
                        if not isinstance(line, Points):
                            found[line.question].append(name)
                case _:
                    pass
        return found


def network(
    kb: KnowledgeBase, definitions: Definitions, roots: Iterable[str], scores: Iterable[Score] = ()
) -> Network:
    """The network of the roots, of these scores, and of everything that they read."""
    flat = _Flattener(kb, definitions)
    for root in roots:
        flat.define(root)
    for score in scores:
        flat.sum_up(score)
    return Network(flat.nodes, layered(flat.stratum))


def within(net: Network, roots: Iterable[str]) -> Network:
    """The part of a network that these roots read. Raises `KeyError` for a root that is not in it."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += inputs(net.nodes[name])
    nodes = {name: node for name, node in net.nodes.items() if name in found}
    layers = (tuple(name for name in names if name in found) for names in net.strata)
    return Network(nodes, tuple(names for names in layers if names))


def inputs(node: Node) -> Iterable[str]:
    """The names of the nodes that a node reads."""
    match node:
        case Compare(_, _, asked):
            return [] if asked is None else [asked]
        case Gate(_, literals):
            return [literal.node for literal in literals]
        case Total(_, lines, asked_by):
            return [line.node for line in lines if line] + [asked for asked in asked_by if asked]
        case Keeps(total, _):
            return [total]
        case _:
            assert_never(node)


class _Flattener:
    """Adds definitions with everything that they read, inner parts first, without recursing through names."""

    def __init__(self, kb: KnowledgeBase, definitions: Definitions) -> None:
        self.kb = kb
        self.definitions = definitions
        self.nodes: dict[str, Node] = {}
        self.stratum: dict[str, int] = {}
        self.known: dict[Node, str] = {}

    def define(self, name: str) -> None:
        waiting = [name]
        while waiting:
            current = waiting[-1]
            read = () if current in self.nodes else reads(self.definitions[current], self.kb)
            missing = [ref.name for ref in read if ref.name not in self.nodes]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if current not in self.nodes:
                self._add(current, self._whole(self.definitions[current], current))

    def sum_up(self, score: Score) -> None:
        """Add a score even if nothing reads it."""
        for ref in score_reads(score, self.kb):
            self.define(ref.name)
        self._total(score)

    def _add(self, name: str, node: Node) -> str:
        self.nodes[name] = node
        self.stratum[name] = 1 + max((self.stratum[each] for each in inputs(node)), default=-1)
        return name

    def _inner(self, node: Node, name: str) -> str:
        """The name of an inner node; equal nodes share one name."""
        if node not in self.known:
            self.known[node] = self._add(name, node)
        return self.known[node]

    def _whole(self, part: Part, name: str) -> Gate:
        """The gate of a definition. A count becomes an inner node, so that this gate is `all` or `any`."""
        counts = isinstance(part, Count)
        return Gate(1, (self._literal(part, name),)) if counts else self._gate(part, name)

    def _gate(self, part: Part, name: str) -> Gate:
        match part:
            case Always():
                return Gate(0, ())
            case All(parts):
                literals = self._literals(parts, name)
                return Gate(len(literals), literals)
            case AnyOf(parts):
                return Gate(1, self._literals(parts, name))
            case _:
                return Gate(1, (self._literal(part, name),))

    def _literals(self, parts: tuple[Part, ...], name: str) -> tuple[Literal, ...]:
        return tuple(self._literal(part, f"{name}/{at}") for at, part in enumerate(parts, 1))

    def _literal(self, part: Part, name: str) -> Literal:
        match part:
            case Ref(other):
                return Literal(other)
            case Not(inner):
                return ~self._literal(inner, name)
            case Answered(question, test):
                asked = name_of("asked", question) if question in self.kb.asked_when else None
                node = Compare(question, test, asked)
                known = self.known.get(node)
                return Literal(known or self._inner(node, f"answer:{question}:{spoken(test)}"))
            case Scored(score, bound):
                total = self._total(self.kb.scores[score])
                wording = f"{total}:{bound.comparison}:{bound.threshold}"
                return Literal(self._inner(Keeps(total, bound), wording))
            case Count():
                return self._count(part, name)
            case _:
                return Literal(self._inner(self._gate(part, name), name_of("part", name)))

    def _count(self, part: Count, name: str) -> Literal:
        """The gate of a count: an inner gate for each of its ends, and one over both if it has two."""
        literals, called = self._literals(part.parts, name), name_of("part", name)
        ends = {True: called if part.most is None else f"{called}/least", False: called + MOST}
        found = [
            Literal(self._inner(Gate(needed, literals), ends[positive]), positive)
            for needed, positive in part.gates
        ]
        return found[0] if len(found) == 1 else Literal(self._inner(Gate(len(found), tuple(found)), called))

    def _total(self, score: Score) -> str:
        name = name_of("score", score.name)
        if name not in self.nodes:
            lines = tuple(
                self._literal(line.when, f"{name}/{at}") if isinstance(line, Points) else None
                for at, line in enumerate(score.lines, 1)
            )
            asked = tuple(
                name_of("asked", line.question)
                if not isinstance(line, Points) and line.question in self.kb.asked_when
                else None
                for line in score.lines
            )
            self._add(name, Total(score, lines, asked))
        return name


def spoken(test: Test) -> str:
    """A test in the words of the language, short: `resting|sitting`, `none`, `at_least 5`."""
    match test:
        case Is(value):
            return "yes" if value else "no"
        case OneOf(options):
            return "|".join(options)
        case NoneOf():
            return "none"
        case Bound(comparison, threshold):
            return f"{comparison} {threshold}"
        case ChosenBound(bound, _):
            return f"chosen {bound.comparison} {bound.threshold}"
        case _:
            assert_never(test)


def layered(stratum: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """The names grouped by stratum, lowest first, each group in the given order."""
    layers: list[list[str]] = [[] for _ in range(1 + max(stratum.values(), default=-1))]
    for name, at in stratum.items():
        layers[at].append(name)
    return tuple(tuple(layer) for layer in layers)
