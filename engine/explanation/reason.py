"""The reason in one sentence: why something holds, why it is ruled out, or what it depends on.

In: the name of a definition and the valuation of a case. Out: a sentence. The answers that it names are
enough for the truth that it explains, of several reasons those of the one with the fewest answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from engine.meaning.asking import Asking
from engine.meaning.holds import Truth, contribution, enough, holds, keeps, line_range, passes
from engine.meaning.valuation import Valuation
from engine.model.names import as_kind, kind_of, name_of, parsed
from engine.model.parts import All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored
from engine.model.scores import Line, Points
from facts.cases.text import answer_text
from facts.vocabulary import Answer, Question

MOST_SAID = 4
"""Maximum number of answers or questions named in a sentence."""
DEEPEST = 24
"""Maximum number of definitions that a reason goes through."""
STATES = {
    "rule": ("Fired", "Blocked"),
    "condition": ("Suspected", "Not suspected"),
    "advice": ("Given", "Not given"),
    "text": ("Shown", "Not shown"),
    "disagreement": ("Shown", "Not shown"),
    "inconsistency": ("Reported", "Not reported"),
}
"""The words for true and false; a finding and a level are concluded or not."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What decides the truth of something: questions with answers, in the order met, and the first rule."""

    questions: tuple[str, ...] = ()
    rule: str = ""


@dataclass
class Reasoning:
    """Finds the grounds for the names of one case, each once. A name that lies too deep has none."""

    case: Valuation
    found: dict[str, Grounds | None] = field(default_factory=dict)
    depth: int = 0

    def of(self, name: str) -> Grounds | None:
        """The grounds of a definition that is true or false; None if they lie too deep."""
        if name not in self.found:
            if self.depth >= DEEPEST:
                return None
            self.depth += 1
            part = self.case.prepared.definitions.get(name)
            grounds = Grounds() if part is None else self._grounds(part)
            self.depth -= 1
            if grounds is not None and kind_of(name) == "rule":
                grounds = Grounds(grounds.questions, parsed(name).name)
            self.found[name] = grounds
        return self.found[name]

    def _grounds(self, part: Part) -> Grounds | None:
        truth = holds(part, self.case)
        match part:
            case Always():
                return Grounds()
            case Not(inner):
                return self._grounds(inner)
            case All(parts):
                return self._enough(parts, truth, len(parts))
            case AnyOf(parts):
                return self._enough(parts, truth, 1)
            case Count():
                return self._count(part, truth)
            case Ref(name):
                return self.of(name)
            case Answered():
                return self._answered(part)
            case Scored():
                return _together([self._line(line) for line in self._needed(part)])
            case _:
                assert_never(part)

    def _enough(self, parts: Sequence[Part], truth: Truth, count: int) -> Grounds | None:
        """The grounds of as many parts as decide a gate that needs `count` parts, those of few answers
        first.
        """
        needed = count if truth else len(parts) - count + 1
        deciding = [self._grounds(each) for each in parts if holds(each, self.case) is truth]
        known = sorted((each for each in deciding if each is not None), key=lambda each: len(each.questions))
        return _together(known[:needed]) if len(known) >= needed else None

    def _count(self, part: Count, truth: Truth) -> Grounds | None:
        """The grounds of both ends of a count if it is true, else those of one end that is not so."""
        ends = [
            self._enough(part.parts, truth is positive, needed)
            for needed, positive in part.gates
            if truth or enough(needed, [holds(each, self.case) for each in part.parts]) is not positive
        ]
        return _together(ends if truth else ends[:1])

    def _answered(self, part: Answered) -> Grounds | None:
        """The answer if it decides the comparison, or else why the question does not apply."""
        if passes(part.test, self.case.answers.get(part.question)) is None:
            return self.of(name_of("asked", part.question))
        return Grounds((part.question,))

    def _needed(self, part: Scored) -> Iterator[Line]:
        """The lines of a score without which its bound would not be decided."""
        lines, bound = self.case.score(part.score).lines, part.bound
        ends = [contribution(line, self.case) for line in lines]
        truth = holds(part, self.case)
        for at, line in enumerate(lines):
            without = [*ends[:at], line_range(line), *ends[at + 1 :]]
            if keeps(bound, (sum(low for low, _ in without), sum(high for _, high in without))) is truth:
                ends = without
            else:
                yield line

    def _line(self, line: Line) -> Grounds | None:
        low, high = contribution(line, self.case)
        if isinstance(line, Points):
            return self._grounds(line.when) if low == high else Grounds()
        if self.case.is_answered(line.question):
            return Grounds((line.question,))
        asked = name_of("asked", line.question)
        return Grounds() if self.case.value(asked) is None else self.of(asked)


def _together(grounds: Sequence[Grounds | None]) -> Grounds | None:
    """All of these grounds; the rule is that of the only one that has one."""
    known = [each for each in grounds if each is not None]
    if len(known) < len(grounds):
        return None
    questions = dict.fromkeys(question for each in known for question in each.questions)
    rules = [each.rule for each in known if each.rule]
    return Grounds(tuple(questions), rules[0] if len(rules) == 1 and len(known) == 1 else "")


def reason(name: str, case: Valuation, is_open: bool | None = True) -> str:
    """The sentence for a definition; `is_open` is False if no further answers can make it true."""
    truth, kb = case.value(name), case.prepared.kb
    if truth is None:
        return _open(name, case, is_open)
    kind, called, _ = parsed(name)
    is_held = kind == "advice" and not truth and case.value(as_kind(name, "give")) is not False
    state = "Held" if is_held else STATES.get(kind, ("Concluded", "Not concluded"))[not truth]
    reasoning = Reasoning(case)
    grounds = reasoning.of(as_kind(name, "hold") if is_held else name)
    if grounds is None:
        return f"{state}, through a long chain of rules."
    if not truth and case.prepared.definitions.get(name) == AnyOf(()):
        return f"{state}, because no rule concludes it."
    said = _listed([_said(kb.questions[each], case.answers[each]) for each in grounds.questions], "answers")
    given = reasoning.of(as_kind(name, "give")) if kind == "advice" and truth else None
    rule = kb.rules.get((given or grounds).rule) if truth or is_held else None
    because = kb.consistency[called].because if kind == "inconsistency" and truth else rule and rule.because
    whole = f"{state}, because you said {said}" if said else f"{state}, whatever the answers"
    return f"{whole}: {because}" if because else f"{whole}."


def _open(name: str, case: Valuation, is_open: bool | None) -> str:
    if is_open is False:
        return "Open, but no consistent further answers make it true."
    return f"Open: it depends on {_listed(Asking(case).questions_behind([name]), 'questions')}."


def _said(question: Question, answer: Answer) -> str:
    text = answer_text(question, answer)
    return f"{'none of these' if text == '[]' else text} to {question.name}"


def _listed(texts: Sequence[str], what: str) -> str:
    """Texts in a row; if there are too many, the first ones and the number of the others."""
    if len(texts) > MOST_SAID + 1:
        return f"{', '.join(texts[:MOST_SAID])} and {len(texts) - MOST_SAID} more {what}"
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))
