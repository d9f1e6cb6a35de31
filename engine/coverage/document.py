"""Coverage as plain values for `--json`, described by `engine/schemas/coverage.schema.json`.

In: a coverage and its knowledge base. Out: mappings and lists, in the order of the knowledge base.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.coverage.gaps import gaps
from engine.coverage.measure import Coverage, LineCoverage, PartCoverage, RuleCoverage, Tally
from engine.coverage.summary import Summary, red_flags, summed
from engine.model.knowledge_base import KnowledgeBase, identity
from engine.words.rule_text import written
from facts.problem import Problem, Span

FORMAT = "cartsign.coverage/2"


def as_plain(
    coverage: Coverage, kb: KnowledgeBase, deeper: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The document as mappings and lists, with what `--mcdc` and `--mutate` found."""
    return {
        "format": FORMAT,
        "kb": identity(kb),
        "cases": coverage.cases,
        "all": _summary(summed(coverage.rules, coverage.lines)),
        "red_flags": _summary(summed(red_flags(coverage.rules))),
        "gaps": [_gap(gap) for gap in gaps(coverage.rules, coverage.lines)],
        "rules": [_rule(rule) for rule in coverage.rules],
        "score_lines": [_line(line) for line in coverage.lines],
        **(deeper or {}),
    }


def _summary(found: Summary) -> dict[str, object]:
    return {
        "rules": found.rules,
        "for_everybody": found.for_everybody,
        "fired": found.fired,
        "blocked": found.blocked,
        "parts": found.parts,
        "covered": found.covered,
        "percent": float(found.percent),
    }


def _gap(gap: Problem) -> dict[str, object]:
    return {"code": gap.code, **_place(gap.span), "message": gap.message, "help": gap.help}


def _rule(rule: RuleCoverage) -> dict[str, object]:
    return {
        "id": rule.rule.id,
        "red_flag": rule.is_red_flag,
        **_place(rule.rule.span),
        "fired": rule.fired.cases,
        "blocked": rule.blocked.cases,
        "open": rule.open.cases,
        "parts": [_part(part) for part in rule.parts],
    }


def _part(part: PartCoverage) -> dict[str, object]:
    return {
        "part": written(part.placed.part),
        **_place(part.placed.span),
        "depth": len(part.placed.above),
        "innermost": part.counts,
        "covered": part.covered,
        "true": _tally(part.true),
        "false": _tally(part.false),
        "unknown": _tally(part.unknown),
        "edges": [
            {"value": each.edge.value, "truth": each.edge.truth, **_tally(each.tally)} for each in part.edges
        ],
    }


def _line(each: LineCoverage) -> dict[str, object]:
    return {
        "score": each.line.score.name,
        "line": each.line.at,
        "part": each.line.said,
        "covered": each.covered,
        "counts": _tally(each.counts),
        "misses": None if each.line.misses is None else _tally(each.misses),
    }


def _tally(tally: Tally) -> dict[str, object]:
    return {"cases": tally.cases, "decided": tally.decided, "witness": tally.witness or None}


def _place(span: Span) -> dict[str, object]:
    """A place; null fields for `always`, which has no place of its own."""
    return {"file": span.file or None, "line": span.line or None, "column": span.column or None}
