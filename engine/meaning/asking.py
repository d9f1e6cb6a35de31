"""Which questions are open, and which to ask next.

An unknown part is live if it is the whole `when` of an open rule, is inside a live part, or is read by a live
part. A question is open if it is unanswered and a live part reads it. In: a valuation. Out: questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import assert_never

from engine.meaning.holds import contribution, holds
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import Triages
from engine.model.names import name_of
from engine.model.parts import All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored
from engine.model.scores import Line, Points
from facts.vocabulary import Unknown

Questions = int
"""A set of questions: the bit at the place of each in the order of asking is 1."""
Read = tuple[list[str], Questions]
"""Open names of definitions, and questions."""
Ranks = dict[str, int]
"""Open questions with their rank: the position, from 1, of the highest level they are live for, or 0 for
none.
"""


@dataclass
class Asking:
    """Finds the open questions of one case. What open names read is cached."""

    case: Valuation
    read: dict[str, Read] = field(default_factory=dict)

    def open_questions(self, level: str | None) -> Ranks:
        """The open questions, ranked by the highest level above `level` that they are live for."""
        levels = list(self.case.prepared.kb.levels)
        established = levels.index(level) if level is not None else -1
        ranked: dict[int, list[str]] = defaultdict(list)
        for id, rule in self.case.prepared.kb.rules.items():
            reached = [levels.index(each.level) for each in rule.then if isinstance(each, Triages)]
            rank = max((at + 1 for at in reached if at > established), default=0)
            ranked[rank].append(name_of("rule", id))
        return {question: rank for rank in sorted(ranked) for question in self.questions_behind(ranked[rank])}

    def questions_behind(self, names: Iterable[str]) -> list[str]:
        """The open questions that these names depend on, in the order of asking."""
        asked = 0
        for name in names:
            if self.case.value(name) is None:
                asked |= self._behind(name)
        return [question for question, at in self.case.prepared.ask_order.items() if asked >> at & 1]

    def ask_next(self, ranks: Ranks) -> list[str]:
        """The open questions to ask, most urgent first; a question comes before those that depend on it."""
        order, answers = self.case.prepared.ask_order, self.case.answers
        asked = [each for each in ranks if not isinstance(answers.get(each), Unknown)]
        return sorted(asked, key=lambda each: (-ranks[each], order[each]))

    def kept_open_by(self, ranks: Ranks) -> list[str]:
        """The open questions that were answered "I don't know", in the order of asking."""
        unknown = [each for each in ranks if isinstance(self.case.answers.get(each), Unknown)]
        return sorted(unknown, key=self.case.prepared.ask_order.__getitem__)

    def _behind(self, root: str) -> Questions:
        """The open questions that an open name depends on; names are never read in a circle."""
        behind = self.case.behind
        waiting = [] if root in behind else [root]
        while waiting:
            name = waiting[-1]
            names, questions = self._read_by(name)
            missing = [each for each in names if each not in behind]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            behind[name] = reduce(or_, [behind[each] for each in names], questions)
        return behind[root]

    def _read_by(self, name: str) -> Read:
        """The open names and the questions that the live parts of a definition read."""
        if name not in self.read:
            names: list[str] = []
            questions: list[str] = []
            _look_into(self.case.prepared.definitions[name], self.case, names, questions)
            names += [name_of("asked", question) for question in questions]
            found = reduce(or_, [1 << self.case.prepared.ask_order[each] for each in questions], 0)
            self.read[name] = [each for each in names if self.case.value(each) is None], found
        return self.read[name]


def _look_into(part: Part, case: Valuation, names: list[str], questions: list[str]) -> None:
    """Add everything that the live parts inside this part read, including known names."""
    match part:
        case Ref(name):
            names.append(name)
        case _ if holds(part, case) is not None:
            pass
        case Answered(question):
            questions.append(question)
        case All(parts) | AnyOf(parts) | Count(parts=parts):
            for each in parts:
                _look_into(each, case, names, questions)
        case Not(inner):
            _look_into(inner, case, names, questions)
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
