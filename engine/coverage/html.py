"""Coverage as one HTML page: an index, what is not covered, and every file of rules with its parts marked.

In: a coverage, its knowledge base, and the lines of the files. Out: the text of a self-contained page. All
text from the files is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.coverage.gaps import gaps_of
from engine.coverage.listing import Lines, listed
from engine.coverage.measure import Coverage, RuleCoverage
from engine.coverage.summary import below, red_flags, summed
from engine.loading.files import read_files, shown
from engine.model.knowledge_base import KnowledgeBase
from engine.output.html import rendered
from facts.problem import Problem, Span
from facts.trees.text import decode, source_of


def source_lines(base: str, rules: Iterable[RuleCoverage]) -> Lines | Problem:
    """The lines of each file, by the file name in its spans; or the problem of a file that cannot be read."""
    root = Path(base)
    is_folder = root.is_dir()
    files, _ = read_files(root)
    lines = {shown(root / name if is_folder else root): _lines(data) for name, data in files}
    for place in (place for rule in rules for place in _places(rule)):
        if place.source not in lines.get(place.file, [])[place.line - 1 : place.line]:
            return Problem(
                "file-changed", "the file has changed since it was read", place, "run the command again"
            )
    return lines


def _lines(data: bytes) -> list[str]:
    text = decode(data, "")
    lines = source_of("", text).lines if isinstance(text, str) else []
    return lines[:-1] if lines and not lines[-1] else lines


def _places(rule: RuleCoverage) -> Iterator[Span]:
    yield rule.rule.span
    yield from (part.placed.span for part in rule.parts if part.placed.span.line)


TEMPLATE = Path(__file__).with_name("coverage.html")


def coverage_page(coverage: Coverage, kb: KnowledgeBase, base: str, lines: Lines) -> str:
    """The HTML page; file names are relative to `base`."""
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
