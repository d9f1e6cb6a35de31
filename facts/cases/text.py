"""Write cases and answers as YAML that can be pasted into a case file, and parse an answer from such text.

In: a case and the questionnaire. Out: a YAML list with one case. Names of questions and options are safe
unquoted in every version of YAML; free text is quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from facts.answer import read_answer
from facts.case import Case
from facts.other_names.formerly import former
from facts.problem import Problem, Span, quote, quoted, suggest
from facts.trees.yaml_tree import read_yaml
from facts.vocabulary import Answer, Choices, Number, Question, Questionnaire, Unknown

UNNAMED = "name a question of the knowledge base"


def text_of(case: Case, questions: Questionnaire) -> str:
    """Return the case as YAML, with answers in questionnaire order and without expectations."""
    head = [f"- id: {in_quotes(case.id)}", *([f"  about: {in_quotes(case.about)}"] if case.about else [])]
    given = [
        f"    {name}: {answer_text(questions[name], case.answers[name])}"
        for name in questions
        if name in case.answers
    ]
    return "\n".join([*head, *(["  answers:", *given] if given else ["  answers: {}"])]) + "\n"


def answer_text(question: Question, answer: Answer) -> str:
    """Return an answer as in a case file: `yes`, `begins`, `[resting]`, `{resting: no}`, `12`, `unknown`."""
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
    """Return a text in double quotes, with escapes for quotes, backslashes and unprintable characters."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    shown = (escapes.get(each, each if each.isprintable() else f"\\U{ord(each):08X}") for each in text)
    return f'"{"".join(shown)}"'


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _today(name: str, questions: Questionnaire) -> str:
    """Say what replaces an old name, or "" if the name is not an old one."""
    old = former(name, questions)
    if old is None:
        return ""
    if old.is_left_out:
        return "it is no longer asked"
    return f"{quote(name)} is an old name; use {quoted(old.targets)}"


def assigned(text: str, questions: Questionnaire) -> tuple[str, Answer | None] | Problem:
    """Parse `question=answer`, with the answer as in a case file.

    Returns the question and its answer, or a problem; the answer is None if it is empty.
    """
    name, equals, answer = (each.strip() for each in text.partition("="))
    span = Span(text, 1, len(name) + 2, len(text) + 1, text)
    if not equals:
        return Problem("no-answer", f"{quote(text)} has no `=`", Span(text), "write `question=answer`")
    if name not in questions:
        help = _today(name, questions) or suggest(name, list(questions), "questions") or UNNAMED
        return Problem("unknown-question", f"there is no question {quote(name)}", Span(text), help)
    documents, problems = read_yaml(answer.encode("utf-8", "surrogatepass"), text)
    if problems or len(documents) > 1:
        help = "write it as in a case file: `yes`, `[resting]`, `{resting: no}` or `12`"
        return Problem("no-answer", f"{quote(answer)} is not an answer", Span(text), help)
    found = read_answer(questions[name], documents[0]) if documents else None
    return replace(found, span=span) if isinstance(found, Problem) else (name, found)
