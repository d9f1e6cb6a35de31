"""The files of a knowledge base, read again as lines, to show what stands in them.

In: where the knowledge base lies, and the coverage of its rules. Out: the lines of each file, or the problem
that a file is no longer what the rules were read from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.coverage.listing import Lines
from engine.coverage.measure import RuleCoverage
from engine.loading.files import read_files, shown
from facts.problem import Problem, Span
from facts.trees.text import decode, source_of


def source_lines(base: str, rules: Iterable[RuleCoverage]) -> Lines | Problem:
    """The lines of each file, by the name that the places in it have."""
    root = Path(base)
    is_folder = root.is_dir()
    files, _ = read_files(root)
    lines = {shown(root / name if is_folder else root): _lines(data) for name, data in files}
    for place in (place for rule in rules for place in _places(rule)):
        if place.source not in lines.get(place.file, [])[place.line - 1 : place.line]:
            return Problem("file-changed", "the file has changed since it was read", place, "run it again")
    return lines


def _lines(data: bytes) -> list[str]:
    text = decode(data, "")
    lines = source_of("", text).lines if isinstance(text, str) else []
    return lines[:-1] if lines and not lines[-1] else lines


def _places(rule: RuleCoverage) -> Iterator[Span]:
    yield rule.rule.span
    yield from (part.placed.span for part in rule.parts if part.placed.span.line)
