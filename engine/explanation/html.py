"""An explanation as one self-contained HTML page to read and print.

In: an explanation and its knowledge base. Out: the text of the page. All text from cases and knowledge bases
is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.explanation import Explanation, WhatIf
from engine.explanation.branch import decides, every
from engine.explanation.words import (
    ALREADY,
    DOING,
    ELSEWHERE,
    MARKS,
    MOST_SHOWN,
    NO_SOLVER,
    alternatives,
    asking_lines,
    clashing,
    difference_lines,
    flip_text,
    impossible,
    more,
    nothing,
    obstacles,
    state,
)
from engine.graph import MOST_DRAWN, graph_of_case, svg
from engine.graph.layout import is_installed
from engine.model.knowledge_base import KnowledgeBase
from engine.output.html import rendered
from facts.cases.text import answer_text
from facts.vocabulary import Answer, Choice, Choices, Question

TEMPLATE = Path(__file__).with_name("explanation.html")
CLASSES = {True: "true", False: "false", None: "open"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer, in the words of the questionnaire."""

    name: str
    ask: str
    answer: str


def page_of(explanation: Explanation, kb: KnowledgeBase) -> str:
    """The HTML of the page."""
    case, triage = explanation.case, explanation.assessment.triage
    proved = [branch for why in explanation.why for branch in every(why.branch)]
    return rendered(
        TEMPLATE,
        kb=kb,
        case=case,
        level=kb.levels[triage.level] if triage and triage.level else None,
        ceiling=kb.levels[triage.ceiling] if triage and triage.ceiling and not triage.settled else None,
        triage=triage,
        answers=[_answered(kb.questions[name], answer) for name, answer in case.answers.items()],
        why=explanation.why,
        why_not=explanation.why_not,
        flip=[(*flip_text(each, kb), each) for each in explanation.flip],
        ask=explanation.ask and asking_lines(explanation.ask, kb),
        is_empty=explanation.is_empty,
        alternatives=lambda changes: alternatives(changes, kb),
        obstacles=lambda changes: obstacles(changes, explanation.valuation),
        doing=DOING,
        already=ALREADY,
        what_if=explanation.what_if and _what_if(explanation.what_if, kb),
        claims={claim: kb.claims[claim]["claim"] for branch in proved for claim in branch.claims},
        mark=lambda branch: MARKS[branch.truth],
        state=state,
        decides=decides,
        css=lambda branch: CLASSES[branch.truth],
        elsewhere=ELSEWHERE,
        impossible=impossible,
        no_solver=NO_SOLVER,
        more=more,
        most=MOST_SHOWN,
        nothing=nothing(explanation.assessment, kb),
        clashing=clashing(explanation.assessment, kb),
        graph=_graph(explanation),
    )


def _graph(explanation: Explanation) -> str:
    """The rule graph of the case; empty if igraph is not installed, or if the graph is too large to read."""
    case, valuation = explanation.case, explanation.valuation
    graph = graph_of_case(valuation.prepared, valuation, case.id)
    drawn = is_installed() and 0 < len(graph.nodes) + len(graph.edges) <= MOST_DRAWN
    return svg(graph, inline=True) if drawn else ""


def _answered(question: Question, answer: Answer) -> Answered:
    return Answered(question.name, question.ask, "; ".join(_said(question, answer)))


def _said(question: Question, answer: Answer) -> Iterator[str]:
    match question.kind, answer:
        case Choices(options), dict():
            chosen = [options[option] for option, is_chosen in answer.items() if is_chosen]
            left_out = [options[option] for option, is_chosen in answer.items() if not is_chosen]
            yield from chosen
            if len(answer) < len(options):
                yield from (f"not: {text}" for text in left_out)
            elif not chosen:
                yield "none of these"
        case Choice(options), str():
            yield options[answer]
        case _:
            yield answer_text(question, answer)


def _what_if(what_if: WhatIf, kb: KnowledgeBase) -> dict[str, object]:
    answers = [
        (kb.questions[name], "not answered" if answer is None else answer_text(kb.questions[name], answer))
        for name, answer in what_if.answers.items()
    ]
    return {"answers": answers, "lines": list(difference_lines(what_if.differences))}
