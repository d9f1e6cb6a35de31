"""Numbers as written: exact decimals, or the name of one in `numbers`.

Spellings that YAML 1.1 reads as a different number (`010`, `1_000`, `1:30`, `1e3`) are refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from engine.loading.names import NAME
from engine.loading.reader import Fields, Reader
from facts.problem import Span, quote
from facts.trees.tree import Node, Scalar

NUMERAL = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?")
MAX_NUMBER = 10**9
MAX_DECIMALS = 9


def number(reader: Reader, fields: Fields, key: str, named: bool = True) -> Decimal | None:
    """The exact number at a key, or that of a name in `numbers`; None if absent or wrong."""
    node = fields.get(key)
    return (
        None
        if node is None
        else number_of(reader, node, f"{quote(key)} of {fields.where}", fields.keys[key], named)
    )


def number_of(reader: Reader, node: Node, where: str, at: Span, named: bool = True) -> Decimal | None:
    """The exact number in a node, or that of a name in `numbers`; None after reporting a problem."""
    if isinstance(node, Scalar) and NUMERAL.fullmatch(node.text):
        return _within(reader, node, where)
    if named and isinstance(node, Scalar) and NAME.fullmatch(node.text) and not node.is_null:
        return reader.numbers.get(_name(reader, node))
    help = "write digits, such as `5` or `2.5`"
    if isinstance(node, Scalar) and NUMERAL.fullmatch(node.text.lstrip("0")):
        help = f"write it without leading zeros: `{node.text.lstrip('0')}`"
    reader.wrong(node, f"{where} must be a number", at, help)
    return None


def _name(reader: Reader, node: Scalar) -> str:
    known = reader.names.get("numbers", {})
    if node.text not in known and "numbers" not in reader.unsure:
        help = _compared(reader, node.text) or reader.hint(node.text, known, "numbers")
        if not help.startswith(("did you mean", "that is")):
            help = "; ".join(filter(None, ("write digits, or declare it under `numbers`", help)))
        reader.report("unknown-number", f"there is no number {quote(node.text)}", node.span, help)
    reader.numbers_read.add(node.text)
    reader.use("numbers", node)
    return node.text


def _compared(reader: Reader, word: str) -> str:
    """Help if a bound names a score or a question instead of a number."""
    for section, what in (("scores", "scores"), ("questions", "answers")):
        if word in reader.names.get(section, {}):
            return f"that is one of the {section}, and two {what} cannot be compared; write a number"
    return ""


def _within(reader: Reader, node: Scalar, where: str) -> Decimal | None:
    whole, _, decimals = node.text.lstrip("+-").partition(".")
    if len(whole) > len(str(MAX_NUMBER)) or abs(Decimal(node.text)) > MAX_NUMBER:
        message = f"{where} must be from -{MAX_NUMBER} to {MAX_NUMBER}, not {quote(node.text)}"
        reader.report("number-range", message, node.span, "choose a larger unit")
        return None
    if len(decimals) > MAX_DECIMALS:
        reader.report(
            "number-range", f"{where} must have at most {MAX_DECIMALS} decimals", node.span, "round it"
        )
        return None
    return Decimal(node.text)


def whole(
    reader: Reader,
    node: Node,
    where: str,
    at: Span,
    decimals: int = 0,
    help: str = "write it without decimals",
) -> int | None:
    """A number with at most `decimals` decimals, in units of the last decimal; None after reporting a
    problem.
    """
    value = number_of(reader, node, where, at)
    if value is None:
        return None
    scaled = value.scaleb(decimals)
    if scaled == scaled.to_integral_value():
        return int(scaled)
    allowed = f"a number with at most {decimals} decimals" if decimals else "a whole number"
    reader.wrong(node, f"{where} must be {allowed}", at, help)
    return None


def plain(value: Decimal) -> int | float:
    """An int if the number is whole, else a float."""
    return int(value) if value == value.to_integral_value() else float(value)
