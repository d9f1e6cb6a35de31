"""All mutants of a knowledge base.

In: a knowledge base. Out: mutants in the order of the files. A change after which something would depend on
itself is left out, because no such knowledge base can be loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from engine.coverage.mutation.conclusions import changed_conclusions
from engine.coverage.mutation.mutant import Mutant
from engine.coverage.mutation.parts import changes
from engine.coverage.mutation.scores import changed_scores
from engine.loading.numbers import plain
from engine.meaning.definitions import definitions, reads
from engine.model.classes import Classes
from engine.model.knowledge_base import KnowledgeBase
from engine.model.scores import TICKS, unit_of
from facts.vocabulary import Number


def mutants(kb: KnowledgeBase) -> Iterator[Mutant]:
    """Every mutant of the rules, scores, questions that depend on others, disagreements and the scope."""
    for rule in kb.rules.values():
        where = f"rule {rule.id}"
        for change in changes(rule.when, kb):
            changed = replace(kb, rules={**kb.rules, rule.id: replace(rule, when=change.whole)})
            span = change.span if change.span.line else rule.span
            yield Mutant(change.kind, where, change.said, span, changed)
        for other in changed_conclusions(rule, kb):
            changed = replace(kb, rules={**kb.rules, rule.id: replace(rule, then=other.then)})
            if _can_be_loaded(changed, other.kind):
                yield Mutant(other.kind, where, other.said, rule.span, changed)
    for score in kb.scores.values():
        for scoring in changed_scores(score, kb):
            changed = replace(kb, scores={**kb.scores, score.name: scoring.score})
            yield Mutant(scoring.kind, f"score {score.name}", scoring.said, scoring.span, changed)
    yield from _of_classes(kb)
    yield from _of_other_sections(kb)


def _of_classes(kb: KnowledgeBase) -> Iterator[Mutant]:
    """Each end of a class one step lower and one higher, as long as the classes stay in order."""
    for name, classes in kb.classes.items():
        unit, step = _units(classes, kb)
        ends = [Decimal(str(each.end)) for each in classes.classes if each.end is not None]
        for at, end in enumerate(ends):
            for moved in (end - step, end + step):
                others = [*ends[:at], moved, *ends[at + 1 :]]
                if others != sorted(set(others)):
                    continue
                own = replace(classes.classes[at], end=plain(moved))
                put = (*classes.classes[:at], own, *classes.classes[at + 1 :])
                changed = replace(kb, classes={**kb.classes, name: replace(classes, classes=put)})
                said = f"with the end {plain(moved / unit)} in place of {plain(end / unit)}"
                yield Mutant("threshold", f"class {own.name} of {name}", said, own.span, changed)


def _units(classes: Classes, kb: KnowledgeBase) -> tuple[int, Decimal]:
    """How much of an end is a point, and the smallest step between two values."""
    if classes.is_score:
        return TICKS, Decimal(unit_of(kb.scores[classes.of]))
    kind = kb.questions[classes.of].kind
    assert isinstance(kind, Number)
    return 1, Decimal(1).scaleb(-kind.decimals)


def _of_other_sections(kb: KnowledgeBase) -> Iterator[Mutant]:
    for question, part in kb.asked_when.items():
        for change in changes(part, kb):
            changed = replace(kb, asked_when={**kb.asked_when, question: change.whole})
            yield Mutant(change.kind, f"question {question}", change.said, change.span, changed)
    for name, entry in kb.disagreements.items():
        for change in changes(entry.when, kb):
            put = {**kb.disagreements, name: replace(entry, when=change.whole)}
            yield Mutant(
                change.kind, f"disagreement {name}", change.said, change.span, replace(kb, disagreements=put)
            )
    if kb.scope is not None:
        for change in changes(kb.scope.when, kb):
            changed = replace(kb, scope=replace(kb.scope, when=change.whole))
            yield Mutant(change.kind, "scope", change.said, change.span, changed)


def _can_be_loaded(kb: KnowledgeBase, kind: str) -> bool:
    """Whether nothing depends on itself; only another level or support can bring that about."""
    if kind not in ("level", "support"):
        return True
    named = definitions(kb)
    graph = {name: [ref.name for ref in reads(part, kb)] for name, part in named.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True
