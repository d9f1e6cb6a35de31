"""The whole base on one picture: which questions count for which findings, conditions and levels.

In: a prepared knowledge base. Out: a graph without rules and without advice; an edge names the rules that it
leads past. What only gives advice is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions import parts_of
from engine.graph.model import Edge, Graph, Node
from engine.model import CountsAgainst, Finds, KnowledgeBase, Rule, Suspects, Triages
from engine.parts import Answered, Part, Ref, Scored
from engine.scores import Points
from engine.valuation import Prepared


def overview(prepared: Prepared) -> Graph:
    """Questions, findings, conditions and levels, and which rules lead from one to another."""
    kb = prepared.kb
    behind: dict[tuple[str, str], dict[str, None]] = {}
    for rule in kb.rules.values():
        for start in dict.fromkeys(read_by(rule.when, kb)):
            for end in _led_to(rule):
                if start != end:
                    behind.setdefault((start, end), {})[rule.id] = None
    edges = tuple(Edge(start, end, rules=tuple(rules)) for (start, end), rules in behind.items())
    used = {end for pair in behind for end in pair}
    return Graph(f"{kb.name} {kb.version}", tuple(each for each in _nodes(kb) if each.id in used), edges)


def _nodes(kb: KnowledgeBase) -> Iterator[Node]:
    for question in kb.questions.values():
        yield Node(f"question:{question.name}", "answer", question.name, question.ask, question=question.name)
    for name, text in kb.findings.items():
        yield Node(f"finding:{name}", "finding", name, text)
    for condition in kb.conditions.values():
        yield Node(f"condition:{condition.name}", "condition", condition.name, condition.text)
    for level in kb.levels.values():
        yield Node(f"level:{level.name}", "level", level.name, level.text)


def _led_to(rule: Rule) -> Iterator[str]:
    for conclusion in rule.then:
        match conclusion:
            case Finds(finding):
                yield f"finding:{finding}"
            case Suspects(condition) | CountsAgainst(condition):
                yield f"condition:{condition}"
            case Triages(level):
                yield f"level:{level}"
            case _:
                pass


def read_by(part: Part, kb: KnowledgeBase) -> Iterator[str]:
    """The nodes of the questions and conclusions that a part names, scores opened."""
    for each in parts_of(part):
        match each:
            case Answered(question):
                yield f"question:{question}"
            case Scored(score):
                for line in kb.scores[score].lines:
                    if isinstance(line, Points):
                        yield from read_by(line.when, kb)
                    else:
                        yield f"question:{line.question}"
            case Ref(name):
                yield _outcome(name)
            case _:
                pass


def _outcome(name: str) -> str:
    kind, _, rest = name.partition(":")
    match kind:
        case "condition":
            return f"condition:{rest.partition(':')[0]}"
        case "triage":
            return f"level:{rest}"
        case _:
            return name
