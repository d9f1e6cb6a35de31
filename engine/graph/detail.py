"""Definitions as nodes and edges, with every part of each rule.

In: a prepared knowledge base and names. Out: the nodes of the names and of everything that they read, each
once. The node of a rule doubles as its outermost part, so `all` and `any` are written in its box; inner parts
become gates; `not` becomes an edge with inverted meaning. `asked_when` is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from engine.graph.model import Edge, Graph, Kind, Node
from engine.meaning.definitions import keys_of
from engine.meaning.marking import inner_parts
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import SUPPORT, Rule
from engine.model.names import Name, as_kind, kind_of, name_of, parsed
from engine.model.parts import COUNTS, All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored
from engine.model.scores import Points
from engine.words.phrases import phrase, text_of
from engine.words.rule_text import headed, name_text

KINDS: dict[str, Kind] = {
    "rule": "rule",
    "finding": "finding",
    "condition": "condition",
    "triage": "level",
    "level": "level",
    "advice": "advice",
    "give": "advice",
    "hold": "advice",
}
HOW: dict[type[Part], str] = {All: "all of these", AnyOf: "any of these"}


class Detail:
    """Collects names and parts with everything that they read, each once, without recursing through names."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.nodes: dict[str, Node] = {}
        self.edges: dict[Edge, None] = {}
        self.ids: dict[Part, str] = {}
        self.opened: set[str] = set()
        self.waiting: list[str] = []

    def graph(self, title: str) -> Graph:
        """The graph collected so far."""
        return Graph(title, tuple(self.nodes.values()), tuple(self.edges))

    def add(self, name: str) -> str:
        """Add a definition or conclusion (`level:LEVEL`) and everything that it reads; return its node."""
        self._node(name)
        while self.waiting:
            self._open(self.waiting.pop())
        return name

    def add_rule(self, rule: Rule) -> None:
        """Add a rule, what it reads, and what it concludes."""
        self.add(name_of("rule", rule.id))
        for key in concluded(rule):
            if key not in self.nodes:
                self._place(key, self._exact(key))
            self.edges[Edge(name_of("rule", rule.id), key)] = None

    def rules_for(self, name: str) -> list[str]:
        """The rules that conclude exactly this."""
        return self.prepared.rules_for.get(as_kind(name, "triage") if kind_of(name) == "level" else name, [])

    def _node(self, name: str) -> str:
        """The node of a name; what it reads is added later."""
        if name not in self.opened:
            self._place(name, Ref(name) if name in self.prepared.definitions else self._exact(name))
            self.opened.add(name)
            self.waiting.append(name)
        return name

    def _exact(self, name: str) -> Part:
        """The part of a conclusion that counts only the rules for exactly this conclusion."""
        return AnyOf(tuple(Ref(name_of("rule", id)) for id in self.rules_for(name)))

    def _place(self, name: str, part: Part) -> None:
        kind, id, _ = parsed(name)
        rule = self.prepared.kb.rules.get(id) if kind == "rule" else None
        text = text_of(name, self.prepared.kb) if rule is None else _how(rule.when)
        more = "" if rule is None else rule.because
        self.nodes[name] = Node(name, KINDS.get(kind, "other"), _title(name), text, more, part)

    def _open(self, name: str) -> None:
        kind, id, _ = parsed(name)
        if kind == "rule":
            self._inputs(self.prepared.kb.rules[id].when, name)
        elif kind in ("level", "condition") and not self._is_at_least(name):
            for id in self.rules_for(name):
                self.edges[Edge(self._node(name_of("rule", id)), name)] = None
        else:
            self._inputs(self.prepared.definitions[name], name)

    def _is_at_least(self, name: str) -> bool:
        """Whether rules for a stronger support also establish this support of a condition."""
        exact = self._exact(name)
        return self.prepared.definitions.get(name, exact) != exact

    def _inputs(self, part: Part, end: str) -> None:
        """Add the outermost parts of a part as inputs of `end`."""
        match part:
            case All(parts) | AnyOf(parts) | Count(parts=parts):
                for each in parts:
                    self._input(each, end)
            case _:
                self._input(part, end)

    def _input(self, part: Part, end: str) -> None:
        opposite = False
        while isinstance(part, Not):
            part, opposite = part.part, not opposite
        self.edges[Edge(self._part(part), end, opposite)] = None

    def _part(self, part: Part) -> str:
        """The node of a part inside a rule."""
        if isinstance(part, Ref):
            return self._node(part.name)
        if part not in self.ids:
            self.ids[part] = name_of("part", str(len(self.ids) + 1))
            self._add_part(part, self.ids[part])
        return self.ids[part]

    def _add_part(self, part: Part, id: str) -> None:
        kb = self.prepared.kb
        match part:
            case Answered(question):
                more = phrase(part, kb)
                self.nodes[id] = Node(
                    id, "answer", headed(part), kb.questions[question].ask, more, part, question
                )
            case Scored(score):
                self.nodes[id] = Node(id, "score", headed(part), kb.scores[score].text, "", part)
                self._lines(score, id)
            case Always():
                self.nodes[id] = Node(id, "gate", "always", "", "holds for everybody", part)
            case All() | AnyOf() | Count() | Not():
                self.nodes[id] = Node(id, "gate", headed(part), "", phrase(part, kb), part)
                for each in inner_parts(part):
                    self._input(each, id)
            case Ref():
                raise AssertionError("a name has a node of its own")
            case _:
                assert_never(part)

    def _lines(self, score: str, id: str) -> None:
        """Add what the lines of a score read: parts, or questions."""
        kb = self.prepared.kb
        for line in kb.scores[score].lines:
            if isinstance(line, Points):
                self._input(line.when, id)
                continue
            asked = name_of("question", line.question)
            text = kb.questions[line.question].ask
            self.nodes.setdefault(asked, Node(asked, "answer", line.question, text, "", None, line.question))
            self.edges[Edge(asked, id)] = None


def concluded(rule: Rule) -> Iterator[str]:
    """The nodes that a rule leads to; a level is represented by the rules for exactly that level."""
    for conclusion in rule.then:
        yield from (as_kind(key, "level") if kind_of(key) == "triage" else key for key in keys_of(conclusion))


def grades(condition: str, prepared: Prepared) -> list[str]:
    """The supports of a condition that some rule concludes, as names."""
    named = (name_of("condition", condition, grade) for grade in (*SUPPORT, "against"))
    return [name for name in named if prepared.rules_for.get(name)]


def _title(name: str) -> str:
    """The title of a box; common kinds are omitted from it."""
    match parsed(name):
        case Name("rule" | "level" | "finding", id):
            return id
        case Name("condition", condition, "against"):
            return f"{condition} (counts against)"
        case Name("give" | "hold" as kind, item):
            return f"{kind}: {item}"
        case _:
            return name_text(name).removeprefix("condition: ")


def _how(when: Part) -> str:
    if isinstance(when, Count):
        return f"{COUNTS[when.word]} {when.number} of these {len(when.parts)}"
    return HOW.get(type(when), "") if len(inner_parts(when)) > 1 else ""
