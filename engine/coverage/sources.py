"""The files of a knowledge base, read again as lines, to show what stands in them.

In: where the knowledge base lies, and the coverage of its rules. Out: the lines of each file, or the problem
that a file is not what the rules were read from.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.coverage.listing import Lines
from engine.coverage.measure import RuleCoverage
from engine.files import read_files, shown
from facts.problem import Problem
from facts.text import decode, source_of


def source_lines(base: str, rules: Iterable[RuleCoverage]) -> Lines | Problem:
    """The lines of each file, by the name that the places in it have."""
    root = Path(base)
    files, problems = read_files(root)
    texts = {shown(root / name if root.is_dir() else root): data for name, data in files}
    lines: dict[str, list[str]] = {}
    for name, data in texts.items():
        text = decode(data, name)
        if isinstance(text, str):
            lines[name] = source_of(name, text).lines
    for span in (
        span for rule in rules for span in (rule.rule.span, *(part.placed.span for part in rule.parts))
    ):
        if span.line and span.source not in lines.get(span.file, [])[span.line - 1 : span.line]:
            return Problem("file-changed", "the file was changed while it was read", span, "run it again")
    return lines if not problems else problems[0]
