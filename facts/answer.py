"""Read one answer as a value of the question's kind.

In: a question and a node of a tree. Out: the value, `UNKNOWN` for "I don't know", None for no answer, or a
problem. The words `yes`, `no`, `true`, `false`, `unknown` and `none` are case-insensitive; option names are
case-sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AbstractMapping

from facts.problem import Problem, quoted, suggest
from facts.trees.tree import Mapping, Node, Scalar, Sequence, describe
from facts.vocabulary import UNKNOWN, Answer, Choice, Choices, Number, Question, Unknown, YesNo

YES = ("yes", "true")
NO = ("no", "false")
DONT_KNOW = UNKNOWN.value
NONE = "none"
"""The answer that none of the options applies."""
TRUTH = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
NUMERAL = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,15})?")
NOISY = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]+([eE]-[0-9]{1,3})?|[eE]-[0-9]{1,3})")
"""A number with floating-point noise or an exponent, such as `0.30000000000000004` or `5.5e-17`."""

IF_CODED = "write `yes` or `no`; if the file has codes, say what each means in a map (`--map`)"

Options = AbstractMapping[str, str]


def read_answer(question: Question, node: Node) -> Answer | Problem | None:
    """Return the answer as a value of the question's kind, None if the node is empty, or a problem."""
    word = _word(node)
    if word == "":
        return None
    if word == DONT_KNOW:
        return UNKNOWN
    match question.kind:
        case YesNo():
            return TRUTH[word] if word in TRUTH else _not_yes_no(question, node)
        case Choice(options):
            return _choice(question, options, node)
        case Choices(options):
            return _choices(question, options, node)
        case Number():
            return _number(question, question.kind, node)


def _word(node: Node) -> str | None:
    """Return a scalar in lower case, "" for null or `{}`, None for any other list or mapping."""
    if isinstance(node, Scalar):
        return "" if node.is_null else node.text.lower()
    return "" if isinstance(node, Mapping) and not node.entries else None


def _not_yes_no(question: Question, node: Node) -> Problem:
    message = f"the answer to `{question.name}` must be `yes` or `no`, not {describe(node)}"
    is_code = isinstance(node, Scalar) and (len(node.text) == 1 or NUMERAL.fullmatch(node.text))
    return _wrong("not-yes-no", message, node, question, IF_CODED if is_code else "")


def _choice(question: Question, options: Options, node: Node) -> str | Problem:
    if not isinstance(node, Scalar):
        message = f"`{question.name}` must have exactly one option, not {describe(node)}"
        return _wrong("one-option", message, node, question, f"options: {quoted(options)}")
    return node.text if node.text in options else _no_option(question, options, node)


def _choices(question: Question, options: Options, node: Node) -> dict[str, bool] | Unknown | Problem | None:
    match node:
        case Sequence((Scalar(text),)) if text.lower() in (NONE, DONT_KNOW) and text not in options:
            return UNKNOWN if text.lower() == DONT_KNOW else dict.fromkeys(options, False)
        case Sequence(items):
            return _complete(question, options, items)
        case Mapping(entries):
            return _partial(question, options, entries)
        case Scalar(text) if text in options:
            message = f"the answer to `{question.name}` must be a list of options"
            open = f"`{{{text}: yes}}` if nothing is known about the others"
            return _wrong(
                "list-of-options",
                message,
                node,
                question,
                f"write `[{text}]` if no other option applies, or {open}",
            )
        case Scalar(text) if text.lower() == NONE:
            return dict.fromkeys(options, False)
        case Scalar():
            return _no_option(question, options, node)


def _complete(question: Question, options: Options, items: tuple[Node, ...]) -> dict[str, bool] | Problem:
    """Read a list, which is complete: options it does not name are `False`."""
    known = dict.fromkeys(options, False)
    for item in items:
        if not isinstance(item, Scalar) or item.text not in options:
            return _no_option(question, options, item)
        known[item.text] = True
    return known


def _partial(
    question: Question, options: Options, entries: tuple[tuple[Scalar, Node], ...]
) -> dict[str, bool] | Unknown | Problem | None:
    """Read a mapping, in which unnamed options stay unanswered; `UNKNOWN` if no option has a yes or no and at
    least one is `unknown`.
    """
    known: dict[str, bool] = {}
    said = set()
    for key, value in entries:
        if key.text not in options:
            return _no_option(question, options, key)
        word = _word(value)
        if word in TRUTH:
            if known.setdefault(key.text, TRUTH[word]) != TRUTH[word]:
                message = f"option `{key.text}` of `{question.name}` is both chosen and not chosen"
                return _wrong("two-answers", message, value, question)
        elif word not in ("", DONT_KNOW):
            message = f"option `{key.text}` of `{question.name}` must be `yes` or `no`, not {describe(value)}"
            return _wrong("not-yes-no", message, value, question)
        said.add(word)
    return known or (UNKNOWN if DONT_KNOW in said else None)


def _number(question: Question, kind: Number, node: Node) -> int | float | Problem:
    if isinstance(node, Scalar) and not NUMERAL.fullmatch(node.text) and NOISY.fullmatch(node.text):
        return _too_many_decimals(question, kind, node)
    if not isinstance(node, Scalar) or not NUMERAL.fullmatch(node.text):
        message = f"`{question.name}` must be a number of {kind.unit}, not {describe(node)}"
        return _wrong("not-a-number", message, node, question, "write digits, such as `5`")
    whole, _, decimals = node.text.partition(".")
    if len(decimals.rstrip("0")) > kind.decimals:
        return _too_many_decimals(question, kind, node)
    value = float(node.text) if kind.decimals else int(whole)
    if not kind.minimum <= value <= kind.maximum:
        message = (
            f"`{question.name}` must be from {kind.minimum} to {kind.maximum} {kind.unit}, not `{node.text}`"
        )
        return _wrong("out-of-range", message, node, question)
    return value


def _too_many_decimals(question: Question, kind: Number, node: Scalar) -> Problem:
    message = f"`{question.name}` must be {decimals_of(kind)}, not {describe(node)}"
    return _wrong("decimals", message, node, question, rounding(kind))


def decimals_of(kind: Number) -> str:
    """Describe the numbers that a question accepts, for a message."""
    if kind.decimals:
        return (
            "a number with at most 1 decimal"
            if kind.decimals == 1
            else f"a number with at most {kind.decimals} decimals"
        )
    return "a whole number"


def rounding(kind: Number) -> str:
    """Say how to correct a number with too many decimals, for a help text."""
    if kind.decimals:
        return "round it to 1 decimal" if kind.decimals == 1 else f"round it to {kind.decimals} decimals"
    return "round it to a whole number"


def _no_option(question: Question, options: Options, node: Node) -> Problem:
    if isinstance(node, Scalar) and node.text:
        message = f"`{question.name}` has no option {describe(node)}"
        help = suggest(node.text, list(options), "options")
    else:
        message = f"an option of `{question.name}` must be one word, not {describe(node)}"
        help = suggest("", list(options), "options")
    return _wrong("unknown-option", message, node, question, help)


def _wrong(code: str, message: str, node: Node, question: Question, help: str = "") -> Problem:
    help = help or "correct the answer, leave it out, or write `unknown`"
    return Problem(code, message, node.span, help, subject=question.name)
