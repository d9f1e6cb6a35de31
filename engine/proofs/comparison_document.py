"""A comparison in machine-readable form, described by `engine/schemas/diff.schema.json`."""

from __future__ import annotations

from engine.model.knowledge_base import identity
from engine.proofs.comparison import Comparison
from engine.proofs.document import plain_answers
from engine.proofs.entry import Entry
from engine.proofs.versions import Compared, Example

FORMAT = "cartsign.diff/1"


def as_plain(comparison: Comparison) -> dict[str, object]:
    """A comparison as plain values."""
    versions = zip(comparison.words, (comparison.old, comparison.new), strict=True)
    before, after = ({"path": word, **identity(kb)} for word, kb in versions)
    return {
        "format": FORMAT,
        "before": before,
        "after": after,
        "less_urgent": bool(comparison.falls),
        **{status: sum(each.status == status for each in comparison.compared) for status in STATUSES},
        "entries": [_entry(each) for each in comparison.entries],
        "outcomes": [_outcome(each, comparison) for each in comparison.compared],
        "examples": [_example(each, comparison) for each in comparison.examples],
        "cases": _cases(comparison),
    }


STATUSES = ("same", "changed", "undecided")


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "section": entry.section,
        "change": entry.word,
        "before": entry.before or None,
        "after": entry.after or None,
        "fields": list(entry.fields),
        "same_meaning": entry.same,
        "advice": entry.advice,
        "file": entry.span.file or None,
        "line": entry.span.line or None,
    }


def _outcome(each: Compared, comparison: Comparison) -> dict[str, object]:
    example = each.example
    return {
        "kind": each.kind,
        "name": each.name,
        "formerly": each.formerly or None,
        "direction": each.direction,
        "status": each.status,
        "allowed": each.allowed,
        "only_clashing": each.only_clashing,
        "example": None if example is None else comparison.number(example),
        "was": None if example is None else example.was,
        "now": None if example is None else example.now,
        "rules": {
            "before": [] if example is None else list(example.rules.before),
            "after": [] if example is None else list(example.rules.after),
        },
    }


def _example(example: Example, comparison: Comparison) -> dict[str, object]:
    return {
        "number": comparison.number(example),
        "before": plain_answers(example.before),
        "after": plain_answers(example.after),
    }


def _cases(comparison: Comparison) -> dict[str, object] | None:
    counting = comparison.counting
    if counting is None:
        return None
    return {
        "from": comparison.cases,
        "rows": counting.rows,
        "different": counting.different,
        "changes": [
            {"kind": kind, "name": name, "direction": direction, "rows": each.rows, "ids": each.ids}
            for (kind, name, direction), each in counting.changes.items()
            if each.rows
        ],
    }
