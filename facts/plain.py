"""Convert plain Python or JSON values to a tree, and back.

A tree keeps words as written. On the way back, unquoted yes/no words become Booleans and unquoted numerals
become numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from facts.answer import NUMERAL, TRUTH
from facts.problem import Span
from facts.trees.tree import Mapping, Node, Scalar, Sequence

NOWHERE = Span("")
Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


@lru_cache(maxsize=4096)
def word(text: str, plain: bool = False) -> Scalar:
    """Return a scalar without a place; cached because cases repeat the same words."""
    return Scalar(text, plain, NOWHERE)


def tree_of(value: object, span: Span) -> Node:
    """Return a value as a tree in which every node has the place `span`."""
    match value:
        case None:
            return Scalar("", True, span)
        case bool():
            return Scalar("true" if value else "false", True, span)
        case int() | float():
            return Scalar(_numeral(value), True, span)
        case AbstractMapping():
            return mapping_of(value, span)
        case AbstractSequence() | set() | frozenset() if not isinstance(value, str):
            return Sequence(tuple(tree_of(item, span) for item in value), span)
        case _:
            return Scalar(str(value), False, span)


def mapping_of(values: AbstractMapping[str, object], span: Span) -> Mapping:
    """Return a mapping as a tree in which every node has the place `span`."""
    entries = ((Scalar(str(key), False, span), tree_of(value, span)) for key, value in values.items())
    return Mapping(tuple(entries), span)


def _numeral(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = json.dumps(value)
    return f"{Decimal(text):f}" if "e" in text else text


def json_text(value: object, strange: Callable[[float], object] = lambda number: None) -> str:
    """Return a value as JSON.

    JSON has neither `NaN` nor infinity: they are replaced by the result of `strange`. Dates and other foreign
    types become strings.
    """
    try:
        return json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value, strange), ensure_ascii=False, default=str)


def _finite(value: object, strange: Callable[[float], object]) -> object:
    match value:
        case float():
            return value if isfinite(value) else strange(value)
        case AbstractMapping():
            return {key: _finite(each, strange) for key, each in value.items()}
        case list() | tuple():
            return [_finite(each, strange) for each in value]
        case _:
            return value


def plain_of(node: Node) -> Plain:
    """Return a tree as plain values."""
    match node:
        case Mapping(entries):
            return {key.text: plain_of(value) for key, value in entries}
        case Sequence(items):
            return [plain_of(item) for item in items]
        case Scalar(text, False):
            return text
        case Scalar(text):
            if node.is_null:
                return None
            if NUMERAL.fullmatch(text):
                return float(text) if "." in text else int(text)
            return TRUTH.get(text.lower(), text)
