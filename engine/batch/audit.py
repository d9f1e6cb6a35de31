"""The audit: a sample of the rows of a run, assessed again on experta and compared.

In: the tables of a run and their results from columns. Out: a fixed number of rows, drawn uniformly with a
seed, and those on which experta disagrees. Each row has a random number, and the rows with the lowest numbers
are the sample; only rows that can still be among them are drawn from a segment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from engine.experta_target import Engine
from engine.meaning.asking import Asking
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from facts.case import Case, from_mapping
from facts.tables.frame import cases_of
from facts.vocabulary import Questionnaire

if TYPE_CHECKING:
    import polars as pl

Plain = dict[str, object]
InFull = Callable[[Sequence[Case]], list[Plain]]
"""A function that returns the complete assessments of cases from columns, or the fields available."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of the sample: its random number, its answers, and its results from columns."""

    lot: float
    id: str
    answers: Mapping[str, object]
    found: Mapping[str, object]

    def to_plain(self) -> Plain:
        """The row as plain values, for the journal."""
        return {"lot": self.lot, "id": self.id, "answers": self.answers, "found": self.found}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row on which experta disagrees, and the names of the differing fields."""

    id: str
    names: tuple[str, ...]


def lowest(drawn: Iterable[Drawn], count: int) -> list[Drawn]:
    """The `count` rows with the lowest random numbers."""
    return sorted(drawn, key=lambda each: each.lot)[:count]


def drawn_from_plain(values: Mapping[str, Any]) -> Drawn:
    """The inverse of `Drawn.to_plain`."""
    return Drawn(**values)


def draw(
    frame: pl.DataFrame,
    found: pl.DataFrame,
    questions: Questionnaire,
    count: int,
    seed: str,
    below: float,
) -> list[Drawn]:
    """Draw random numbers for the rows of a segment, and return up to `count` rows with the lowest numbers,
    if below `below`.

    `seed` is that of the segment. The order statistics of n uniform numbers are generated one from another
    (Devroye, Non-Uniform Random Variate Generation, 1986, section V.3): the gap from one to the next is
    distributed as the lowest of the remaining numbers, scaled to the rest of the interval.
    """
    dice, lot = Random(seed), 0.0
    rows: dict[int, float] = {}
    for at, row in enumerate(dice.sample(range(frame.height), min(count, frame.height))):
        lot += (1 - lot) * (1 - dice.random() ** (1 / (frame.height - at)))
        if lot < below:
            rows[row] = lot
    places = list(rows)
    drawn = zip(rows.values(), cases_of(frame[places], questions), found[places].to_dicts(), strict=True)
    return [Drawn(lot, case.id, case.to_mapping(), values) for lot, case, values in drawn]


def audited(sample: Sequence[Drawn], engine: Engine, in_full: InFull) -> list[Disagreement]:
    """The rows whose results from columns differ from those of experta. `in_full` makes complete assessments
    in columns, to be compared as well; a case with an empty one is compared by its wide results only.
    """
    differing, questions = [], engine.prepared.kb.questions
    cases = [from_mapping(each.answers, questions, each.id) for each in sample]
    for each, case, whole in zip(sample, cases, in_full(cases), strict=True):
        fired = engine.fire(case.answers)
        said = assemble(fired, each.id)
        says = expected_of(fired, said)
        names = [name for name, value in each.found.items() if name in says and says[name] != value]
        if whole:
            complete = _comparable(json.loads(said.to_json()))
            names += [name for name, value in _comparable(whole).items() if complete[name] != value]
        if names:
            differing.append(Disagreement(each.id, tuple(names)))
    return differing


def _comparable(said: Plain) -> Plain:
    """An assessment without the questions that pending items wait for, which columns do not provide."""
    advice = said.get("advice")
    if not isinstance(advice, dict):
        return said
    pending = [{**each, "questions": None} for each in advice["pending"]]
    return said | {"advice": {**advice, "pending": pending}}


def expected_of(case: Valuation, said: Assessment) -> Plain:
    """The wide results and truths that a case must have, by column name."""
    kb = case.prepared.kb
    found: Plain = {"in_scope": said.in_scope, "inconsistent": bool(said.inconsistencies)}
    if said.triage:
        triage = said.triage
        found |= {"level": triage.level, "ceiling": triage.ceiling, "settled": triage.settled}
        found |= _waiting(case, triage.level)
    found |= dict.fromkeys((f"condition.{name}" for name in kb.conditions), None)
    found |= {f"condition.{each.name}": each.support for each in said.conditions}
    found |= {f"finding.{name}": case.value(name_of("finding", name)) for name in kb.findings}
    found |= {f"score.{name}.{end}": at for name, ends in said.scores.items() for end, at in ends.items()}
    found |= {f"class.{name}": each for name, each in said.classes.items()}
    return found | {name_of("rule", id): case.value(name_of("rule", id)) for id in kb.rules}


def _waiting(case: Valuation, level: str | None) -> Plain:
    """The number of open questions for red flags; empty if the levels do not allow counting them."""
    kb = case.prepared.kb
    first = lowest_red_flag(kb)
    if first is None:
        return {}
    ranks = Asking(case).open_questions(level)
    return {"red_flags_open": sum(rank > first for rank in ranks.values())}


def lowest_red_flag(kb: KnowledgeBase) -> int | None:
    """The index of the lowest red-flag level; None if there is none, or if a higher level is not one."""
    flags = [level.red_flag for level in kb.levels.values()]
    first = flags.index(True) if True in flags else len(flags)
    return first if first < len(flags) and all(flags[first:]) else None
