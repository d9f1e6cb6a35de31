"""Outcomes in words: a paragraph for each case that needs one, and one line for all.

In: outcomes. Out: lines of text that are safe to print in the terminal, in JUnit and in pytest, and plain
values for JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from engine.casetest.grounds import Ground, Grounds
from engine.casetest.grounds import lines as ground_lines
from engine.casetest.running import Outcome, Verdict
from facts.problem import printable

WORDS: dict[Verdict, str] = {
    "passed": "passed",
    "failed": "failed",
    "untested": "without expectation",
    "done": "no longer todo",
    "todo": "todo",
}
"""Words for the outcomes, in the order in which they are counted."""
MOST = 30
"""Maximum number of differences shown per case; JSON has all."""
FAILING: tuple[Verdict, ...] = ("failed", "untested", "done")


def heading(outcome: Outcome, word: str = "") -> str:
    """The place of the case, its id, and its outcome."""
    span = outcome.case.span
    return printable(f"{span.file}:{span.line}: {outcome.case.id}: {word or WORDS[outcome.verdict]}")


def sentence(outcome: Outcome) -> str:
    """The outcome of a case in one sentence."""
    match outcome.verdict:
        case "passed":
            said = "all expectations are met"
        case "failed":
            told = [each.sentence for each in outcome.misspelt]
            told += [each.sentence for each, _ in outcome.differences]
            said = told[0] + (f", and {len(told) - 1} more" if len(told) > 1 else "")
        case "todo":
            said = f"todo: {outcome.case.todo}"
        case "done":
            said = f"the case passes now: remove `todo: {outcome.case.todo}`"
        case "untested":
            said = "the case expects nothing, so it cannot fail: add `expect`"
        case _:
            assert_never(outcome.verdict)
    return printable(said)


def paragraph(outcome: Outcome) -> Iterator[str]:
    """The details of an outcome, line by line, without its heading."""
    if outcome.case.about:
        yield printable(" ".join(outcome.case.about.split()))
    if outcome.verdict in ("todo", "done", "untested"):
        yield sentence(outcome)
    if outcome.verdict == "todo":
        return
    told: set[Ground] = set()
    for wrong in outcome.misspelt[:MOST]:
        yield printable(f"- {wrong.sentence}" + (f"; {wrong.help}" if wrong.help else ""))
    for difference, grounds in outcome.differences[:MOST]:
        yield printable(f"- {difference.sentence}")
        yield from map(printable, ground_lines(grounds, told, "    "))
    more = sum(max(0, len(each) - MOST) for each in (outcome.misspelt, outcome.differences))
    if more:
        yield f"- and {more:,} more"


def cause(outcome: Outcome) -> Ground | None:
    """The single cause of all unmet expectations of a case, such as an unanswered question, or None."""
    if outcome.verdict != "failed" or outcome.misspelt or not all(why for _, why in outcome.differences):
        return None
    found = {leaf for _, why in outcome.differences for leaf in _leaves(why)}
    return found.pop() if len(found) == 1 else None


def _leaves(grounds: Grounds) -> Iterator[Ground]:
    for each in grounds:
        yield from _leaves(each.below) if each.below else (each,)


def summary(counts: Mapping[str, int], unreadable: int) -> str:
    """One line for all cases: the number of each outcome."""
    total = sum(counts.values())
    parts = [f"{number:,} {word}" for word, number in counts.items() if number]
    more = f"; {unreadable:,} cannot be read" if unreadable else ""
    return f"{total:,} case{'' if total == 1 else 's'}: {', '.join(parts) or 'none'}{more}"


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
            {"side": each.side, "path": list(each.path), "sentence": each.sentence, "help": each.help}
            for each in outcome.misspelt
        ],
        "differences": [
            {
                "side": each.side,
                "path": list(each.path),
                "sentence": each.sentence,
                "why": list(ground_lines(grounds, set())),
            }
            for each, grounds in outcome.differences
        ],
    }
