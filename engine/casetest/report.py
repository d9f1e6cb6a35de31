"""What became of the cases, in words: a paragraph for each case that needs one, and a line for all.

In: outcomes. Out: lines of text, safe to show, for the terminal, for JUnit and for pytest; plain values for
JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.casetest.grounds import lines as ground_lines
from engine.casetest.running import Outcome, Verdict
from facts.problem import printable

WORDS: dict[Verdict, str] = {
    "passed": "passed",
    "failed": "failed",
    "untested": "without expectation",
    "todo": "todo",
    "done": "todo no more",
}
"""What an outcome is called, in the order in which they are counted."""


def heading(outcome: Outcome) -> str:
    """Where the case stands, how it is called, and what became of it."""
    span = outcome.case.span
    return printable(f"{span.file}:{span.line}: {outcome.case.id}: {WORDS[outcome.verdict]}")


def paragraph(outcome: Outcome) -> Iterator[str]:
    """What there is to say about a case, line by line, without its heading."""
    for line in _said(outcome):
        yield printable(line)


def _said(outcome: Outcome) -> Iterator[str]:
    case = outcome.case
    if case.about:
        yield case.about
    match outcome.verdict:
        case "todo":
            yield f"todo: {case.todo}"
        case "done":
            yield f"it gives all that it must now: remove `todo: {case.todo}`"
        case "untested":
            yield "it says nothing that must come of it, so it cannot fail: add `expect`"
    for wrong in outcome.misspelt:
        yield f"- {wrong.side}: {wrong.sentence}" + (f"; {wrong.hint}" if wrong.hint else "")
    for difference, grounds in outcome.differences:
        yield f"- {difference.sentence}"
        yield from ground_lines(grounds, "    ")


def summary(counts: Counter[Verdict], unreadable: int) -> str:
    """One line for all cases."""
    total = counts.total()
    parts = [f"{counts[verdict]:,} {word}" for verdict, word in WORDS.items() if counts[verdict]]
    parts += [f"{unreadable:,} that cannot be read"] if unreadable else []
    return f"{total:,} case{'' if total == 1 else 's'}: " + (", ".join(parts) or "nothing to test")


def as_plain(outcome: Outcome) -> dict[str, object]:
    """An outcome as plain values."""
    case = outcome.case
    return {
        "id": case.id,
        "file": case.span.file,
        "line": case.span.line,
        "about": case.about,
        "verdict": outcome.verdict,
        "todo": case.todo or None,
        "misspelt": [
            {"side": each.side, "path": list(each.path), "sentence": each.sentence, "hint": each.hint}
            for each in outcome.misspelt
        ],
        "differences": [
            {
                "side": each.side,
                "path": list(each.path),
                "sentence": each.sentence,
                "found": each.found,
                "wanted": None if each.wanted is ... else each.wanted,
                "why": list(ground_lines(grounds)),
            }
            for each, grounds in outcome.differences
        ],
    }
