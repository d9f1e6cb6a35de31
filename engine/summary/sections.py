"""A tally in the words of its knowledge base, section by section: what a terminal and a page show alike.

In: a tally and its knowledge base. Out: sections of rows with their numbers, the most frequent first. What
the knowledge base or the run has nothing of has no section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.model import KnowledgeBase
from engine.summary import rows
from engine.summary.accuracy import Accuracy, Rate, Reading, accuracies
from engine.summary.misses import LackedPart, NearRule, left_out, near_misses
from engine.summary.numbers import counted, in_words, share
from engine.summary.tally import NONE, Tally

GIVEN: Mapping[Reading, str] = {"level": "level established", "ceiling": "ceiling"}
READINGS: Mapping[Reading, str] = {
    "level": "a case that is still open counts by the level that it has so far",
    "ceiling": "a case that is still open counts by the highest level that it may yet get, "
    "which is what a cautious reader acts on",
}
NO_LEVEL = "no level"


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is about: a name, a text or both; its numbers; and rows that belong to it."""

    name: str
    numbers: tuple[int | str, ...]
    text: str = ""
    inner: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A table. The first heading is that of the rows, `many` is what they are, `notes` are what it means."""

    id: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    many: str
    notes: tuple[str, ...] = ()
    is_whole: bool = False
    """Whether no row can be left out."""


def sections(tally: Tally, kb: KnowledgeBase) -> list[Section]:
    """Everything that there is to show."""
    found = [section for make in MAKERS for section in make(tally, kb)]
    return [section for section in found if section.rows]


def _levels(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = rows.levels(tally, kb) if tally["cases"] else []
    yield Section(
        "levels",
        "How urgent",
        ("level", "settled", "open", "could be", "share"),
        tuple(
            Row(row.text, (row.settled, row.open, row.could_reach, share(row.cases, tally["cases"])))
            for row in found
        ),
        "levels",
        (
            "settled: no open answer can change it",
            "open: an answer may still raise it",
            "could be: open at a lower level, and may rise to this one but no higher",
        ),
        is_whole=True,
    )


def _conditions(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = rows.conditions(tally, kb)
    supports = rows.supports(found)
    yield Section(
        "conditions",
        "What may be behind it, by support",
        ("condition", *supports, "open"),
        tuple(Row(row.text, (*(row.by_support[each] for each in supports), row.open)) for row in found),
        "conditions",
        ("each case counts for the strongest support that it gives", "open: none so far, and not ruled out"),
    )


def _findings(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = [Row(row.text, (row.cases, share(row.cases, tally["cases"]))) for row in rows.findings(tally, kb)]
    yield Section("findings", "What was found", ("finding", "cases", "share"), tuple(found), "findings")


def _rules(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = [
        Row(row.name, (row.fired, share(row.fired, tally["cases"]), row.open), row.text)
        for row in rows.rules(tally, kb)
    ]
    headings = ("rule", "fired", "share", "open")
    yield Section("rules", "The most frequent rules", headings, tuple(found), "rules that fired")


def _questions(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = [Row(row.text, (row.alone, row.holds, row.unknown)) for row in rows.questions(tally, kb)]
    looked_at, cases = tally["looked_at"], tally["cases"]
    some = "every case" if looked_at == cases else f"{counted(looked_at)} of {counted(cases)} cases"
    yield Section(
        "questions",
        "What to ask",
        ("question", "settles", "one of", "unknown"),
        tuple(found),
        "questions",
        (
            f"looked at {some}; questions hold {counted(tally['held_open'])} of them open",
            "settles: it alone holds the case open, so any answer settles it",
            "one of: it is one of those, or the one, that do",
            "unknown: of these, answered with “I don't know”",
        ),
    )


def _clashes(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = [Row(row.text, (row.cases, share(row.cases, tally["cases"]))) for row in rows.clashes(tally, kb)]
    note = f"{counted(tally['inconsistent'])} of {counted(tally['cases'])} cases have answers that clash"
    headings = ("why", "cases", "share")
    yield Section("clashes", "Answers that clash", headings, tuple(found), "clashes", (note,))


def _accuracy(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    read = accuracies(tally, kb)
    yield from (_confusion(found, kb) for found in read)
    if read:
        yield _rates(read, kb)


def _confusion(found: Accuracy, kb: KnowledgeBase) -> Section:
    names = [*reversed(list(kb.levels)), NONE]
    shown = [NO_LEVEL if name == NONE else name for name in names]
    matrix = [tuple(found.matrix.get((name, given), 0) for given in names) for name in names]
    return Section(
        f"confusion-{found.reading}",
        f"Expected level, and the {GIVEN[found.reading]}",
        ("expected", *shown),
        tuple(Row(name, counts) for name, counts in zip(shown, matrix, strict=True)),
        "levels",
        (READINGS[found.reading],),
        is_whole=True,
    )


def _rates(read: Sequence[Accuracy], kb: KnowledgeBase) -> Section:
    by_name = zip(*(named_rates(found, kb) for found in read), strict=True)
    found = [Row(each[0][0], (*(in_words(rate) for _, rate in each), each[0][1].of)) for each in by_name]
    return Section(
        "rates",
        "How well they agree",
        ("rate", *(f"by the {GIVEN[each.reading]}" for each in read), "of"),
        tuple(found),
        "rates",
        (
            "in brackets the 95 % interval (Wilson)",
            "too low and too high: under-triage and over-triage, as shares of all cases with an expectation",
            "sensitivity: of the cases with this level or a higher one expected, those that are given one",
            "specificity: of the others, those that are not",
        ),
        is_whole=True,
    )


def named_rates(found: Accuracy, kb: KnowledgeBase) -> list[tuple[str, Rate]]:
    """The rates of one reading, by what they are called."""
    rates = [("as expected", found.agreement), ("too low", found.under), ("too high", found.over)]
    for each in found.detections:
        above = "" if each.level == list(kb.levels)[-1] else " or above"
        rates.append((f"sensitivity for {each.level}{above}", each.sensitivity))
        rates.append((f"specificity for {each.level}{above}", each.specificity))
    return rates


def _near(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    single = left_out(kb)
    yield Section(
        "near-misses",
        "One part short of firing",
        ("rule, and the part it lacks", "cases", "false", "unknown"),
        tuple(_near_rule(row) for row in near_misses(tally, kb)),
        "rules",
        (
            "cases: all other parts of the rule are true, and this one is false or unknown",
            f"{counted(single)} of {counted(len(kb.rules))} rules need only one part, and are left out",
        ),
    )


def _near_rule(row: NearRule) -> Row:
    return Row(row.rule.id, (row.cases, "", ""), inner=tuple(map(_lacked, row.lacked)))


def _lacked(part: LackedPart) -> Row:
    return Row(part.text, (part.cases, part.false, part.unknown), part.place)


def _rejects(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    found = [Row(row.name, (row.cases,)) for row in rows.rejects(tally)]
    yield Section("rejects", "Not assessed", ("why", "rows"), tuple(found), "reasons", is_whole=True)


MAKERS: tuple[Callable[[Tally, KnowledgeBase], Iterator[Section]], ...] = (
    _levels,
    _accuracy,
    _conditions,
    _findings,
    _rules,
    _questions,
    _clashes,
    _near,
    _rejects,
)
