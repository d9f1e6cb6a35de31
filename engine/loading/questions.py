"""The questionnaire: questions with their kinds, options and ranges.

In: the entries of the `questions` sections. Out: questions by name, without `asked_when`, which needs all of
them. A question with a problem is marked unsound, so that uses of it are not reported as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from engine.loading.formerly import check_formerly, read_formerly
from engine.loading.numbers import number, plain, whole
from engine.loading.reader import Fields, Reader
from facts.problem import quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar
from facts.vocabulary import Choice, Choices, Kind, Number, Question, YesNo

KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "yes_no": ((), ()),
    "choice": (("options",), ()),
    "choices": (("options",), ()),
    "number": (("unit", "minimum", "maximum"), ("decimals", "classes")),
}
"""The required and the optional keys of each kind of question."""
OPTIONAL = ("asked_when", "changeable", "formerly", "label")
MAX_DECIMALS = 6
ZERO = Decimal(0)

Entries = Iterable[tuple[Scalar, Node]]


def read_questions(reader: Reader, entries: Entries) -> dict[str, Question]:
    """The questions by name, in the order of the files."""
    found = {}
    entries = list(entries)
    for key, node in entries:
        before = reader.noted
        found[key.text] = _question(reader, key, node)
        if reader.noted > before:
            reader.unsound.add(("questions", key.text))
    check_formerly(reader, entries, found)
    return found


def _question(reader: Reader, key: Scalar, node: Node) -> Question:
    given = node.get("kind") if isinstance(node, Map) else None
    kind = "" if given is None else reader.word(given, KEYS, "kind")
    needed, more = (
        KEYS[kind] if kind else ((), tuple(each for pair in KEYS.values() for each in sum(pair, ())))
    )
    what = f"`{kind}` question" if kind else "question"
    fields = reader.entry(key, node, what, ("ask", "kind", *needed), (*more, *OPTIONAL))
    changeable = "changeable" not in fields.values or reader.flag(fields, "changeable")
    ask = reader.text(fields, "ask")
    answer = _kind(reader, kind, fields)
    formerly = read_formerly(reader, fields)
    label = reader.text(fields, "label") if "label" in fields.values else ""
    options = fields.get("options")
    for name, _ in options.entries if isinstance(options, Map) else ():
        reader.use("options", name, key.text)
    return Question(key.text, ask, answer, key.span, changeable, formerly, label)


def _kind(reader: Reader, kind: str, fields: Fields) -> Kind:
    match kind:
        case "number":
            return _number(reader, fields)
        case "choice":
            return Choice(_options(reader, fields))
        case "choices":
            return Choices(_options(reader, fields))
        case _:
            return YesNo()


def _options(reader: Reader, fields: Fields) -> dict[str, str]:
    node = fields.get("options")
    help = "write lines `option: what people read` below it"
    if node is None:
        return {}
    if not isinstance(node, Map):
        message = f"`options` of {fields.where} must be a mapping from options to their texts"
        reader.wrong(node, message, fields.keys["options"], help)
        return {}
    if not node.entries:
        reader.report("empty-list", f"{fields.where} has no options", node.span, help)
    for name, _ in node.entries:
        reader.check_name(name, "option")
    return read_texts(reader, node.entries, "option")


def read_texts(reader: Reader, entries: Entries, what: str) -> dict[str, str]:
    """The text of each name."""
    return {key.text: reader.text_of(node, f"{what} {quote(key.text)}", key.span) for key, node in entries}


def _number(reader: Reader, fields: Fields) -> Number:
    low, high = number(reader, fields, "minimum"), number(reader, fields, "maximum")
    decimals = _decimals(reader, fields)
    if low is not None and high is not None and low >= high:
        message = f"`minimum` of {fields.where} must be below `maximum`"
        but = f"but {plain(low)} is not below {plain(high)}"
        reader.report("threshold-range", f"{message}, {but}", fields.values["maximum"].span)
    for key, end in (("minimum", low), ("maximum", high)):
        if end is not None and end.scaleb(decimals) != end.scaleb(decimals).to_integral_value():
            message = f"`{key}` of {fields.where} has more decimals than the answers, which have {decimals}"
            help = "round it, or give the answers more decimals with `decimals: ...`"
            reader.report("threshold-range", message, fields.values[key].span, help)
    return Number(reader.text(fields, "unit"), plain(low or ZERO), plain(high or ZERO), decimals)


def _decimals(reader: Reader, fields: Fields) -> int:
    """Number of decimals of the answers, 0 by default."""
    node = fields.get("decimals")
    if node is None:
        return 0
    decimals = whole(reader, node, f"`decimals` of {fields.where}", fields.keys["decimals"]) or 0
    if 0 <= decimals <= MAX_DECIMALS:
        return decimals
    message = f"`decimals` of {fields.where} must be from 0 to {MAX_DECIMALS}, not `{decimals}`"
    reader.report("threshold-range", message, node.span)
    return MAX_DECIMALS
