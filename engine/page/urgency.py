"""The head of a page: how urgent it is and why, and what is still open and could change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.assessment import Assessment
from engine.definitions import definitions
from engine.model import KnowledgeBase
from engine.page.layout import Line, Section, reason, shown_with
from engine.valuation import questions_of
from facts.vocabulary import Choice, Choices

MOST_QUESTIONS = 8


def urgency(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """How urgent it is, and why."""
    triage = assessment.triage
    if triage is None:
        return
    if triage.level is None:
        heading = "Nothing here applies" if triage.ceiling is None else "No level yet"
        yield Section(heading, tuple(_could_be(assessment, kb)), "calm")
        return
    level = kb.levels[triage.level]
    why = tuple(reason(rule, kb) for rule in triage.rules)
    tone = "alarm" if level.alone else "calm"
    shown = [] if level.alone else [shown_with(f"triage:{name}", assessment, kb) for name in kb.levels]
    texts = [line for lines in shown for line in lines]
    yield Section(level.text, (Line(level.do), *why, *texts, *_could_be(assessment, kb)), tone)


def _could_be(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    triage = assessment.triage
    if triage is None or triage.settled or triage.ceiling is None:
        return
    highest = kb.levels[triage.ceiling].text
    yield Line(f"Not settled: as long as questions are open, it could still be “{highest}”.")


def scope(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """That the articles are not about this."""
    if kb.scope is not None and assessment.in_scope is False:
        yield Section(
            "Outside what the articles cover",
            (
                Line(f"They are about {kb.scope.text}, and cover nothing else."),
                Line("The warning signs count all the same."),
            ),
        )


def questions(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """What is still open, most urgent first."""
    asked = assessment.ask_next
    settled = assessment.triage is not None and assessment.triage.settled
    later = _hanging_on(asked, kb)
    shown = [name for name in asked if name not in later]
    first = shown[:MOST_QUESTIONS]
    lines = [line for at, name in enumerate(first, 1) for line in _question(f"{at}.", name, kb)]
    if len(asked) > len(first):
        lines.append(Line(f"and {len(asked) - len(first)} more, some only if these answers call for them"))
    if lines:
        heading = (
            "Still open (the level cannot change any more)"
            if settled
            else "Still unanswered, most urgent first"
        )
        yield Section(heading, tuple(lines))
    unknown = [Line(kb.questions[name].ask, "-", 0, name) for name in assessment.kept_open_by]
    if unknown:
        help = Line("What you cannot tell yourself, somebody may be able to look into.")
        yield Section("Open because the answer is not known", (*unknown, help))


def _question(mark: str, name: str, kb: KnowledgeBase) -> Iterator[Line]:
    """A question and the options that it has."""
    question = kb.questions[name]
    yield Line(question.ask, mark, 0, name)
    if isinstance(question.kind, Choice | Choices):
        yield Line("; ".join(question.kind.options.values()), "", 1)


def _hanging_on(asked: Sequence[str], kb: KnowledgeBase) -> set[str]:
    """The open questions that make sense only after other open questions."""
    named = definitions(kb)
    gated = [name for name in asked if name in kb.asked_when]
    return {name for name in gated if not questions_of(f"asked:{name}", kb, named).isdisjoint(asked)}


def clashes(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """Answers that cannot all be right."""
    lines: list[Line] = []
    for clash in assessment.inconsistencies:
        entry = kb.consistency.get(clash.name)
        because = (
            entry.because
            if entry
            else "One question was answered though the others say that it does not apply."
        )
        lines.append(Line(because, "-"))
        lines += [Line(kb.questions[name].ask, "·", 1, name) for name in clash.questions]
    if lines:
        yield Section("These answers do not go together, so look at them again", tuple(lines))
