"""One person's case: answers checked against the questionnaire.

In: a tree from a case file, or a Python mapping. Out: a case, or every problem with it. A case with any error
is not assessed: a partial list of answers could look falsely reassuring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, field

from facts.answer import NO, NUMERAL, YES
from facts.answers import read_answers
from facts.case_keys import ALIKE, KEYS, beside_answers
from facts.nearest import nearest
from facts.other_names.formerly import former
from facts.plain import Plain, mapping_of, plain_of
from facts.problem import Problem, Rejected, Span, quote
from facts.trees.tree import Mapping, Node, Scalar, Sequence, describe
from facts.vocabulary import Answer, Questionnaire, Unknown

__all__ = [
    "MAX_ID",
    "NO",
    "NUMERAL",
    "YES",
    "Case",
    "NoCase",
    "Read",
    "Unread",
    "accepted",
    "from_mapping",
    "read_case",
]

NESTED = (
    'write each as `{"id": ..., "answers": {question: answer}}`, or as a row of CSV or Parquet;'
    " if the file has other names for questions or answers, give a map (`--map`)"
)
MAX_ID = 200
"""Maximum number of characters in an id."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person's known answers; an example also has a description and expectations.

    `todo` says why an example does not meet its expectations yet. `carried` holds the values of keys or
    columns that are carried along to the results. `notes` holds warnings about old names and ignored keys.
    """

    id: str
    answers: AbstractMapping[str, Answer]
    about: str = ""
    expect: AbstractMapping[str, Plain] = field(default_factory=dict)
    expect_not: AbstractMapping[str, Plain] = field(default_factory=dict)
    todo: str = ""
    carried: AbstractMapping[str, Plain] = field(default_factory=dict)
    span: Span = field(default=Span("case"), compare=False, repr=False)
    notes: tuple[Problem, ...] = field(default=(), compare=False, repr=False)

    def to_mapping(self) -> dict[str, object]:
        """The answers as Python values; the inverse of `from_mapping`."""
        return {
            name: answer.value if isinstance(answer, Unknown) else answer
            for name, answer in self.answers.items()
        }


class NoCase(list[Problem]):
    """The problems of a rejected case from a YAML or JSON file, with its source text."""

    def __init__(self, problems: Iterable[Problem], text: str) -> None:
        super().__init__(problems)
        self.text = text


class Unread(list[Problem]):
    """Problems that make a file, or the rest of it, unreadable, and so may cost more than one case."""


Read = Case | list[Problem]
"""A case, or all problems of a rejected one."""


def read_case(
    node: Node,
    questions: Questionnaire,
    default_id: str,
    carry: AbstractSequence[str] = (),
    written: bool = False,
) -> Read:
    """Read a case from its tree, or return all its problems.

    A case without an `id` gets `default_id`. Values under the keys in `carry` are carried along unchanged. If
    the case is `written` by hand, every unknown key is an error.
    """
    if not isinstance(node, Mapping):
        help = "write `id: ...` and `answers: {...}`"
        return [Problem("not-a-case", f"a case must be a mapping, not {describe(node)}", node.span, help)]
    if foreign := _foreign(node, questions, carry):
        return [foreign]
    problems, left_out = beside_answers(node, questions, carry, written)
    known, notes = _answers(node, questions, problems)
    id = _text(node, "id", problems, MAX_ID) or default_id
    about = _text(node, "about", problems)
    carried = {key: plain_of(value) for key in carry if (value := node.get(key)) is not None}
    expected = (key for key in ("expect", "expect_not") if not isinstance(carried.get(key), str))
    expectations = {key: _expectation(node, key, problems) for key in expected}
    todo = _todo(node, problems)
    if problems:
        return problems
    return Case(
        id,
        known,
        about,
        **expectations,
        todo=todo,
        carried=carried,
        span=node.span,
        notes=(*notes, *left_out),
    )


def from_mapping(answers: AbstractMapping[str, object], questions: Questionnaire, id: str = "case") -> Case:
    """Make a case from Python values (`True`, `"rapid"`, `["resting"]`, `{"fever": False}`, `71`, `None`).

    Raises `Rejected` with every problem.
    """
    problems: list[Problem] = []
    span = Span(id)
    known, notes = read_answers(mapping_of(answers, span), questions, problems)
    if problems:
        raise Rejected(problems)
    return Case(id, known, span=span, notes=notes)


def _foreign(node: Mapping, questions: Questionnaire, carry: AbstractSequence[str]) -> Problem | None:
    """Explain a mapping without `answers` but with unknown keys, as one problem instead of one per key."""
    strange = [key for key, _ in node.entries if key.text not in (*KEYS, *carry)]
    if (
        node.get("answers") is not None
        or not strange
        or any(nearest(key.text, KEYS, ALIKE) for key in strange)
    ):
        return None
    message = "the case has no `answers`, and none of its keys is a question"
    if any(key.text in questions or former(key.text, questions) for key in strange):
        message = "the answers are beside the `id` instead of under `answers`"
    elif any(key.text == "resourceType" for key in strange):
        message = "this is a FHIR resource, not a case"
    elif wrapper := next((key for key, value in node.entries if _are_cases(node, value)), None):
        message = f"this is one object; the cases seem to be in the list under {quote(wrapper.text)}"
        help = "write only the list, or rename its key to `cases` and remove all other keys"
        return Problem("no-answers", message, wrapper.span, help)
    return Problem("no-answers", message, node.span, NESTED)


def _are_cases(node: Mapping, value: Node) -> bool:
    """Whether a value may be the list of cases inside a wrapper object."""
    if not isinstance(value, Sequence) or not value.items or node.get("id") is not None:
        return False
    return all(isinstance(item, Mapping) for item in value.items)


def _answers(
    case: Mapping, questions: Questionnaire, problems: list[Problem]
) -> tuple[dict[str, Answer], tuple[Problem, ...]]:
    node = case.get("answers")
    if isinstance(node, Mapping):
        return read_answers(node, questions, problems)
    if node is None:
        help = "write `answers: {}` if nothing was answered"
        problems.append(Problem("no-answers", "the case has no `answers`", case.span, help))
    elif not (isinstance(node, Scalar) and node.is_null):
        message = f"`answers` must be a mapping of questions, not {describe(node)}"
        problems.append(Problem("no-answers", message, node.span, "write lines `question: answer`"))
    return {}, ()


def _text(case: Mapping, key: str, problems: list[Problem], most: int | None = None) -> str:
    node = case.get(key)
    if not isinstance(node, Scalar):
        if node is not None:
            message = f"`{key}` must be one text, not {describe(node)}"
            problems.append(Problem("not-a-text", message, node.span, "write one text", subject=key))
        return ""
    if most and len(node.text) > most:
        message = f"`{key}` has {len(node.text):,} characters; the limit is {most}"
        problems.append(Problem("too-long", message, node.span, "shorten it", subject=key))
    return "" if node.is_null else node.text


def _todo(case: Mapping, problems: list[Problem]) -> str:
    """Return the reason in `todo`; a bare `yes` is not a reason."""
    node = case.get("todo")
    if isinstance(node, Scalar) and (not node.text.strip() or (node.plain and node.is_twisted)):
        help = "write why the case cannot pass yet, or remove `todo`"
        problems.append(Problem("empty-todo", "`todo` gives no reason", node.span, help, subject="todo"))
        return ""
    return _text(case, "todo", problems)


def _expectation(case: Mapping, key: str, problems: list[Problem]) -> dict[str, Plain]:
    node = case.get(key)
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return {}
    plain = plain_of(node)
    if isinstance(plain, dict):
        return plain
    help = "write lines `key: value`"
    problems.append(
        Problem("not-a-mapping", f"`{key}` must be a mapping, not {describe(node)}", node.span, help)
    )
    return {}


def accepted(read: Iterable[Case | list[Problem]], reject: Callable[[list[Problem]], None]) -> Iterator[Case]:
    """The cases; the problems of each rejected one go to `reject`."""
    for each in read:
        if isinstance(each, Case):
            yield each
        else:
            reject(each)
