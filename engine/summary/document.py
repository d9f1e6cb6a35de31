"""The summary of a run as plain values, described by `engine/schemas/summary.schema.json`.

In: a tally and its knowledge base. Out: mappings and lists of all counts in the order of the knowledge base,
including zeros, so that two runs can be compared line by line.
"""

from __future__ import annotations

from engine.model.knowledge_base import SUPPORT, KnowledgeBase, identity
from engine.summary.accuracy import Accuracy, Rate, accuracies
from engine.summary.misses import NearRule, near_rules
from engine.summary.rows import clash_names, deciding, levels
from engine.tally.tally import NONE, Tally

FORMAT = "cartsign.summary/1"

Plain = dict[str, object]


def document(tally: Tally, kb: KnowledgeBase) -> Plain:
    """The document as plain values."""
    return {
        "format": FORMAT,
        "kb": identity(kb),
        "cases": tally["cases"],
        "rejects": {code: count for (code,), count in sorted(tally.below("reject").items())},
        "in_scope": {each: tally["scope", each] for each in ("yes", "no", "open")} if kb.scope else None,
        "triage": _triage(tally, kb) if kb.levels else None,
        "conditions": [_condition(name, tally) for name in kb.conditions],
        "findings": {name: tally["finding", name] for name in kb.findings},
        **({"classes": {name: _classes(name, tally, kb) for name in kb.classes}} if kb.classes else {}),
        "rules": [
            {"id": id, "fired": tally["rule", id, "fired"], "open": tally["rule", id, "open"]}
            for id in kb.rules
        ],
        "questions": _questions(tally, kb),
        "inconsistent": tally["inconsistent"],
        "inconsistencies": {name: tally["clash", name] for name in clash_names(kb)},
        "accuracy": [_accuracy(each, kb) for each in accuracies(tally, kb)] or None,
        "expected_no_level": {word: count for (word,), count in sorted(tally.below("no_level").items())},
        "near_misses": _near_misses(tally, kb) if tally["near_looked_at"] else None,
    }


def _triage(tally: Tally, kb: KnowledgeBase) -> Plain:
    """The levels from lowest to highest, preceded by "no level"."""
    found = list(reversed(levels(tally, kb)))
    reached = tally.below("triage")
    names = [NONE, *kb.levels]
    return {
        "settled": sum(row.settled for row in found),
        "open": sum(row.open for row in found),
        "levels": [{"level": _level(row.name), "settled": row.settled, "open": row.open} for row in found],
        "deciding": [
            {"level": level.name, "id": rule.name, "cases": rule.cases, "alone": rule.alone}
            for level, rules in deciding(tally, kb)
            for rule in rules
        ],
        "reached": [
            {"level": _level(level), "ceiling": _level(ceiling), "cases": reached.get((level, ceiling), 0)}
            for at, level in enumerate(names)
            for ceiling in names[at:]
        ],
    }


def _level(name: str) -> str | None:
    return None if name == NONE else name


def _condition(name: str, tally: Tally) -> Plain:
    support = {each: tally["condition", name, each] for each in reversed(SUPPORT)}
    return {"name": name, "support": support, "open": tally["condition", name, "open"]}


def _classes(name: str, tally: Tally, kb: KnowledgeBase) -> Plain:
    found = {each.name: tally["class", name, "in", each.name] for each in kb.classes[name].classes}
    return {"cases": found, "open": tally["class", name, "open"]}


def _questions(tally: Tally, kb: KnowledgeBase) -> Plain:
    kinds = ("holds", "alone", "unknown")
    found = [
        {"name": name, **{kind: tally["question", name, kind] for kind in kinds}} for name in kb.questions
    ]
    return {"looked_at": tally["looked_at"], "held_open": tally["held_open"], "questions": found}


def _accuracy(found: Accuracy, kb: KnowledgeBase) -> Plain:
    names = [NONE, *kb.levels]
    return {
        "by": found.reading,
        "cases": found.agreement.of,
        "matrix": [
            {
                "expected": _level(expected),
                "given": _level(given),
                "cases": found.matrix.get((expected, given), 0),
            }
            for expected in names
            for given in names
        ],
        "as_expected": _rate(found.agreement),
        "under_triage": _rate(found.under),
        "over_triage": _rate(found.over),
        "red_flags": [
            {
                "level": each.level,
                "sensitivity": _rate(each.sensitivity),
                "specificity": _rate(each.specificity),
            }
            for each in reversed(found.detections)
        ],
    }


def _rate(found: Rate) -> Plain:
    low, high = found.interval or (None, None)
    return {"cases": found.some, "of": found.of, "share": found.share, "low": low, "high": high}


def _near_misses(tally: Tally, kb: KnowledgeBase) -> Plain:
    return {"looked_at": tally["near_looked_at"], "rules": [_near(row) for row in near_rules(tally, kb)]}


def _near(row: NearRule) -> Plain:
    parts = [
        {
            "part": part.text,
            "file": part.span.file,
            "line": part.span.line,
            "column": part.span.column,
            "false": part.false,
            "unknown": part.unknown,
        }
        for part in row.parts
    ]
    return {"id": row.rule.id, "needs": row.needs, "cases": row.cases, "parts": parts}
