"""The summary of a run on a terminal: tables one under the other, readable without colours at 80 columns.

In: a tally and its knowledge base. Out: what rich prints. What the knowledge base or the run has nothing of
is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.model import KnowledgeBase
from engine.summary import rows
from engine.summary.accuracy import Accuracy, Reading, accuracies
from engine.summary.misses import left_out, near_misses
from engine.summary.numbers import counted, rate, share, short
from engine.summary.tally import NONE, Tally
from facts.problem import printable

FEW = 10
"""So many rules, questions and the like are listed."""
MOST_NEAR = 20
"""So many rules with near misses are listed, each with so many parts."""
MOST_PARTS = 3
READING: dict[Reading, str] = {"level": "the level established", "ceiling": "the ceiling"}

Cells = Sequence[str]


def table(tally: Tally, kb: KnowledgeBase) -> RenderableType:
    """The whole summary."""
    sections = (
        *_levels(tally, kb),
        *_conditions(tally, kb),
        *_rules(tally, kb),
        *_questions(tally, kb),
        *_clashes(tally, kb),
        *_accuracy(tally, kb),
        *_near(tally, kb),
        *_rejects(tally),
    )
    spaced = [part for at, section in enumerate(sections) for part in ([Text("")] * (at > 0), [section])]
    return Group(*(each for part in spaced for each in part))


def _levels(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = rows.levels(tally, kb)
    if found and tally["cases"]:
        cells = [
            (
                row.text,
                *map(short, (row.settled, row.open, row.could_reach)),
                share(row.cases, tally["cases"]),
            )
            for row in found
        ]
        note = "open: it may get higher; could be: open below it, and it may get so high and no higher"
        yield _section("How urgent", ("level", "settled", "open", "could be", "share"), cells, note)


def _conditions(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = rows.conditions(tally, kb)
    if found:
        supports = rows.supports(found)
        cells = [
            (row.text, *(short(row.by_support[each]) for each in supports), short(row.open))
            for row in found[:FEW]
        ]
        note = _more(len(found), "conditions", "open: no support yet")
        yield _section("What may be behind it, by support", ("condition", *supports, "open"), cells, note)


def _rules(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = rows.rules(tally, kb)
    if found:
        cells = [
            (f"{row.name}\n{row.text}", short(row.fired), share(row.fired, tally["cases"]), short(row.open))
            for row in found[:FEW]
        ]
        note = _more(len(found), "rules that fired")
        yield _section("The most frequent rules", ("rule", "fired", "share", "open"), cells, note)


def _questions(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = rows.questions(tally, kb)
    if found:
        cells = [(row.text, short(row.alone), short(row.holds), short(row.unknown)) for row in found[:FEW]]
        note = (
            f"of {counted(tally['looked_at'])} cases looked at, {counted(tally['held_open'])} are held open"
        )
        headings = ("question", "settles", "one of", "unknown")
        meaning = "settles: the only open question; one of: one of several; unknown: said not to know"
        yield _section("What to ask", headings, cells, _more(len(found), "questions", f"{note}; {meaning}"))


def _clashes(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = rows.clashes(tally, kb)
    if found:
        cells = [(row.text, short(row.cases)) for row in found[:FEW]]
        note = _more(len(found), "clashes", f"{counted(tally['inconsistent'])} cases are inconsistent")
        yield _section("Answers that clash", ("why", "cases"), cells, note)


def _accuracy(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = accuracies(tally, kb)
    for each in found:
        yield _confusion(each, kb)
        yield _rates(each, kb)


def _confusion(found: Accuracy, kb: KnowledgeBase) -> RenderableType:
    names = [*reversed(list(kb.levels)), NONE]
    cells = [
        (expected, *(short(found.matrix.get((expected, given), 0)) for given in names)) for expected in names
    ]
    title = f"Expected, and given by {READING[found.reading]}"
    return _section(title, ("expected", *names), cells)


def _rates(found: Accuracy, kb: KnowledgeBase) -> RenderableType:
    named = [("as expected", found.agreement), ("too low (under-triage)", found.under)]
    named.append(("too high (over-triage)", found.over))
    for each in found.detections:
        named.append((f"sensitivity for {each.level}", each.sensitivity))
        named.append((f"specificity for {each.level}", each.specificity))
    return _section("", ("rate", "95 % interval"), [(name, rate(each)) for name, each in named])


def _near(tally: Tally, kb: KnowledgeBase) -> Iterator[RenderableType]:
    found = near_misses(tally, kb)
    if found:
        cells = []
        for row in found[:MOST_NEAR]:
            cells.append((row.rule.id, short(row.cases), "", ""))
            for part in row.parts[:MOST_PARTS]:
                cells.append((f"  {part.text}", short(part.cases), short(part.false), short(part.unknown)))
        note = _more(
            len(found), "rules", f"{left_out(kb)} rules that need one part only are left out", MOST_NEAR
        )
        yield _section(
            "One part short of firing", ("rule, and part", "short", "false", "unknown"), cells, note
        )


def _rejects(tally: Tally) -> Iterator[RenderableType]:
    found = rows.rejects(tally)
    if found:
        yield _section("Not assessed", ("why", "rows"), [(row.name, short(row.cases)) for row in found])


def _more(number: int, what: str, note: str = "", listed: int = FEW) -> str:
    """A note, and how many there are where not all are listed."""
    more = f"{listed} of {counted(number)} {what}" if number > listed else ""
    return "; ".join(each for each in (more, note) if each)


def _section(title: str, headings: Cells, cells: Iterable[Cells], note: str = "") -> RenderableType:
    parts: list[RenderableType] = [Text(title, "bold")] if title else []
    rows = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for at, heading in enumerate(headings):
        rows.add_column(heading, justify="right" if at else "left", overflow="fold", no_wrap=at > 0)
    for row in cells:
        rows.add_row(*(Text(_printable(cell)) for cell in row))
    return Group(*parts, rows, *([Text(f"({note})", "dim")] if note else []))


def _printable(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))
