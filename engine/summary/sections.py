"""A tally as sections, for terminal and page alike.

In: a tally and its knowledge base. Out: sections of rows with their numbers, most frequent first. Sections
without content are left out.
"""

from __future__ import annotations

from engine.model.knowledge_base import KnowledgeBase
from engine.summary import rows
from engine.summary.agreement import agreement
from engine.summary.misses import NearRule, left_out, near_misses
from engine.summary.section import Row, Section, counted, share
from engine.tally.tally import Tally


def sections(tally: Tally, kb: KnowledgeBase) -> list[Section]:
    """All sections."""
    found = (
        _levels(tally, kb),
        _deciding(tally, kb),
        *agreement(tally, kb),
        _conditions(tally, kb),
        _findings(tally, kb),
        _classes(tally, kb),
        _rules(tally, kb),
        _questions(tally, kb),
        _clashes(tally, kb),
        _near_misses(tally, kb),
        _rejects(tally),
    )
    return [section for section in found if section.rows]


def _levels(tally: Tally, kb: KnowledgeBase) -> Section:
    found = rows.levels(tally, kb) if tally["cases"] else []
    return Section(
        "levels",
        "How urgent",
        ("level", "settled", "open", "could be", "share"),
        tuple(
            Row(row.text, (row.settled, row.open, row.could_reach, share(row.cases, tally["cases"])))
            for row in found
        ),
        "levels",
        (
            "settled: no open answer can change it",
            "open: an answer may still raise the level",
            "could be: open at a lower level, and may rise to this one but no higher",
        ),
        is_whole=True,
    )


def _deciding(tally: Tally, kb: KnowledgeBase) -> Section:
    cases = tally["cases"]
    found = []
    for level, rules in rows.deciding(tally, kb):
        inner = [Row(rule.name, _of(cases, rule.cases, rule.alone), rule.text) for rule in rules]
        found.append(Row(level.text, _of(cases, level.cases, ""), inner=tuple(inner)))
    return Section(
        "deciding",
        "What decides",
        ("level, and the rules for it", "cases", "share", "alone"),
        tuple(found),
        "levels",
        (
            "cases: cases with this level in which the rule fired",
            "alone: of these, cases in which no other rule for this level fired",
        ),
        is_whole=True,
    )


def _of(all: int, cases: int, alone: int | str) -> tuple[int | str, ...]:
    return cases, share(cases, all), alone


def _conditions(tally: Tally, kb: KnowledgeBase) -> Section:
    found = rows.conditions(tally, kb)
    supports = rows.supports(found)
    return Section(
        "conditions",
        "Possible causes, by support",
        ("condition", *supports, "open"),
        tuple(Row(row.text, (*(row.by_support[each] for each in supports), row.open)) for row in found),
        "conditions",
        ("each case counts once, at the strongest support", "open: no support so far, but not ruled out"),
    )


def _findings(tally: Tally, kb: KnowledgeBase) -> Section:
    found = [Row(row.text, (row.cases, share(row.cases, tally["cases"]))) for row in rows.findings(tally, kb)]
    return Section("findings", "What was found", ("finding", "cases", "share"), tuple(found), "findings")


def _classes(tally: Tally, kb: KnowledgeBase) -> Section:
    counts = rows.classes(tally, kb) if tally["cases"] else []
    found = [Row(row.text, (row.cases, share(row.cases, tally["cases"]))) for row in counts]
    headings = ("class", "cases", "share")
    return Section("classes", "Scores and numbers", headings, tuple(found), "classes", is_whole=True)


def _rules(tally: Tally, kb: KnowledgeBase) -> Section:
    found = [
        Row(row.name, (row.fired, share(row.fired, tally["cases"]), row.open), row.text)
        for row in rows.rules(tally, kb)
    ]
    headings = ("rule", "fired", "share", "open")
    return Section("rules", "The most frequent rules", headings, tuple(found), "rules that fired")


def _questions(tally: Tally, kb: KnowledgeBase) -> Section:
    found = [Row(row.text, (row.alone, row.holds, row.unknown)) for row in rows.questions(tally, kb)]
    looked_at, cases, held_open = (tally[each] for each in ("looked_at", "cases", "held_open"))
    some = f", estimated from {counted(looked_at)} of them" if looked_at < cases else ""
    return Section(
        "questions",
        "What to ask",
        ("question", "settles", "one of", "unknown"),
        tuple(found),
        "questions",
        (
            f"questions keep {counted(held_open)} of {counted(cases)} cases open{some}",
            "settles: only this question keeps the case open, so any answer settles it",
            "one of: this question keeps the case open, alone or together with others",
            "unknown: of these cases, those with the answer “I don't know”",
        ),
    )


def _clashes(tally: Tally, kb: KnowledgeBase) -> Section:
    found = [Row(row.text, (row.cases, share(row.cases, tally["cases"]))) for row in rows.clashes(tally, kb)]
    note = f"{counted(tally['inconsistent'])} of {counted(tally['cases'])} cases have answers that clash"
    headings = ("why", "cases", "share")
    return Section("clashes", "Answers that clash", headings, tuple(found), "clashes", (note,))


def _near_misses(tally: Tally, kb: KnowledgeBase) -> Section:
    found, single = near_misses(tally, kb), left_out(kb)
    notes = [
        "cases: cases in which all other parts of the rule are true and this one is false or unknown",
        f"{counted(single)} of {counted(len(kb.rules))} rules have only one part and are not listed",
    ]
    if any(row.needs < len(row.parts) for row in found):
        notes.append("if an `at_least` lacks one true part, each part that would be enough counts")
    return Section(
        "near-misses",
        "One part short of firing",
        ("rule, and the missing part", "cases", "false", "unknown"),
        tuple(map(_near_rule, found)),
        "rules",
        tuple(notes),
    )


def _near_rule(row: NearRule) -> Row:
    lacked = (Row(part.text, (part.cases, part.false, part.unknown), part.place) for part in row.lacked)
    return Row(row.rule.id, (row.cases, "", ""), inner=tuple(lacked))


def _rejects(tally: Tally) -> Section:
    found = [Row(row.name, (row.cases,)) for row in rows.rejects(tally)]
    return Section("rejects", "Not assessed", ("why", "rows"), tuple(found), "reasons", is_whole=True)
