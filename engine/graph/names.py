"""Words of a user to the names that a graph can be about.

In: a word, as something is called in the knowledge base or with its kind before it (`rule:stop`). Out: the
names of nodes, several where a condition has several supports; or a problem that names what was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.graph.detail import grades
from engine.model import SUPPORT, KnowledgeBase
from engine.valuation import Prepared
from facts.problem import Problem, Span, quote, suggest

WORDS: Mapping[str, str] = {"triage": "level", "question": "question"}


def names_for(word: str, prepared: Prepared) -> list[str] | Problem:
    """The names that a word stands for, if it means one thing."""
    declared = _declared(prepared.kb)
    kind, _, rest = word.partition(":")
    kind = WORDS.get(kind, kind)
    meant = [(kind, rest)] if kind in declared and rest else [(each, word) for each in declared]
    found = [(each, name) for each, name in meant if _is_declared(each, name, declared[each])]
    if len(found) == 1:
        return _nodes(*found[0], prepared) or _silent(word, prepared.kb)
    where = Span(prepared.kb.name)
    if found:
        kinds = " and ".join(f"{'an' if each == 'advice' else 'a'} {_spoken(each)}" for each, _ in found)
        help = "write " + " or ".join(quote(f"{each}:{name}") for each, name in found)
        return Problem("ambiguous", f"{quote(word)} is {kinds}", where, help, subject=word)
    known = [name for each in meant for name in declared[each[0]]]
    help = suggest(meant[0][1], known, "names")
    help = help or "name a rule, finding, condition, level, item of advice or question"
    return Problem("unknown-name", f"nothing is called {quote(word)}", where, help, subject=word)


def _declared(kb: KnowledgeBase) -> dict[str, Collection[str]]:
    return {
        "rule": kb.rules,
        "finding": kb.findings,
        "condition": kb.conditions,
        "level": kb.levels,
        "advice": kb.advice,
        "question": kb.questions,
    }


def _is_declared(kind: str, name: str, declared: Collection[str]) -> bool:
    if kind != "condition":
        return name in declared
    condition, colon, support = name.partition(":")
    return condition in declared and (not colon or support in (*SUPPORT, "against"))


def _nodes(kind: str, name: str, prepared: Prepared) -> list[str]:
    """The names of the nodes: each support that rules conclude, where none is named."""
    if kind != "condition":
        return [f"{kind}:{name}"]
    return [
        each for each in grades(name.partition(":")[0], prepared) if each.endswith(name.partition(":")[2])
    ]


def _spoken(kind: str) -> str:
    return "item of advice" if kind == "advice" else kind


def _silent(word: str, kb: KnowledgeBase) -> Problem:
    help = "name the condition without a support, for all of them"
    return Problem("unknown-name", f"no rule concludes {quote(word)}", Span(kb.name), help, subject=word)
