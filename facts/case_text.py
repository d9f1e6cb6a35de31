"""A case as text that can be pasted into a file of cases.

In: a case and the questionnaire. Out: YAML of a list of one case. Names of questions and options are words
that every reader of YAML takes as they are; texts of people are quoted.
"""

from __future__ import annotations

from collections.abc import Mapping

from facts.case import Case
from facts.vocabulary import Answer, Choices, Number, Question, Questionnaire, Unknown


def text_of(case: Case, questions: Questionnaire) -> str:
    """The case as YAML; its answers in the order of the questionnaire, its expectations left out."""
    head = [f"- id: {in_quotes(case.id)}", *([f"  about: {in_quotes(case.about)}"] if case.about else [])]
    given = [
        f"    {name}: {answer_text(questions[name], case.answers[name])}"
        for name in questions
        if name in case.answers
    ]
    return "\n".join([*head, *(["  answers:", *given] if given else ["  answers: {}"])]) + "\n"


def answer_text(question: Question, answer: Answer) -> str:
    """An answer as a file of cases has it: `yes`, `begins`, `[resting]`, `{resting: no}`, `12`, `unknown`."""
    match answer, question.kind:
        case Unknown(), _:
            return answer.value
        case bool(), _:
            return _yes_no(answer)
        case Mapping(), Choices(options) if len(answer) == len(options):
            return f"[{', '.join(option for option in options if answer[option])}]"
        case Mapping(), _:
            return f"{{{', '.join(f'{option}: {_yes_no(chosen)}' for option, chosen in answer.items())}}}"
        case _, Number(decimals=decimals):
            return f"{answer:.{decimals}f}"
    return str(answer)


def in_quotes(text: str) -> str:
    """A text between quotes, with an escape for whatever could end it or would not be seen."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    shown = (escapes.get(each, each if each.isprintable() else f"\\U{ord(each):08X}") for each in text)
    return f'"{"".join(shown)}"'


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
