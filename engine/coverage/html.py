"""Coverage as one page of HTML: an index, what is not covered, and every file of rules with its parts marked.

In: a coverage, its knowledge base, and the lines of the files. Out: the text of the page, which needs nothing
but itself. Whatever stands in a file is escaped.
"""

from __future__ import annotations

from pathlib import Path

from engine.coverage.gaps import gaps_of
from engine.coverage.listing import Lines, listed
from engine.coverage.measure import Coverage
from engine.coverage.summary import below, red_flags, summed
from engine.model.knowledge_base import KnowledgeBase
from engine.output.html import rendered

TEMPLATE = Path(__file__).with_name("coverage.html")


def coverage_page(coverage: Coverage, kb: KnowledgeBase, base: str, lines: Lines) -> str:
    """The page; files are named as they are called below `base`."""
    flagged = red_flags(coverage.rules)
    others = [rule for rule in coverage.rules if not rule.is_red_flag]
    return rendered(
        TEMPLATE,
        kb=kb,
        cases=coverage.cases,
        files=list(listed(coverage.rules, lines)),
        total=summed(coverage.rules, coverage.lines),
        red_flags=flagged,
        red_flags_total=summed(flagged),
        gaps_of=gaps_of,
        place=lambda span: below(str(span), base),
        lacking=[rule for rule in (*flagged, *others) if not rule.covered],
    )
