"""A tally as rows with the texts of its knowledge base, for tables, charts and documents.

In: a tally and its knowledge base. Out: rows, most frequent first. Rows with a count of zero are left out,
except for levels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of, parsed
from engine.tally.tally import NONE, Tally
from engine.words.phrases import class_text, subject_of


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level, or none, with numbers of cases.

    `settled` and `open` are at this level: for good, or with a higher one still possible. `could_reach` are
    below it, with this level as the highest still possible.
    """

    name: str
    text: str
    settled: int
    open: int
    could_reach: int

    @property
    def cases(self) -> int:
        """The number of cases at this level."""
        return self.settled + self.open


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition: the number of cases by highest support, and the number in which it is still open."""

    name: str
    text: str
    by_support: dict[str, int]
    open: int

    @property
    def cases(self) -> int:
        """The number of cases with any support."""
        return sum(self.by_support.values())

    @property
    def suspected(self) -> int:
        """The number of cases with more than the weakest support, which nearly every case may have."""
        return self.cases - self.by_support[SUPPORT[0]]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule: in how many cases it fired, and in how many it stayed open."""

    name: str
    text: str
    fired: int
    open: int


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """A rule for a level: in how many cases at this level it fired, and in how many it was the only one."""

    name: str
    text: str
    cases: int
    alone: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question: the number of cases that it keeps open, that it alone keeps open, and in which it was
    answered with "I don't know".
    """

    name: str
    text: str
    holds: int
    alone: int
    unknown: int


@dataclass(frozen=True, slots=True)
class CountRow:
    """A name with its text and a number of cases."""

    name: str
    text: str
    cases: int


def levels(tally: Tally, kb: KnowledgeBase) -> list[LevelRow]:
    """The levels, highest first, then "no level"; empty if the base has no levels."""
    if not kb.levels:
        return []
    return [_level(name, level_text(name, kb), tally) for name in (*reversed(list(kb.levels)), NONE)]


def level_text(name: str, kb: KnowledgeBase) -> str:
    """The text of a level, or of "no level"."""
    return "no level" if name == NONE else kb.levels[name].text


def _level(name: str, text: str, tally: Tally) -> LevelRow:
    settled = tally["triage", name, name]
    reached = tally.below("triage")
    return LevelRow(
        name,
        text,
        settled,
        sum(count for (level, _), count in reached.items() if level == name) - settled,
        sum(count for (_, ceiling), count in reached.items() if ceiling == name) - settled,
    )


def conditions(tally: Tally, kb: KnowledgeBase) -> list[ConditionRow]:
    """The conditions that some case has or may have, most often suspected first."""
    rows = []
    for name, condition in kb.conditions.items():
        counts = tally.below("condition", name)
        by_support: dict[str, int] = {each: counts.get((each,), 0) for each in SUPPORT}
        rows.append(ConditionRow(name, condition.text, by_support, counts.get(("open",), 0)))
    found = [row for row in rows if row.cases or row.open]
    return sorted(found, key=lambda row: (-row.suspected, -row.cases, -row.open))


def supports(rows: list[ConditionRow]) -> list[str]:
    """The supports that any of the conditions has, strongest first."""
    return [each for each in reversed(SUPPORT) if any(row.by_support[each] for row in rows)]


def findings(tally: Tally, kb: KnowledgeBase) -> list[CountRow]:
    """The findings established in some case."""
    return _most_first(CountRow(name, text, tally["finding", name]) for name, text in kb.findings.items())


def classes(tally: Tally, kb: KnowledgeBase) -> list[CountRow]:
    """The classes of each score or number in order, then the cases in which none is decided."""
    found = []
    for name, each in kb.classes.items():
        for own in each.classes:
            cases = tally["class", name, "in", own.name]
            found.append(CountRow(own.name, class_text(name, own.name, kb), cases))
        said = f"{subject_of(name, kb)}: not decided".replace("?:", "?")
        found.append(CountRow(name, said, tally["class", name, "open"]))
    return found


def rules(tally: Tally, kb: KnowledgeBase) -> list[RuleRow]:
    """The rules that fired in some case."""
    rows = [
        RuleRow(id, rule.because, tally["rule", id, "fired"], tally["rule", id, "open"])
        for id, rule in kb.rules.items()
    ]
    return sorted((row for row in rows if row.fired), key=lambda row: -row.fired)


def deciding(tally: Tally, kb: KnowledgeBase) -> list[tuple[LevelRow, list[DecidingRow]]]:
    """The levels that some case has, highest first, each with the rules that gave it, most frequent first."""
    found = []
    for row in levels(tally, kb):
        counts = tally.below("decides", row.name)
        ids = [id for id, word in counts if word == "cases"]
        rules = [
            DecidingRow(id, kb.rules[id].because, counts[id, "cases"], counts.get((id, "alone"), 0))
            for id in ids
        ]
        if rules:
            found.append((row, sorted(rules, key=lambda rule: (-rule.cases, -rule.alone, rule.name))))
    return found


def questions(tally: Tally, kb: KnowledgeBase) -> list[QuestionRow]:
    """The questions that keep some case open; first those whose answer alone would settle the most cases."""
    rows = [
        QuestionRow(
            name, question.ask, *(tally["question", name, kind] for kind in ("holds", "alone", "unknown"))
        )
        for name, question in kb.questions.items()
    ]
    return sorted((row for row in rows if row.holds), key=lambda row: (-row.alone, -row.holds))


def clashes(tally: Tally, kb: KnowledgeBase) -> list[CountRow]:
    """The clashes of answers that occur in some case."""
    return _most_first(CountRow(name, clash_text(name, kb), tally["clash", name]) for name in clash_names(kb))


def clash_names(kb: KnowledgeBase) -> list[str]:
    """The names of all possible inconsistencies."""
    return [*(name_of("asked_when", question) for question in kb.asked_when), *kb.consistency]


def clash_text(name: str, kb: KnowledgeBase) -> str:
    """Why answers clash."""
    kind, question, _ = parsed(name)
    if kind == "asked_when" and question:
        return f"“{kb.questions[question].ask}” is answered where it does not apply."
    return kb.consistency[name].because


def rejects(tally: Tally) -> list[CountRow]:
    """The reasons why rows were rejected, by error code."""
    return _most_first(CountRow(code, "", count) for (code,), count in sorted(tally.below("reject").items()))


def _most_first(rows: Iterable[CountRow]) -> list[CountRow]:
    return sorted((row for row in rows if row.cases), key=lambda row: -row.cases)
