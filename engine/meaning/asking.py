"""Which questions are open, and which to ask next.

An unknown part is live if it is the whole `when` of an open rule, is inside a live part, or is read by a live
part. A question is open if it is unanswered and a live part reads it. In: a valuation. Out: questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from engine.meaning.holds import contribution, holds
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import Triages
from engine.model.names import name_of
from engine.model.parts import All, Always, Answered, AnyOf, AtLeast, Not, Part, Ref, Scored
from engine.model.scores import Line, Points
from facts.vocabulary import Unknown

Read = tuple[list[str], list[str]]
"""Names of definitions, and questions."""
Ranks = dict[str, int]
"""Open questions with their rank: the position, from 1, of the highest level they are live for, or 0 for
none.
"""


@dataclass
class Asking:
    """Finds the open questions of one case. What a live name reads is cached."""

    case: Valuation
    read: dict[str, Read] = field(default_factory=dict)

    def open_questions(self, level: str | None) -> Ranks:
        """The open questions, ranked by the highest level above `level` that they are live for."""
        levels = list(self.case.prepared.kb.levels)
        established = levels.index(level) if level is not None else -1
        ranked = []
        for id, rule in self.case.prepared.kb.rules.items():
            if self.case.value(name_of("rule", id)) is None:
                reached = [levels.index(each.level) for each in rule.then if isinstance(each, Triages)]
                ranked.append(
                    (max((at + 1 for at in reached if at > established), default=0), name_of("rule", id))
                )
        return self._live(sorted(ranked, key=lambda each: -each[0]))

    def questions_behind(self, names: Iterable[str]) -> list[str]:
        """The open questions that these names depend on, in the order of asking."""
        ranks = self._live([(0, name) for name in names])
        return sorted(ranks, key=self.case.prepared.ask_order.__getitem__)

    def ask_next(self, ranks: Ranks) -> list[str]:
        """The open questions to ask, most urgent first; a question comes before those that depend on it."""
        order, answers = self.case.prepared.ask_order, self.case.answers
        asked = [each for each in ranks if not isinstance(answers.get(each), Unknown)]
        return sorted(asked, key=lambda each: (-ranks[each], order[each]))

    def kept_open_by(self, ranks: Ranks) -> list[str]:
        """The open questions that were answered "I don't know", in the order of asking."""
        unknown = [each for each in ranks if isinstance(self.case.answers.get(each), Unknown)]
        return sorted(unknown, key=self.case.prepared.ask_order.__getitem__)

    def _live(self, roots: list[tuple[int, str]]) -> Ranks:
        """The open questions that these names depend on, each with the highest rank that reaches it."""
        found: Ranks = {}
        seen: set[str] = set()
        for rank, root in roots:
            waiting = [root]
            while waiting:
                name = waiting.pop()
                if name in seen or self.case.value(name) is not None:
                    continue
                seen.add(name)
                names, questions = self._read_by(name)
                waiting += names
                for question in questions:
                    found.setdefault(question, rank)
        return found

    def _read_by(self, name: str) -> Read:
        """The names and questions that the live parts of a definition read."""
        if name not in self.read:
            names: list[str] = []
            questions: list[str] = []
            _look_into(self.case.prepared.definitions[name], self.case, names, questions)
            names += [name_of("asked", question) for question in questions]
            self.read[name] = names, questions
        return self.read[name]


def _look_into(part: Part, case: Valuation, names: list[str], questions: list[str]) -> None:
    """Add what the live parts inside this part read."""
    if holds(part, case) is not None:
        return
    match part:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            for each in parts:
                _look_into(each, case, names, questions)
        case Not(inner):
            _look_into(inner, case, names, questions)
        case Answered(question):
            questions.append(question)
        case Ref(name):
            names.append(name)
        case Scored(score):
            for line in case.score(score).lines:
                _look_into_line(line, case, names, questions)
        case Always():
            pass
        case _:
            assert_never(part)


def _look_into_line(line: Line, case: Valuation, names: list[str], questions: list[str]) -> None:
    low, high = contribution(line, case)
    if low == high:
        return
    if isinstance(line, Points):
        _look_into(line.when, case, names, questions)
    else:
        questions.append(line.question)
