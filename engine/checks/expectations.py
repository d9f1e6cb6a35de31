"""Names in the `expect` and `expect_not` of cases that the knowledge base does not have.

In: cases. Out: a problem for each such name, at its place in the file where that can be found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields

from engine.assessment import Assessment
from engine.checks.cases import named
from engine.checks.check import Check, Examined, Problems, finding
from engine.model import SUPPORT, KnowledgeBase
from facts.case import Case
from facts.plain import Plain
from facts.problem import Span, quote, suggest

STATES = ("given", "given_unless", "held", "pending")
HELP = "correct the name, or leave it out"
MOST_HELPED = 100
"""For so many misspelt names the nearest one is looked for."""
Known = Mapping[str, tuple[str, Collection[str]]]
ABOUT_LEVELS = ("level", "ceiling", "settled", "rules", "by_source")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in an expectation: what it should be, and the names that there are."""

    text: str
    what: str
    known: Collection[str]


def unknown_names(examined: Examined) -> Problems:
    """Names in expectations that nothing is called by."""
    known = _known(examined.kb)
    helped: dict[tuple[str, str], str] = {}
    for case in examined.cases or ():
        for name in [*_names(case.expect, examined.kb, known), *_names(case.expect_not, examined.kb, known)]:
            if name.text not in name.known:
                key = (name.what, name.text)
                if key not in helped:
                    helped[key] = _help(name) if len(helped) < MOST_HELPED else HELP
                message = f"case {quote(case.id)} names {quote(name.text)}, and there is no such {name.what}"
                yield finding("unknown-name", message, place_of(name.text, case, examined), helped[key])


def _help(name: Name) -> str:
    return suggest(name.text, list(name.known), f"{name.what}s") or HELP


def _names(expected: Mapping[str, Plain], kb: KnowledgeBase, known: Known) -> Iterator[Name]:
    """Every name in an expectation that can be looked up."""
    keys = [each.name for each in fields(Assessment)]
    yield from (Name(key, "field of an assessment", keys) for key in expected)
    for key, (what, names) in known.items():
        yield from (Name(each, what, names) for each in named(expected.get(key)) if key in expected)
    yield from _of_conditions(expected.get("conditions"))
    yield from _of_triage(expected.get("triage"), kb)
    advice = expected.get("advice")
    for state, items in advice.items() if isinstance(advice, Mapping) else ():
        yield Name(state, "state of advice", STATES)
        yield from (Name(each, *known["held" if state == "held" else "given"]) for each in named(items))


def _known(kb: KnowledgeBase) -> Known:
    """What the names in each field of an assessment are, and those that there are."""
    out_of_place = (f"asked_when:{name}" for name in kb.questions)
    return {
        "fired": ("rule", kb.rules),
        "open": ("rule", kb.rules),
        "findings": ("finding", kb.findings),
        "conditions": ("condition", kb.conditions),
        "texts": ("text", kb.texts),
        "scores": ("score", kb.scores),
        "disagreements": ("disagreement", kb.disagreements),
        "inconsistencies": ("inconsistency", {*kb.consistency, *out_of_place}),
        "ask_next": ("question", kb.questions),
        "kept_open_by": ("question", kb.questions),
        "given": ("item of advice", kb.advice),
        "held": ("item of advice", {*kb.advice, *kb.rules}),
    }


def _of_conditions(conditions: Plain) -> Iterator[Name]:
    for support in conditions.values() if isinstance(conditions, Mapping) else ():
        if isinstance(support, str):
            yield Name(support, "support", SUPPORT)


def _of_triage(triage: Plain, kb: KnowledgeBase) -> Iterator[Name]:
    for key, value in triage.items() if isinstance(triage, Mapping) else ():
        yield Name(key, "field of `triage`", ABOUT_LEVELS)
        if key in ("level", "ceiling") and isinstance(value, str):
            yield Name(value, "level", kb.levels)
        elif key == "rules":
            yield from (Name(each, "rule", kb.rules) for each in named(value))
        elif key == "by_source" and isinstance(value, Mapping):
            yield from (Name(source, "article", kb.sources) for source in value)
            for inner in value.values():
                yield from _of_triage(inner, kb)


def place_of(word: str, case: Case, examined: Examined) -> Span:
    """Where a case names something; the case where that cannot be found."""
    lines = examined.lines.get(case.span.file, ())
    pattern, inside = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])"), False
    for at in range(max(case.span.line, 1), len(lines) + 1):
        line = lines[at - 1]
        if at > case.span.line and line.strip() and _indent(line) < case.span.column - 1:
            break
        inside = inside or "expect" in line
        found = pattern.search(line, line.find("expect") if "expect" in line else 0) if inside else None
        if found:
            return Span(case.span.file, at, found.start() + 1, found.end() + 1, line)
    return case.span


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


CHECKS = (Check("unknown-name", unknown_names),)
