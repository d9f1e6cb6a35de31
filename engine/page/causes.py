"""The middle of a page: what may be behind it, what the answers show, and where the articles differ."""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment import Assessment, Reach
from engine.model import KnowledgeBase
from engine.page.layout import Line, Section, cited, reason, shown_with


def causes(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The suspected conditions, ranked, with their reasons."""
    lines: list[Line] = []
    at = 0
    for each in assessment.conditions:
        if each.support is None:
            continue
        at += 1
        firmly = f"{each.support}, to be ruled out" if each.serious else each.support
        lines.append(Line(f"{kb.conditions[each.name].text}", f"{at}.", 0, firmly))
        lines += [reason(rule, kb, 1) for rule in each.rules]
        lines += [reason(rule, kb, 1, "against: ") for rule in each.against]
        lines += shown_with(f"condition:{each.name}", assessment, kb)
    if lines:
        yield Section("What may be behind it", tuple(lines))


def scores(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The scores, as far as they are known."""
    lines = []
    for name, ends in assessment.scores.items():
        low, high = ends["low"], ends["high"]
        value = f"{low}" if low == high else f"{low} to {high}, as answers are open"
        lines.append(Line(f"{kb.scores[name].text or name}: {value}", "-"))
    if lines:
        yield Section("Scores", tuple(lines))


def findings(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The patterns that the answers show."""
    lines: list[Line] = []
    for name in assessment.findings:
        lines.append(Line(kb.findings[name], "-"))
        lines += shown_with(f"finding:{name}", assessment, kb)
    if lines:
        yield Section("What the answers show", tuple(lines))


def articles(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """What each article says where they differ."""
    triage = assessment.triage
    lines = []
    reached = triage.by_source if triage else {}
    if len({reach.level for reach in reached.values()}) > 1:
        for source, reach in reached.items():
            said = _said(reach, kb)
            lines.append(Line(f"alone ({kb.sources[source].get('title', source)}) says: {said}", source))
    for name in assessment.disagreements:
        entry = kb.disagreements[name]
        lines.append(Line(f"On {entry.about}:", "-"))
        lines += [Line(side.says, "·", 1, cited(side.claims)) for side in entry.sides]
        lines.append(Line(entry.done, "→", 1))
    if lines:
        lines.append(Line("The safer level counts."))
        yield Section("Where the articles differ", tuple(lines))


def _said(reach: Reach, kb: KnowledgeBase) -> str:
    """An article's own level, and what it could still become."""
    said = kb.levels[reach.level].text if reach.level else "no level"
    open_ = reach.ceiling is not None and reach.ceiling != reach.level
    return f"{said}; open answers could make it “{kb.levels[reach.ceiling or ''].text}”" if open_ else said
