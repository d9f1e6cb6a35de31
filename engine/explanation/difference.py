"""The differences between two assessments of one person, before and after some answers changed.

In: two assessments. Out: only the differences, by field, each with its values before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase

Stated = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of an assessment, or its member called `name`, before and after; None if absent."""

    field: str
    name: str
    before: Stated
    after: Stated


def differences_between(before: Assessment, after: Assessment, kb: KnowledgeBase) -> tuple[Difference, ...]:
    """All differences, most urgent first."""
    was, now = (_stated(each, kb) for each in (before, after))
    keys = list(dict.fromkeys([*was, *now]))
    order = {field: at for at, field in enumerate(dict.fromkeys(field for field, _ in (*was, *now)))}
    changed = [key for key in keys if was.get(key) != now.get(key)]
    ranked = sorted(changed, key=lambda key: order[key[0]])
    return tuple(Difference(*key, was.get(key), now.get(key)) for key in ranked)


def _stated(found: Assessment, kb: KnowledgeBase) -> dict[tuple[str, str], Stated]:
    """Everything that an assessment states, one value per field or member."""
    said: dict[tuple[str, str], Stated] = {("in_scope", ""): found.in_scope}
    if found.triage is not None:
        triage = found.triage
        said |= {
            ("level", ""): triage.level,
            ("ceiling", ""): triage.ceiling,
            ("settled", ""): triage.settled,
        }
        for source, reach in triage.by_source.items():
            said |= {("level_by_source", source): reach.level, ("ceiling_by_source", source): reach.ceiling}
    said |= {("conditions", each.name): each.support for each in found.conditions}
    said |= {("could_reach", each.name): each.could_reach for each in found.conditions}
    said |= {("against", each.name): ", ".join(each.against) or None for each in found.conditions}
    said |= {("scores", name): _points(ends) for name, ends in found.scores.items()}
    said |= {("classes", name): each for name, each in found.classes.items()}
    said |= {("advice", item): state for item, state in _advice(found).items()}
    members = {
        "findings": found.findings,
        "inconsistencies": [each.name for each in found.inconsistencies],
        "disagreements": found.disagreements,
        "texts": found.texts,
        "ask_next": found.ask_next,
        "kept_open_by": found.kept_open_by,
    }
    said |= {(field, name): True for field, names in members.items() for name in names}
    truths = dict.fromkeys(kb.rules, "blocked") | dict.fromkeys(found.open, "open")
    return said | {
        ("rules", id): truth for id, truth in (truths | dict.fromkeys(found.fired, "fired")).items()
    }


def _points(ends: Mapping[str, int | float]) -> Stated:
    return ends["low"] if ends["low"] == ends["high"] else f"{ends['low']} to {ends['high']}"


def _advice(found: Assessment) -> dict[str, str]:
    """The state of every item that is not absent; an item held by several rules occurs once."""
    states = {each.item: "given" for each in found.advice.given}
    states |= {each.item: "given_unless" for each in found.advice.given_unless}
    states |= {each.item: "pending" for each in found.advice.pending}
    return states | {item: "held" for each in found.advice.held for item in each.items}
