"""The charts of sections, with a description of each for readers who cannot see it.

In: a tally and its knowledge base. Out: pictures by the id of the section.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.model.knowledge_base import KnowledgeBase
from engine.summary import rows
from engine.summary.accuracy import Accuracy, accuracies
from engine.summary.agreement import GIVEN, NO_LEVEL, named_rates
from engine.summary.charts import Bar, Estimate, bars, estimates, heat_map
from engine.summary.misses import near_misses
from engine.tally.tally import NONE, Tally

MOST = 15
"""Maximum number of bars of a chart."""


Bars = tuple[str, str, Sequence[str], Sequence[Bar]]
"""The id of a section, what is counted, the names of the parts of a bar, and the bars."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG, and its description."""

    svg: str
    says: str


def pictures(tally: Tally, kb: KnowledgeBase) -> dict[str, Picture]:
    """The charts of all sections that have one."""
    return dict(_pictures(tally, kb))


def _pictures(tally: Tally, kb: KnowledgeBase) -> Iterator[tuple[str, Picture]]:
    for id, says, parts, found in (*_found(tally, kb), *_asked(tally, kb)):
        if any(map(sum, (bar.parts for bar in found))):
            more = f", the first {MOST} of {len(found)}" if len(found) > MOST else ""
            yield id, Picture(bars(found[:MOST], parts), f"Bar chart: {says}{more}")
    read = accuracies(tally, kb)
    for each in read:
        says = f"Heat map: the expected level against the {GIVEN[each.reading]}"
        yield f"confusion-{each.reading}", Picture(_heat_map(each, kb), says)
    if read:
        says = "Rates on a scale from 0 to 100 %, with their intervals"
        yield "rates", Picture(estimates(list(_estimates(read, kb))), says)


def _found(tally: Tally, kb: KnowledgeBase) -> Iterator[Bars]:
    """Bars of what was found in the cases."""
    levels = [Bar(row.text, (row.settled, row.open)) for row in rows.levels(tally, kb)]
    yield "levels", "cases at each level", ("settled", "open"), levels
    deciding = [rule for _, rules in rows.deciding(tally, kb) for rule in rules]
    deciding.sort(key=lambda rule: -rule.cases)
    decided = [Bar(rule.name, (rule.alone, rule.cases - rule.alone)) for rule in deciding]
    yield "deciding", "cases whose level each rule decides", ("alone", "with others"), decided
    conditions = rows.conditions(tally, kb)
    supports = rows.supports(conditions)
    ranked = [Bar(row.text, tuple(row.by_support[each] for each in supports)) for row in conditions]
    yield "conditions", "cases with each condition, by support", supports, ranked
    findings = [Bar(row.text, (row.cases,)) for row in rows.findings(tally, kb)]
    yield "findings", "cases with each finding", ("cases",), findings
    rules = [Bar(row.name, (row.fired,)) for row in rows.rules(tally, kb)]
    yield "rules", "cases in which each rule fired", ("fired",), rules


def _asked(tally: Tally, kb: KnowledgeBase) -> Iterator[Bars]:
    """Bars of what is open, or wrong."""
    questions = [Bar(row.text, (row.alone, row.holds - row.alone)) for row in rows.questions(tally, kb)]
    yield (
        "questions",
        "cases that each question keeps open",
        ("settles it alone", "one of several"),
        questions,
    )
    clashes = [Bar(row.text, (row.cases,)) for row in rows.clashes(tally, kb)]
    yield "clashes", "cases with each clash", ("cases",), clashes
    lacked = [(row.rule.id, part) for row in near_misses(tally, kb) for part in row.lacked]
    lacked.sort(key=lambda each: -each[1].cases)
    parts = [Bar(f"{part.text} in {id}", (part.false, part.unknown)) for id, part in lacked]
    yield "near-misses", "cases in which only this part is missing", ("false", "unknown"), parts
    rejects = [Bar(row.name, (row.cases,)) for row in rows.rejects(tally)]
    yield "rejects", "rows that were not assessed", ("rows",), rejects


def _heat_map(found: Accuracy, kb: KnowledgeBase) -> str:
    names = [*reversed(list(kb.levels)), NONE]
    matrix = {
        (at, place): found.matrix.get((expected, given), 0)
        for at, expected in enumerate(names)
        for place, given in enumerate(names)
    }
    return heat_map([NO_LEVEL if name == NONE else name.replace("_", " ") for name in names], matrix)


def _estimates(read: Sequence[Accuracy], kb: KnowledgeBase) -> Iterator[Estimate]:
    for each in read:
        for name, rate in named_rates(each, kb):
            if rate.share is not None and rate.interval is not None:
                yield Estimate(name, GIVEN[each.reading], rate.share, *rate.interval)
