"""The questions of a page: what is still open, most urgent first, and what nobody could answer.

In: an assessment and the valuation of its case. Out: sections. A question waits while its `asked_when` is
unknown and another open question can still decide it; one that applies already is never put off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.asking import Asking
from engine.assessment import Assessment
from engine.page.layout import Line, Section
from engine.valuation import Valuation
from facts.vocabulary import Choice, Choices, Unknown

MOST_QUESTIONS = 8
"""Maximum number of questions in a section."""


def questions(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """What is still open: first whether the knowledge is about this person at all, then most urgent first."""
    asking = Asking(case)
    about = asking.questions_behind(["scope"]) if case.prepared.kb.scope else []
    about_open = [name for name in about if not isinstance(case.answers.get(name), Unknown)]
    first = _ready(about_open, about_open, asking)[:MOST_QUESTIONS]
    if first:
        yield Section("Whether this applies to you at all", (*_about(case), *_listed(first, case, "-")))
    yield from _open(first, list(assessment.ask_next), assessment, asking)
    unknown = dict.fromkeys([*assessment.kept_open_by, *(name for name in about if name not in about_open)])
    if unknown:
        lines = [Line(case.prepared.kb.questions[name].ask, "-", 0, name) for name in unknown]
        help = Line("What you cannot tell yourself, somebody may be able to look into.")
        yield Section("Open because the answer is not known", (*lines, help))


def _open(
    said: Sequence[str], asked: Sequence[str], assessment: Assessment, asking: Asking
) -> Iterator[Section]:
    """The open questions that are not `said` yet, and how many more there are."""
    ready = [name for name in _ready(asked, asked, asking) if name not in said]
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


def _ready(names: Iterable[str], asked: Sequence[str], asking: Asking) -> list[str]:
    """The questions that wait for none of those that are asked."""

    def waits(name: str) -> bool:
        return not {*asking.questions_behind([f"asked:{name}"])}.isdisjoint(asked)

    return [name for name in names if not waits(name)]


def _more(more: int, waiting: int) -> Iterator[Line]:
    """How many questions are left out; the waiting ones are asked only after certain answers."""
    if more:
        these = "if these answers call for " + ("it" if more == 1 else "them")
        some = "" if not waiting else f", {these}" if waiting == more else f", some only {these}"
        yield Line(f"and {more} more{some}")


def _about(case: Valuation) -> Iterator[Line]:
    scope = case.prepared.kb.scope
    if scope is not None:
        yield Line(f"Everything here is about {scope.text}.")


def _listed(names: Iterable[str], case: Valuation, mark: str = "") -> Iterator[Line]:
    """Questions, numbered unless there is a mark, with their options; of one answered in part, those that are
    left open.
    """
    for at, name in enumerate(names, 1):
        question, answer = case.prepared.kb.questions[name], case.answers.get(name)
        yield Line(question.ask, mark or f"{at}.", 0, name)
        if isinstance(question.kind, Choice | Choices):
            known = answer if isinstance(answer, Mapping) else {}
            options = "; ".join(text for option, text in question.kind.options.items() if option not in known)
            yield Line(f"not answered yet: {options}" if known else options, "", 1)
