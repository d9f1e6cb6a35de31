"""Answers in the words of the questionnaire, after the label of their question or after the question itself.

In: what somebody said (`engine.page.said`), and the case. Out: short texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from engine.meaning.valuation import Valuation
from engine.page.said import Said
from facts.vocabulary import Answer, Choice, Choices, Number, Question, Unknown

ONE = {
    "years": "year",
    "months": "month",
    "weeks": "week",
    "days": "day",
    "hours": "hour",
    "minutes": "minute",
}
"""Units in the singular."""


def in_words(found: Iterable[Said], case: Valuation) -> list[str]:
    """Answers in the words of the questionnaire, each once.

    The options of a question with a label follow that label together; options of an unlabelled list
    have no prefix.
    """
    questions = case.prepared.kb.questions
    texts: list[str] = []
    for name, together in groupby(found, key=lambda said: said.question):
        said = [_answer_in_words(each, case) for each in together]
        if questions[name].label:
            texts.append(after(questions[name], ", ".join(said)))
        elif isinstance(questions[name].kind, Choices):
            texts += said
        else:
            texts += [after(questions[name], each) for each in said]
    return list(dict.fromkeys(texts))


def after(question: Question, answer: str) -> str:
    """An answer preceded by the label of its question, or by the question itself."""
    return f"{question.label}: {answer}" if question.label and answer else f"{question.ask} {answer}".rstrip()


def _answer_in_words(said: Said, case: Valuation) -> str:
    kind = case.prepared.kb.questions[said.question].kind
    if isinstance(kind, Choices) and said.option:
        return kind.options[said.option]
    shown = said.option or case.answers.get(said.question)
    return "" if shown is None else answered(said.question, shown, case)


def answered(name: str, answer: Answer, case: Valuation) -> str:
    """An answer in the words of the questionnaire; of several options, the chosen ones."""
    kind = case.prepared.kb.questions[name].kind
    match answer, kind:
        case Mapping(), Choices(options):
            return "; ".join(text for option, text in options.items() if answer.get(option))
        case str(), Choice(options):
            return options[answer]
        case bool(), _:
            return "yes" if answer else "no"
        case Unknown(), _:
            return "I don't know"
        case _, Number(unit, decimals=decimals):
            return f"{answer:.{decimals}f} {unit if answer != 1 else ONE.get(unit, unit)}"
    return str(answer)
