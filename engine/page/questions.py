"""The questions of a page: those still open, most urgent first, and those answered `unknown`.

In: an assessment and its valuation. Out: sections. A question waits while its `asked_when` is unknown and
another open question can still decide it; a question that already applies is never put off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.meaning.asking import Asking
from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.page.layout import Line, Section
from engine.page.room import Room
from engine.page.said import without_waiting
from facts.vocabulary import Choice, Choices, Number, Unknown

MOST_QUESTIONS = 8
"""Maximum number of questions in a section."""
LONG = 400
"""A patient's page has fewer questions if the options of the first ones exceed this many characters."""
FEWEST = 2
ONE_LINE = 85
"""A question and its options share a line if together they have fewer characters than this."""
DONT_KNOW = "I don't know"


def questions(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """Open questions: first those that decide whether the knowledge base applies, then the most urgent."""
    asking = Asking(case)
    about = asking.questions_behind(["scope"]) if case.prepared.kb.scope else []
    about_open = [name for name in about if not isinstance(case.answers.get(name), Unknown)]
    first = without_waiting(about_open, asking)[:MOST_QUESTIONS]
    if first:
        yield Section("Whether this applies to you at all", (*_about(case), *_listed(first, case, "-")))
    yield from _open(first, list(assessment.ask_next), assessment, asking)
    unknown = dict.fromkeys([*assessment.kept_open_by, *(name for name in about if name not in about_open)])
    if unknown:
        lines = [Line(case.prepared.kb.questions[name].ask, "-", 0, name) for name in unknown]
        help = Line("Somebody else may be able to find out what you cannot tell.")
        yield Section("Still open, because the answer is not known", (*lines, help))


def few_questions(assessment: Assessment, case: Valuation, room: Room) -> Iterator[Section]:
    """The most urgent questions, then those that decide whether the knowledge base applies."""
    asking = Asking(case)
    about = asking.questions_behind(["scope"]) if case.prepared.kb.scope else []
    asked = list(dict.fromkeys([*assessment.ask_next, *about]))
    asked = [name for name in asked if not isinstance(case.answers.get(name), Unknown)]
    ready = without_waiting(asked, asking)
    is_long = sum(len(_answers(name, case)) for name in ready[: room.questions]) > LONG
    shown = ready[: min(room.questions, FEWEST) if is_long else room.questions]
    if shown:
        some = f" ({len(shown)} of {len(asked)})" if len(shown) < len(asked) else ""
        yield Section(f"{_heading(assessment)}{some}", tuple(_listed(shown, case, named=False)))


def _open(
    said: Sequence[str], asked: Sequence[str], assessment: Assessment, asking: Asking
) -> Iterator[Section]:
    """The open questions not in `said`, and the number of those left out."""
    ready = [name for name in without_waiting(asked, asking) if name not in said]
    shown = ready[:MOST_QUESTIONS]
    more = len({*asked} - {*said}) - len(shown)
    lines = [*_listed(shown, asking.case), *_more(more, more - len(ready[MOST_QUESTIONS:]))]
    if lines:
        yield Section(_heading(assessment), tuple(lines))


def _heading(assessment: Assessment) -> str:
    if assessment.triage is None:
        return "Still unanswered"
    if assessment.triage.settled:
        return "Still open (the level cannot change any more)"
    return "Still unanswered, most urgent first"


def _more(more: int, waiting: int) -> Iterator[Line]:
    """The number of questions left out; `waiting` of them are asked only after certain answers."""
    if more:
        these = "if these answers call for " + ("it" if more == 1 else "them")
        some = "" if not waiting else f", {these}" if waiting == more else f", some only {these}"
        yield Line(f"and {more} more{some}")


def _about(case: Valuation) -> Iterator[Line]:
    scope = case.prepared.kb.scope
    if scope is not None:
        yield Line(f"Everything here is about {scope.text}.")


def _listed(names: Iterable[str], case: Valuation, mark: str = "", named: bool = True) -> Iterator[Line]:
    """Questions with their possible answers; numbered if `mark` is empty."""
    for at, name in enumerate(names, 1):
        ask, answers = case.prepared.kb.questions[name].ask, _answers(name, case)
        notes, is_short = name if named else "", len(ask) + len(answers) < ONE_LINE
        yield Line(f"{ask} ({answers})" if is_short else ask, mark or f"{at}.", 0, notes)
        yield from () if is_short else (Line(answers, "", 1),)


def _answers(name: str, case: Valuation) -> str:
    """The possible answers; if the question is partly answered, only the options still open."""
    question, answer = case.prepared.kb.questions[name], case.answers.get(name)
    match question.kind:
        case Choice(options) | Choices(options):
            known = answer if isinstance(answer, Mapping) else {}
            texts = [text for option, text in options.items() if option not in known]
            more = ["none of these"] if isinstance(question.kind, Choices) else []
            return ("not answered yet: " if known else "") + "; ".join([*texts, *more, DONT_KNOW])
        case Number(unit):
            return f"in {unit}; {DONT_KNOW}"
        case _:
            return f"yes; no; {DONT_KNOW}"
