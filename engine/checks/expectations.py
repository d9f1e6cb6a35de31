"""Names in `expect` and `expect_not` that do not exist in the knowledge base.

In: cases. Out: a problem for each such name, at its place in the file if that can be found. Valid names are
those that `cartsign test` accepts (`engine.casetest.spelling`).
"""

from __future__ import annotations

import re

from engine.casetest.spelling import Misspelt, misspelt, shape_of
from engine.checks.check import Check, Examined, Problems, finding
from facts.case import Case
from facts.problem import Span, quote

HELP = "correct the name, or remove it"
MOST_HELPED = 100
"""Maximum number of misspelt names for which the nearest name is searched."""


def unknown_names(examined: Examined) -> Problems:
    """Names in expectations that do not exist."""
    shape = shape_of(examined.kb)
    helped: dict[tuple[str, str], str] = {}
    for case in examined.cases or ():
        expected = (*misspelt(case.expect, shape, "expect"), *misspelt(case.expect_not, shape, "expect_not"))
        for each in expected:
            key = (_written(each), each.why)
            if key not in helped:
                helped[key] = (each.help if len(helped) < MOST_HELPED else "") or HELP
            message = each.why if each.is_unknown else f"{each.sentence}, in case {quote(case.id)}"
            yield finding("unknown-name", message, place_of(_written(each), case, examined), helped[key])


def _written(each: Misspelt) -> str:
    """The word to search for in the file."""
    return each.word or each.path[-1]


def place_of(word: str, case: Case, examined: Examined) -> Span:
    """The place where a case names something; the place of the case if that cannot be found."""
    lines = examined.lines.get(case.span.file, ())
    pattern, inside = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])"), False
    for at in range(max(case.span.line, 1), len(lines) + 1):
        line = lines[at - 1]
        if at > case.span.line and line.strip() and len(line) - len(line.lstrip()) < case.span.column - 1:
            break
        inside = inside or "expect" in line
        found = pattern.search(line, line.find("expect") if "expect" in line else 0) if inside else None
        if found:
            return Span(case.span.file, at, found.start() + 1, found.end() + 1, line)
    return case.span


CHECKS = (Check("unknown-name", unknown_names),)
