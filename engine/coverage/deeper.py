"""The findings of `--mcdc` and `--mutate`: as problems with cases, as a document, and compared with minimums.

In: the verdicts on goals and mutants. Out: a finding for each goal that no case reaches and each mutant that
no case notices, with the smallest case that would, if one was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from engine.coverage.mcdc.goals import KINDS as GOALS
from engine.coverage.mcdc.measure import Conditions, Extent, Reached
from engine.coverage.missing_case import MissingCase
from engine.coverage.mutation.measure import Judged, Mutation, Score
from engine.coverage.mutation.mutant import KINDS as MUTANTS
from engine.coverage.summary import TENTH, share
from engine.model.knowledge_base import KnowledgeBase
from engine.proofs.document import plain_answers
from facts.problem import Problem, Span


@dataclass(frozen=True, slots=True)
class Found:
    """A gap: what no case shows and where that is written, and the smallest case that would show it, if one
    was searched for.

    `is_undecided` if time ran out before it was known whether any case can show it.
    """

    problem: Problem
    case: MissingCase | None = None
    is_undecided: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A row of figures: what it is about, how many there are, how many of these a case can cover, and how
    many some case covers.
    """

    name: str
    all: int
    counted: int
    covered: int

    @property
    def percent(self) -> Decimal:
        """The percentage, rounded down; 100 if nothing counts."""
        return share(self.covered, self.counted).quantize(TENTH, ROUND_FLOOR)

    def reaches(self, percent: Decimal) -> bool:
        """Whether the exact percentage is at least `percent`."""
        return self.covered * 100 >= percent * self.counted


@dataclass(frozen=True, eq=False)
class Deeper:
    """What was measured: MC/DC, a mutation score, or both."""

    kb: KnowledgeBase
    conditions: Conditions | None = None
    extent: Extent | None = None
    mutation: Mutation | None = None
    score: Score | None = None

    @property
    def flagged(self) -> list[str]:
        """The ids of the rules that conclude a red-flag level."""
        return [rule.id for rule in self.kb.rules.values() if self.kb.is_red_flag(rule)]

    def mcdc(self) -> list[Part]:
        """The figures of MC/DC: a row per kind of goal, one for all, and one for the red flags if there are
        any.
        """
        if self.extent is None:
            return []
        whole, flags = self.extent, self.extent.of_rules(self.flagged)
        rows = [_goals(said, whole.of_kind(kind)) for kind, said in GOALS.items()]
        rows = [row for row in rows if row.all]
        return [*rows, _goals("all", whole), *([_goals("red flags", flags)] if self.flagged else [])]

    def mutants(self) -> list[Part]:
        """The figures of the mutants: a row per kind, then one for all."""
        if self.score is None:
            return []
        rows = [_mutants(said, self.score.of_kind(kind)) for kind, said in MUTANTS.items()]
        return [*(row for row in rows if row.all), _mutants("all", self.score)]

    def found(self, most: int | None) -> Iterator[Found]:
        """What no case shows: goals, then mutants. The first `most` of each (all if None) come with a
        smallest case.
        """
        for number, gap in enumerate(self.extent.gaps if self.extent else ()):
            wanted = self.conditions is not None and (most is None or number < most)
            case = self.conditions.missing(gap.goal) if wanted and self.conditions else None
            yield Found(_gap(gap), case, gap.verdict == "undecided")
        for number, each in enumerate(self.score.survivors if self.score else ()):
            wanted = self.mutation is not None and (most is None or number < most)
            case = self.mutation.missing(each) if wanted and self.mutation else None
            yield Found(_survivor(each), case, each.verdict == "undecided")


def _goals(name: str, extent: Extent) -> Part:
    return Part(name, len(extent.reached), extent.counted, extent.shown)


def _mutants(name: str, score: Score) -> Part:
    return Part(name, len(score.judged), score.counted, score.killed)


def _gap(gap: Reached) -> Problem:
    help = "add the case below, once you have confirmed what it must give"
    return Problem("mcdc-gap", f"no case in which {gap.goal.said}", gap.goal.span, help, severity="warning")


def _survivor(each: Judged) -> Problem:
    mutant = each.mutant
    message = f"no case notices {mutant.where} {mutant.said}"
    help = "add the case below, once you have confirmed what it must give"
    return Problem("mutant-survives", message, mutant.span, help, severity="warning")


def too_few(
    deeper: Deeper, mcdc: Decimal | None, mutants: Decimal | None, red_flags: Decimal | None, place: Span
) -> Iterator[Problem]:
    """A problem for each percentage below its minimum; None means no minimum."""
    figures = {each.name: each for each in deeper.mcdc()}
    limits = [(figures.get("all"), mcdc, "of MC/DC is shown")]
    limits.append((figures.get("red flags"), red_flags, "of MC/DC of the red flags is shown"))
    limits.append((next(reversed(deeper.mutants()), None), mutants, "of the mutants are killed"))
    for found, least, said in limits:
        if found is not None and least is not None and not found.reaches(least):
            message = f"{found.percent} % {said}, less than {least} %"
            yield Problem("too-little-covered", message, place, "add the cases that are missing")


def document(deeper: Deeper, found: Iterable[Found]) -> dict[str, object]:
    """The additions to the document of `--json`: figures, and what no case shows."""
    listed = list(found)
    added: dict[str, object] = {}
    for key, code, rows in (
        ("mcdc", "mcdc-gap", deeper.mcdc()),
        ("mutants", "mutant-survives", deeper.mutants()),
    ):
        if rows:
            gaps = [_plain(each) for each in listed if each.problem.code == code]
            added[key] = {"figures": [_row(each) for each in rows], "missing": gaps}
    return added


def _row(row: Part) -> Mapping[str, object]:
    return {
        "name": row.name,
        "all": row.all,
        "counted": row.counted,
        "covered": row.covered,
        "percent": float(row.percent),
    }


def _plain(each: Found) -> Mapping[str, object]:
    span, case = each.problem.span, each.case
    return {
        "file": span.file or None,
        "line": span.line or None,
        "column": span.column or None,
        "message": each.problem.message,
        "case": None
        if case is None
        else {
            "answers": plain_answers(case.answers),
            "expect": dict(case.expect),
            "expect_not": dict(case.expect_not),
        },
    }
