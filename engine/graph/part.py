"""A part of the rule graph: everything that leads to a name, and what the name leads to next; or the
overview.

In: a prepared knowledge base and names. Out: a graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.graph.detail import Detail, concluded, grades
from engine.graph.model import Graph, ahead, behind, kept
from engine.graph.overview import overview, read_by
from engine.meaning.definitions import reads
from engine.meaning.valuation import Prepared
from engine.model.names import kind_of, name_of, parsed, without_kind, without_support
from engine.words.subjects import Subject

DRAWN = ("rule", "finding", "condition", "triage", "advice", "question", "class")
"""The kinds of subjects that a graph can show."""


def nodes_of(subject: Subject, prepared: Prepared) -> list[str]:
    """The nodes of a subject: of a level, the rules for exactly it; of a condition, each support; of a score
    or number, each class.
    """
    match subject.kind:
        case "condition":
            named = grades(subject.name, prepared)
            return [each for each in named if not subject.support or parsed(each).support == subject.support]
        case "triage":
            return [name_of("level", subject.name)]
        case "class":
            classes = prepared.kb.classes.get(subject.name)
            named = [name for name, _ in classes.named()] if classes else []
            return [each for each in named if subject.support in ("", parsed(each).support)]
        case kind:
            return [name_of(kind, subject.name)]


LONGEST = 80
"""Maximum number of characters of a title."""


def graph_of(prepared: Prepared, about: Collection[str] | None = None) -> Graph:
    """The graph of everything that leads to these names, and of what follows from them; without names, the
    overview.

    A name is that of a definition, `level:LEVEL` for the rules of exactly this level, or `question:QUESTION`.
    """
    if about is None:
        return overview(prepared)
    detail = Detail(prepared)
    for name in about:
        if kind_of(name) != "question":
            detail.add(name)
    for rule in dict.fromkeys(id for name in about for id in _rules_at(name, prepared)):
        detail.add_rule(prepared.kb.rules[rule])
    whole = detail.graph(_title(about))
    asked = {parsed(name).name for name in about if kind_of(name) == "question"}
    starts = {each.id for each in whole.nodes if each.question in asked} | (set(about) & set(detail.nodes))
    return kept(whole, behind(whole, starts) | ahead(whole, starts))


def _rules_at(name: str, prepared: Prepared) -> Iterator[str]:
    """The rules that a name denotes, that conclude it, or that read it."""
    for id, rule in prepared.kb.rules.items():
        read = {each.name for each in reads(rule.when, prepared.kb)} | set(read_by(rule.when, prepared.kb))
        if name == name_of("rule", id) or name in read or name in concluded(rule):
            yield id


def _title(about: Collection[str]) -> str:
    """The title for the names; the supports of one condition appear as one."""
    if len(about) > 1:
        about = dict.fromkeys(without_support(name) for name in about)
    named = ", ".join(without_kind(name) for name in about)
    return named if len(named) <= LONGEST else f"{named[: LONGEST - 1]}…"
