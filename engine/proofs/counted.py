"""How many given cases two versions assess differently, outcome by outcome, by columns.

In: two versions that were compared, and cases with the answers of their joint questionnaire. Out: for each
outcome and direction that can change, the number of cases in which it does, and the ids of the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from engine.columns import truth_of
from engine.columns.seen import Seen
from engine.meaning.definitions import with_properties
from engine.meaning.valuation import Prepared, prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Part, Ref
from engine.proofs.outcomes import outcomes
from engine.proofs.versions import Compared, Comparing
from engine.solver.versions import Moved, Way
from engine.solver.world import Claim
from engine.tally.changes import Differing, Rows, Said, count
from facts.case import Case
from facts.other_names.versions import View, answers_of
from facts.tables.canonical import frame_of
from facts.vocabulary import Questionnaire

CHUNK = 50_000
"""Number of cases that are assessed together."""
MOST_IDS = 5
"""Number of ids kept for each outcome."""
Key = tuple[str, str, str]


@dataclass(eq=False)
class Counting:
    """Counts the cases that two versions assess differently. `changes` has the counts by kind, name and
    direction of the outcome.
    """

    comparing: Comparing
    compared: Sequence[Compared]
    rows: int = 0
    different: int = 0
    changes: dict[Key, Differing] = field(default_factory=dict)

    def add(self, cases: Iterable[Case]) -> None:
        """Add cases to the counts."""
        old, new, joint = self.comparing.old, self.comparing.new, self.comparing.joined
        ways = self._ways()
        before = _Columns(old, joint.before, joint.questions)
        after = _Columns(new, joint.after, joint.questions)
        wanted = {
            f"{at}": [_rows(way, before, after) for way in each] for at, each in enumerate(ways.values())
        }
        wanted |= {ANY: [each for those in wanted.values() for each in those]}
        remaining = iter(cases)
        while chunk := list(islice(remaining, CHUNK)):
            self.rows += len(chunk)
            if not ways:
                continue
            ids = [case.id for case in chunk]
            found = count(before.seen(chunk), after.seen(chunk), ids, wanted, MOST_IDS)
            self.different += found[ANY].rows
            for key, each in zip(ways, (found[str(at)] for at in range(len(ways))), strict=True):
                sum_ = self.changes.setdefault(key, Differing())
                sum_.rows += each.rows
                sum_.ids = [*sum_.ids, *each.ids][:MOST_IDS]

    def _ways(self) -> dict[Key, Sequence[Way | Moved]]:
        """The ways of each outcome and direction that is not proved to stay the same."""
        old, new = self.comparing.old, self.comparing.new
        left = {(each.kind, each.name, each.direction) for each in self.compared if each.status != "same"}
        if not left:
            return {}
        return {
            (each.kind, each.name, direction): ways
            for each in outcomes(old, new, self.comparing.names)
            for direction, ways in each.directions.items()
            if (each.kind, each.name, direction) in left
        }


ANY = "any"


@dataclass(eq=False)
class _Columns:
    """One version in columns, with names for the parts that are asked for."""

    kb: KnowledgeBase
    view: View
    joint: Questionnaire
    names: dict[Part, str] = field(default_factory=dict)
    scores: list[str] = field(default_factory=list)

    def said(self, claim: Claim) -> Said:
        """A claim about a column."""
        return Said(self._name(claim.part), claim.truth, claim.holds)

    def ends(self, score: str) -> tuple[str, str]:
        """The columns of a score."""
        name = name_of("score", score)
        self.scores += (each for each in (f"{name}:low", f"{name}:high") if each not in self.scores)
        return f"{name}:low", f"{name}:high"

    def _name(self, part: Part) -> str:
        return self.names.setdefault(
            part, part.name if isinstance(part, Ref) else f"compared:{len(self.names)}"
        )

    def seen(self, cases: Sequence[Case]) -> Seen:
        """The truth of these names in cases with joint answers."""
        own = self.kb.questions
        is_plain = all(
            name in self.joint and self.joint[name].kind == each.kind for name, each in own.items()
        )
        read = cases if is_plain else [self._read(case) for case in cases]
        frame = frame_of(read, own)
        return truth_of(self._prepared(), frame, [*dict.fromkeys(self.names.values()), *self.scores])

    def _read(self, case: Case) -> Case:
        return Case(case.id, answers_of(self.view, self.kb.questions, case.answers, self.joint))

    def _prepared(self) -> Prepared:
        named = {**with_properties(self.kb), **{name: part for part, name in self._parts()}}
        return replace(prepare(self.kb), definitions=named)

    def _parts(self) -> Iterator[tuple[Part, str]]:
        return ((part, name) for part, name in self.names.items() if not isinstance(part, Ref))


def _rows(way: Way | Moved, before: _Columns, after: _Columns) -> Rows:
    if isinstance(way, Moved):
        pairs = tuple(zip(before.ends(way.before), after.ends(way.after), strict=True))
        return Rows(higher=pairs) if way.up else Rows(lower=pairs)
    return Rows(tuple(map(before.said, way.before)), tuple(map(after.said, way.after)))
