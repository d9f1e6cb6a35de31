"""A sample of the rows of a run, assessed once more on experta: whether both machines say the same.

In: the tables of a run and what the columns made of them. Out: a fixed number of rows, drawn with a seed
from all of them alike, and those for which experta says something else. Each row has a random number, and
those with the lowest are the sample; of a segment only as many are drawn as can be among them.
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
from facts.vocabulary import Answer, Questionnaire, Unknown

if TYPE_CHECKING:
    import polars as pl

Plain = dict[str, object]
InFull = Callable[[Sequence[Case]], list[Plain]]
"""The complete assessments of cases as the columns make them, or as much of them as there is."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of the sample: its random number, its answers, and what the columns found."""

    lot: float
    id: str
    answers: Mapping[str, object]
    found: Mapping[str, object]

    def to_plain(self) -> Plain:
        """The row as plain values: for a journal."""
        return {"lot": self.lot, "id": self.id, "answers": self.answers, "found": self.found}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row for which experta says something else, and the names concerned."""

    id: str
    names: tuple[str, ...]


def lowest(drawn: Iterable[Drawn], count: int) -> list[Drawn]:
    """The sample of all that was drawn."""
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
    """The rows of a segment with the lowest numbers of as many as it has rows, if these are `below` another;
    `seed` is that of the segment.

    The lowest of n numbers that are uniform between 0 and 1 follow from each other (Devroye, Non-Uniform
    Random Variate Generation, 1986, section V.3): the next is as far above the last as the lowest of those
    that remain is above 0.
    """
    dice, lot = Random(seed), 0.0
    rows: dict[int, float] = {}
    for at, row in enumerate(dice.sample(range(frame.height), min(count, frame.height))):
        lot += (1 - lot) * (1 - dice.random() ** (1 / (frame.height - at)))
        if lot < below:
            rows[row] = lot
    places = list(rows)
    drawn = zip(rows.values(), cases_of(frame[places], questions), found[places].to_dicts(), strict=True)
    return [
        Drawn(lot, case.id, {name: _plain(each) for name, each in case.answers.items()}, values)
        for lot, case, values in drawn
    ]


def _plain(answer: Answer) -> object:
    return answer.value if isinstance(answer, Unknown) else answer


def audited(sample: Sequence[Drawn], engine: Engine, in_full: InFull) -> list[Disagreement]:
    """The rows for which experta says something else, in wide results or `in_full`."""
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
    """An assessment without the questions behind pending items, which only experta knows."""
    advice = said.get("advice")
    if not isinstance(advice, dict):
        return said
    pending = [{**each, "questions": None} for each in advice["pending"]]
    return said | {"advice": {**advice, "pending": pending}}


def expected_of(case: Valuation, said: Assessment) -> Plain:
    """What wide results and truths have to say of a case, by the names of their columns."""
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
    return found | {name_of("rule", id): case.value(name_of("rule", id)) for id in kb.rules}


def _waiting(case: Valuation, level: str | None) -> Plain:
    """How many questions are open for a red flag, where all levels above one are red flags, too."""
    kb = case.prepared.kb
    first = lowest_red_flag(kb)
    if first is None:
        return {}
    ranks = Asking(case).open_questions(level)
    return {"red_flags_open": sum(rank > first for rank in ranks.values())}


def lowest_red_flag(kb: KnowledgeBase) -> int | None:
    """The place of the lowest level of red flags; None without one, and where a level above it is none."""
    flags = [level.red_flag for level in kb.levels.values()]
    first = flags.index(True) if True in flags else len(flags)
    return first if first < len(flags) and all(flags[first:]) else None
