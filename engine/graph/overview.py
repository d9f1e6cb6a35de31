"""The whole knowledge base in one picture: which questions count for which findings, conditions and levels.

In: a prepared knowledge base. Out: a graph without rules; an edge names the rules that it skips. Advice is
drawn only if something depends on it, or if there are no other conclusions. A condition is one box whatever
its support, so a box may lead back to itself through others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from engine.graph.model import Edge, Graph, Node, behind, kept
from engine.meaning.definitions import hosts, parts_of
from engine.meaning.valuation import Prepared
from engine.model.knowledge_base import (
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Rule,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.names import Name, kind_of, name_of, parsed
from engine.model.parts import Answered, Part, Ref, Scored
from engine.model.scores import Points


def overview(prepared: Prepared) -> Graph:
    """Questions, findings, conditions and levels, with the rules that connect them."""
    kb = prepared.kb
    behind_edge: dict[tuple[str, str], dict[str, None]] = {}
    for item in kb.advice.values():
        for host in hosts(item.shown_with):
            behind_edge[_outcome(host.name), name_of("advice", item.name)] = {}
    for rule in kb.rules.values():
        for start in dict.fromkeys(read_by(rule.when, kb)):
            for end in _led_to(rule):
                if start != end:
                    behind_edge.setdefault((start, end), {})[rule.id] = None
    edges = tuple(Edge(start, end, rules=tuple(rules)) for (start, end), rules in behind_edge.items())
    concluded = {end for rule in kb.rules.values() for end in _led_to(rule)}
    concluded |= {edge.end for edge in edges}
    whole = Graph(f"{kb.name} {kb.version}", tuple(_nodes(kb)), edges)
    goals = {each for each in concluded if kind_of(each) != "advice"} or concluded
    return kept(whole, behind(whole, goals)) if goals else whole


def _nodes(kb: KnowledgeBase) -> Iterator[Node]:
    for question in kb.questions.values():
        yield Node(
            name_of("question", question.name), "answer", question.name, question.ask, question=question.name
        )
    for name, text in kb.findings.items():
        yield Node(name_of("finding", name), "finding", name, text)
    for condition in kb.conditions.values():
        yield Node(name_of("condition", condition.name), "condition", condition.name, condition.text)
    for level in kb.levels.values():
        yield Node(name_of("level", level.name), "level", level.name, level.text)
    for item in kb.advice.values():
        yield Node(name_of("advice", item.name), "advice", item.name, item.text)


def _led_to(rule: Rule) -> Iterator[str]:
    for conclusion in rule.then:
        match conclusion:
            case Finds(finding):
                yield name_of("finding", finding)
            case Suspects(condition) | CountsAgainst(condition):
                yield name_of("condition", condition)
            case Triages(level):
                yield name_of("level", level)
            case Gives(items) | Withholds(items):
                yield from (name_of("advice", item) for item in items)
            case _:
                assert_never(conclusion)


def read_by(part: Part, kb: KnowledgeBase) -> Iterator[str]:
    """The nodes of the questions and conclusions that a part reads, including those inside scores."""
    for each in parts_of(part):
        match each:
            case Answered(question):
                yield name_of("question", question)
            case Scored(score):
                for line in kb.scores[score].lines:
                    if isinstance(line, Points):
                        yield from read_by(line.when, kb)
                    else:
                        yield name_of("question", line.question)
            case Ref(name) if kind_of(name) == "class":
                yield from read_by(dict(kb.classes[parsed(name).name].definitions())[name], kb)
            case Ref(name):
                yield _outcome(name)
            case _:
                pass


def _outcome(name: str) -> str:
    match parsed(name):
        case Name("condition", condition):
            return name_of("condition", condition)
        case Name("triage", level):
            return name_of("level", level)
        case _:
            return name
