"""Comparisons of an answer (`question: ...`): from a YAML node to a part that suits the kind of question."""

from __future__ import annotations

from collections.abc import Iterable

from engine.loading.bounds import Range, read_bounds
from engine.loading.numbers import NUMERAL, plain
from engine.loading.reader import Reader
from engine.model.parts import All, Always, Answered, Bound, ChosenBound, Is, NoneOf, OneOf, Part, Test
from facts.answer import NO, YES
from facts.problem import Span, quote, quoted
from facts.trees.tree import Mapping, Node, Scalar, Sequence
from facts.vocabulary import Choice, Choices, Kind, Number, Question, YesNo, kind_name


def compare(reader: Reader, question: Question, key: Scalar, node: Node) -> Part:
    """The part that compares the answer to a question. `key` is the key that names the question.

    A comparison with a problem is reported and replaced by a stand-in.
    """
    if isinstance(node, Mapping) and isinstance(question.kind, Number | Choices):
        return _bounded(reader, question, question.kind, key, node)
    test = _test(reader, question, key, node)
    return Always() if test is None else Answered(question.name, test, key.span)


def _test(reader: Reader, question: Question, key: Scalar, node: Node) -> Test | None:
    match question.kind:
        case YesNo() if isinstance(node, Scalar) and node.text in YES + NO:
            return Is(node.text in YES)
        case Choices(options) if isinstance(node, Scalar) and node.text == "none":
            return NoneOf(tuple(options))
        case Choice(options) | Choices(options) if _names_options(node):
            chosen = _chosen(reader, question, list(options), node)
            return OneOf(tuple(chosen)) if chosen else None
    wanted, help = _wanted(question.kind, node.text if isinstance(node, Scalar) else "")
    message = (
        f"the `{kind_name(question.kind)}` question {quote(question.name)} must be compared with {wanted}"
    )
    reader.wrong(node, message, key.span, help, question.span)
    return None


def _names_options(node: Node) -> bool:
    return isinstance(node, Sequence) or (isinstance(node, Scalar) and not node.is_null)


def _wanted(kind: Kind, said: str) -> tuple[str, str]:
    """What a question must be compared with, and help if something else was written."""
    match kind:
        case YesNo():
            return "`yes` or `no`", f"did you mean `{said.lower()}`?" if said.lower() in YES + NO else ""
        case Choice(options) | Choices(options):
            return "an option or a list of options", f"options: {quoted(options)}"
        case Number():
            value = said if NUMERAL.fullmatch(said) else "5"
            return (
                "a bound",
                f"write `{{at_least: {value}}}`, or `{{equals: {value}}}` for exactly that number",
            )


def _chosen(reader: Reader, question: Question, options: list[str], node: Node) -> Iterable[str]:
    chosen: dict[str, Span] = {}
    many = isinstance(question.kind, Choices)
    for item in reader.items(
        node, "write `none` if no option may be chosen" if many else "name at least one option"
    ):
        name = option(reader, question, options, item)
        if name in chosen:
            reader.twice(name, item.span, chosen[name])
        elif name:
            chosen[name] = item.span
    return chosen


def option(reader: Reader, question: Question, options: list[str], node: Node) -> str:
    """The option that a node names, or an empty string after reporting a problem."""
    if isinstance(node, Scalar) and node.text in options:
        reader.use("options", node, question.name)
        return node.text
    if isinstance(node, Scalar) and not node.is_null and node.text:
        help = reader.hint(node.text, options, "options")
        if node.text == "none" and isinstance(question.kind, Choices):
            help = "write `none` without a list"
        message = f"{quote(question.name)} has no option {quote(node.text)}"
        reader.report("unknown-option", message, node.span, help, question.span)
    else:
        help = f"options: {quoted(options)}"
        reader.wrong(node, f"an option of {quote(question.name)} must be one word", node.span, help)
    return ""


def _bounded(reader: Reader, question: Question, kind: Number | Choices, key: Scalar, node: Mapping) -> Part:
    where = quote(question.name)
    match kind:
        case Choices(options):
            of = Range(f"the number of options chosen in {where}", 0, 0, len(options), question.span)
        case Number(_, low, high, decimals):
            of = Range(where, decimals, low, high, question.span)
    parts: list[Part] = []
    for each in read_bounds(reader, node, of, key.span):
        bound = Bound(each.comparison, plain(each.value))
        test = bound if isinstance(kind, Number) else ChosenBound(bound, tuple(kind.options))
        parts.append(Answered(question.name, test, each.span))
    return parts[0] if len(parts) == 1 else All(tuple(parts), key.span)
