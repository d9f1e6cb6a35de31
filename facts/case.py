"""One person's case: answers checked against the questionnaire.

In: a tree from a file of cases, or a mapping from Python. Out: a case, or every problem it has. A case
with any problem is not assessed: half an answer list could look like a reassuring one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, field

from facts.document import Mapping, Node, Scalar, Sequence, describe
from facts.problem import Problem, Rejected, Span, quoted, suggest
from facts.vocabulary import UNKNOWN, Answer, Choice, Choices, Number, Question, Questionnaire, YesNo

YES = ("yes", "true")
NO = ("no", "false")
NUMERAL = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
KEYS = ("id", "about", "answers", "expect", "expect_not")

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Case:
    """One person's known answers; for an example also what it shows and what it must (not) give."""

    id: str
    answers: AbstractMapping[str, Answer]
    about: str = ""
    expect: AbstractMapping[str, Plain] = field(default_factory=dict)
    expect_not: AbstractMapping[str, Plain] = field(default_factory=dict)
    span: Span = field(default=Span("case"), compare=False, repr=False)


def read_case(node: Node, questions: Questionnaire, default_id: str) -> Case | list[Problem]:
    """A case from its tree; without an `id` it gets `default_id`. Otherwise all its problems."""
    if not isinstance(node, Mapping):
        help = "write `id: ...` and `answers: {...}`"
        return [Problem("not-a-case", f"a case is a mapping, not {describe(node)}", node.span, help)]
    problems = [_unknown_key(key) for key, _ in node.entries if key.text not in KEYS]
    answers = node.get("answers")
    known: dict[str, Answer] = {}
    if isinstance(answers, Mapping):
        known = read_answers(answers, questions, problems)
    elif answers is None:
        help = "write `answers: {}` if nothing was answered"
        problems.append(Problem("no-answers", "the case has no `answers`", node.span, help))
    elif not (isinstance(answers, Scalar) and answers.is_null):
        message = f"`answers` is a mapping of questions, not {describe(answers)}"
        problems.append(Problem("no-answers", message, answers.span, "write `question: answer` lines"))
    texts = {key: _text(node.get(key), key, problems) for key in ("id", "about")}
    expect, expect_not = (_expectation(node.get(key), key, problems) for key in ("expect", "expect_not"))
    if problems:
        return problems
    return Case(texts["id"] or default_id, known, texts["about"], expect, expect_not, node.span)


def read_answers(node: Mapping, questions: Questionnaire, problems: list[Problem]) -> dict[str, Answer]:
    """The answers of a case; what is wrong with them is added to `problems`."""
    known: dict[str, Answer] = {}
    for key, value in node.entries:
        question = questions.get(key.text)
        if question is None:
            help = suggest(key.text, list(questions), "questions")
            message = f"no question is called `{key.text}`"
            problems.append(Problem("unknown-question", message, key.span, help, subject=key.text))
            continue
        answer = read_answer(question, value)
        if isinstance(answer, Problem):
            problems.append(answer)
        elif answer is not None:
            known[question.name] = answer
    return known


def read_answer(question: Question, node: Node) -> Answer | Problem | None:
    """One answer as a value of its question's kind; None where nothing is said, or the problem."""
    if isinstance(node, Scalar):
        if node.is_null or node.text == "":
            return None
        if node.text == UNKNOWN.value:
            return UNKNOWN
    match question.kind:
        case YesNo():
            return _yes_no(question, node)
        case Choice(options):
            return _choice(question, options, node)
        case Choices(options):
            return _choices(question, options, node)
        case Number():
            return _number(question, question.kind, node)


def from_mapping(answers: AbstractMapping[str, object], questions: Questionnaire, id: str = "case") -> Case:
    """A case from Python values (`True`, `"rapid"`, `["resting"]`, `{"fever": False}`, `71`, `None`).

    Raises `Rejected` with every problem.
    """
    problems: list[Problem] = []
    span = Span(id)
    tree = tree_of(dict(answers), span)
    assert isinstance(tree, Mapping)
    known = read_answers(tree, questions, problems)
    if problems:
        raise Rejected(problems)
    return Case(id, known, span=span)


def tree_of(value: object, span: Span) -> Node:
    """Python or JSON values as a tree, every node at `span`."""
    match value:
        case None:
            return Scalar("", True, span)
        case bool():
            return Scalar("true" if value else "false", True, span)
        case int() | float():
            return Scalar(_numeral(value), True, span)
        case AbstractMapping():
            return Mapping(
                tuple((Scalar(str(k), False, span), tree_of(v, span)) for k, v in value.items()), span
            )
        case str():
            return Scalar(value, False, span)
        case AbstractSequence() | set() | frozenset():
            return Sequence(tuple(tree_of(item, span) for item in value), span)
        case _:
            return Scalar(str(value), False, span)


def _numeral(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value)


def _yes_no(question: Question, node: Node) -> bool | Problem:
    if isinstance(node, Scalar) and node.text.lower() in YES + NO:
        return node.text.lower() in YES
    message = f"`{question.name}` is answered with `yes` or `no`, not with {describe(node)}"
    return _wrong("not-yes-no", message, node, question)


def _choice(question: Question, options: AbstractMapping[str, str], node: Node) -> str | Problem:
    if not isinstance(node, Scalar):
        message = f"`{question.name}` takes one option, not {describe(node)}"
        return _wrong("one-option", message, node, question, f"options: {quoted(options)}")
    return node.text if node.text in options else _no_option(question, options, node)


def _choices(question: Question, options: AbstractMapping[str, str], node: Node) -> dict[str, bool] | Problem:
    match node:
        case Scalar(text) if text == "none":
            return dict.fromkeys(options, False)
        case Scalar(text) if text in options:
            message = f"`{question.name}` takes a list of options"
            help = (
                f"write `[{text}]` if that is all, or `{{{text}: yes}}` if the other options are still open"
            )
            return _wrong("list-of-options", message, node, question, help)
        case Scalar():
            return _no_option(question, options, node)
        case Sequence(items):
            return _complete(question, options, items)
        case Mapping(entries):
            return _partial(question, options, entries)


def _complete(
    question: Question, options: AbstractMapping[str, str], items: tuple[Node, ...]
) -> dict[str, bool] | Problem:
    known = dict.fromkeys(options, False)
    for item in items:
        if not isinstance(item, Scalar) or item.text not in options:
            return _no_option(question, options, item)
        known[item.text] = True
    return known


def _partial(
    question: Question, options: AbstractMapping[str, str], entries: tuple[tuple[Scalar, Node], ...]
) -> dict[str, bool] | Problem:
    known: dict[str, bool] = {}
    for key, value in entries:
        if key.text not in options:
            return _no_option(question, options, key)
        if isinstance(value, Scalar) and (value.is_null or value.text in ("", UNKNOWN.value)):
            continue
        said = _yes_no(question, value)
        if isinstance(said, Problem):
            message = f"option `{key.text}` of `{question.name}` is `yes` or `no`, not {describe(value)}"
            return _wrong("not-yes-no", message, value, question)
        known[key.text] = said
    return known


def _number(question: Question, kind: Number, node: Node) -> int | float | Problem:
    if not isinstance(node, Scalar) or not NUMERAL.fullmatch(node.text):
        message = f"`{question.name}` is a number of {kind.unit}, not {describe(node)}"
        return _wrong("not-a-number", message, node, question, "write digits, such as `5`")
    whole, _, decimals = node.text.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > kind.decimals:
        allowed = "whole numbers" if kind.decimals == 0 else f"at most {kind.decimals} decimals"
        return _wrong("decimals", f"`{question.name}` takes {allowed}, not `{node.text}`", node, question)
    value = float(node.text) if kind.decimals else int(whole)
    if not kind.minimum <= value <= kind.maximum:
        message = f"`{question.name}` is from {kind.minimum} to {kind.maximum} {kind.unit}, not `{node.text}`"
        return _wrong("out-of-range", message, node, question)
    return value


def _no_option(question: Question, options: AbstractMapping[str, str], node: Node) -> Problem:
    said = node.text if isinstance(node, Scalar) else ""
    message = (
        f"`{question.name}` has no option {describe(node)}"
        if said
        else (f"an option of `{question.name}` is one word, not {describe(node)}")
    )
    return _wrong("unknown-option", message, node, question, suggest(said, list(options), "options"))


def _wrong(code: str, message: str, node: Node, question: Question, help: str = "") -> Problem:
    help = help or "or leave the answer out, or write `unknown`"
    return Problem(code, message, node.span, help, subject=question.name)


def _unknown_key(key: Scalar) -> Problem:
    help = suggest(key.text, KEYS, "keys")
    return Problem("unknown-key", f"a case has no `{key.text}`", key.span, help, subject=key.text)


def _text(node: Node | None, key: str, problems: list[Problem]) -> str:
    if node is None:
        return ""
    if isinstance(node, Scalar):
        return "" if node.is_null else node.text
    problems.append(
        Problem("not-a-text", f"`{key}` is one text, not {describe(node)}", node.span, subject=key)
    )
    return ""


def _expectation(node: Node | None, key: str, problems: list[Problem]) -> dict[str, Plain]:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return {}
    plain = plain_of(node)
    if isinstance(plain, dict):
        return plain
    problems.append(Problem("not-a-mapping", f"`{key}` is a mapping, not {describe(node)}", node.span))
    return {}


def plain_of(node: Node) -> Plain:
    """A tree as plain values: yes/no words become Booleans and numerals numbers where unquoted."""
    match node:
        case Mapping(entries):
            return {key.text: plain_of(value) for key, value in entries}
        case Sequence(items):
            return [plain_of(item) for item in items]
        case Scalar(text, plain):
            if node.is_null:
                return None
            if plain and text in YES + NO:
                return text in YES
            if plain and NUMERAL.fullmatch(text):
                return float(text) if "." in text else int(text)
            return text
