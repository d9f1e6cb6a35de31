"""A comparison as Markdown, for a pull request: the answer, a table of what changes, and details to open.

In: a comparison. Out: lines. Text from knowledge bases and cases is escaped, so that none of it is read as
Markdown or HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from engine.proofs.comparison import Comparison, short
from engine.proofs.comparison_terminal import described, responsible, verdict
from engine.proofs.versions import Example

MOST_NAMES = 8
MOST_EXAMPLES = 10
MARKED = re.compile(r"([\\`*_{}\[\]()#+!|~])")


def markdown(comparison: Comparison) -> Iterator[str]:
    """The lines of the Markdown text."""
    before, after = (_code(word) for word in comparison.words)
    yield f"### {before} → {after}"
    yield ""
    for line in verdict(comparison):
        yield f"- {_safe(line.strip())}"
    if comparison.undecided:
        yield f"- {len(comparison.undecided):,} of {len(comparison.compared):,} undecided in the given time"
    counting = comparison.counting
    if counting is not None:
        rows = f"{counting.rows:,} cases in {_code(comparison.cases)}"
        yield f"- of {rows}, {counting.different:,} are assessed differently"
    yield from _table(comparison)
    yield from _details(comparison)
    yield from _entries(comparison)


def _table(comparison: Comparison) -> Iterator[str]:
    if not comparison.groups:
        return
    rows = comparison.counting is not None
    yield ""
    yield f"| outcome | change | what |{' cases |' if rows else ''} shown by |"
    yield f"|---|---|---|{'---|' if rows else ''}---|"
    for group in comparison.groups:
        names = short([_code(each.name) for each in group.members], MOST_NAMES)
        numbers = sorted({comparison.number(each.example) or 0 for each in group.members if each.example})
        counted = sum(comparison.rows(each) or 0 for each in group.members)
        cell = f" {counted:,} |" if rows else ""
        cases = short([f"case {each}" for each in numbers], 3)
        yield f"| {_safe(group.kind)} | {group.direction} | {names} |{cell} {cases} |"
    yield ""
    yield "Everything else stays as it is for everybody." if not comparison.undecided else ""


def _details(comparison: Comparison) -> Iterator[str]:
    for number, example in enumerate(comparison.examples[:MOST_EXAMPLES], 1):
        yield ""
        yield from _example(comparison, example, number)
    if comparison.examples[MOST_EXAMPLES:]:
        yield ""
        yield f"{len(comparison.examples) - MOST_EXAMPLES:,} more cases show the other changes."


def _example(comparison: Comparison, example: Example, number: int) -> Iterator[str]:
    changes = list(comparison.shown_by(example))
    first = changes[0]
    assert first.example is not None
    change = f"{_what(first.kind, first.name)}: {first.example.was} → {first.example.now}"
    yield f"<details><summary>case {number}: {html.escape(change)}</summary>"
    yield ""
    yield "```yaml"
    answers = list(comparison.told(example))
    yield from (
        f"{question}: {answer}" + (f"  # only {comparison.words[only == 'new']} asks this" if only else "")
        for question, answer, only in answers
    )
    if not answers:
        yield "{}  # nothing is answered"
    yield "```"
    yield ""
    yield "| outcome | before | after | rules that lead to it |"
    yield "|---|---|---|---|"
    for each in changes:
        assert each.example is not None
        rules = _safe(responsible(each.example).replace("`", ""))
        cells = (_what(each.kind, each.name), each.example.was, each.example.now)
        yield f"| {' | '.join(map(_safe, cells))} | {rules} |"
    yield ""
    yield "</details>"


def _entries(comparison: Comparison) -> Iterator[str]:
    if not comparison.entries:
        return
    number = len(comparison.entries)
    yield ""
    yield f"<details><summary>{number:,} {'entry' if number == 1 else 'entries'} changed</summary>"
    yield ""
    yield "| section | change | entry | place |"
    yield "|---|---|---|---|"
    for each in comparison.entries:
        where = _code(f"{each.span.file}:{each.span.line}") if each.span.line else ""
        told = _safe(described(each)) + (f"<br>{_safe(each.advice.replace('`', ''))}" if each.advice else "")
        yield f"| {each.section} | {each.word} | {told} | {where} |"
    yield ""
    yield "</details>"


def _what(kind: str, name: str) -> str:
    return kind if kind in ("level", "ceiling", "scope") or " by " in kind else f"{kind} {name}"


def _code(word: str) -> str:
    """A word as code; one with a backtick or a bar is escaped instead."""
    return f"`{word}`" if not re.search(r"[`|\n]", word) else _safe(word)


def _safe(text: str) -> str:
    """A text without Markdown or HTML in it; code in backticks stays."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return MARKED.sub(r"\\\1", html.escape(text, quote=False))
    return "`".join(
        piece.replace("|", "\\|") if at % 2 else MARKED.sub(r"\\\1", html.escape(piece, quote=False))
        for at, piece in enumerate(pieces)
    )
