"""Sections on the agreement between given and expected levels.

In: a tally and its knowledge base. Out: a confusion matrix for each reading, the rates of both side by side,
and expected values that are not levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.model.knowledge_base import KnowledgeBase
from engine.summary.accuracy import Accuracy, Rate, Reading, accuracies
from engine.summary.section import Row, Section, in_words
from engine.tally.tally import NONE, REST, Tally
from facts.problem import quote, suggest

GIVEN: Mapping[Reading, str] = {"level": "level established", "ceiling": "ceiling"}
READINGS: Mapping[Reading, str] = {
    "level": "an open case counts at the level established so far",
    "ceiling": (
        "an open case counts at the highest level that it may still reach, as a cautious reader would act"
    ),
}
NO_LEVEL = "no level"


def agreement(tally: Tally, kb: KnowledgeBase) -> Iterator[Section]:
    """The sections on given and expected levels; they have no rows if no case has an expectation."""
    read = accuracies(tally, kb)
    yield from (_confusion(found, kb) for found in read)
    if read:
        yield _rates(read, kb)
    yield _no_level(tally, kb)


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
            "in brackets: the 95 % interval (Wilson)",
            "too low and too high: under-triage and over-triage, as shares of all cases with an expectation",
            "sensitivity: of the cases expected to have at least this level, the share that have it",
            "specificity: of the other cases, the share that have a lower level",
        ),
        is_whole=True,
    )


def _no_level(tally: Tally, kb: KnowledgeBase) -> Section:
    found = sorted(tally.below("no_level").items(), key=lambda each: (each[0] == (REST,), -each[1], each[0]))
    return Section(
        "no-level",
        "Expectations that are not levels",
        ("word", "cases"),
        tuple(
            Row(quote(word), (cases,), suggest(word, [*kb.levels, NONE], "levels"))
            for (word,), cases in found
        ),
        "words",
        ("the comparison ignores these cases",),
    )


def named_rates(found: Accuracy, kb: KnowledgeBase) -> list[tuple[str, Rate]]:
    """The rates of one reading with their names."""
    rates = [("as expected", found.agreement), ("too low", found.under), ("too high", found.over)]
    for each in found.detections:
        above = "" if each.level == list(kb.levels)[-1] else " or above"
        rates.append((f"sensitivity for {each.level}{above}", each.sensitivity))
        rates.append((f"specificity for {each.level}{above}", each.specificity))
    return rates
