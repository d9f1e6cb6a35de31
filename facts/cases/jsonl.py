"""Read cases from JSON lines: one object per line.

In: a stream of bytes. Out: a case or its problems for every line that is not blank. The standard library
parses each line fast but without positions; if there is a problem, `facts.trees.json_tree` parses the line
again to locate it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from facts.case import Case, Read, Unread
from facts.cases.origin import Origin
from facts.paths import nothing_in
from facts.plain import NOWHERE, word
from facts.problem import Span
from facts.trees.json_tree import no_constant, parse_json
from facts.trees.lines import Line, read_lines
from facts.trees.tree import Mapping, Node, Scalar, Sequence
from facts.trees.yaml_tree import MAX_DEPTH

HELP = "write each case as one JSON object on one line"


def read_jsonl(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """Yield the cases of a stream of JSON lines."""
    is_empty = True
    for line in read_lines(stream, origin.file):
        read = read_line(line, origin)
        if read is not None:
            is_empty = False
            yield read
    if is_empty:
        yield Unread([nothing_in(origin.file)])


def read_line(line: Line, origin: Origin) -> Read | None:
    """Return the case on a line, or None if it is blank."""
    if line.problem:
        return [line.problem]
    return _case(line, origin) if line.text.strip() else None


def _case(line: Line, origin: Origin) -> Read:
    entries = quick_entries(line.text)
    if entries is not None:
        span = Span(origin.file, line.number, 1, len(line.text) + 1, line.text)
        read = origin.case(Mapping(entries, span), line.number)
        if isinstance(read, Case):
            return read
    nodes, problems = parse_json(line.text, origin.file, line.number, HELP)
    return origin.case(nodes[0], line.number, problems) if nodes else problems


def quick_entries(text: str) -> tuple[tuple[Scalar, Node], ...] | None:
    """Return the entries of a JSON object without positions, or None if the line needs the slower parser."""
    if text.count("{") + text.count("[") > MAX_DEPTH or "\\ud" in text or "\\uD" in text:
        return None
    try:
        node = QUICK.decode(text)
    except ValueError:
        return None
    return node.entries if isinstance(node, Mapping) else None


def _number(text: str) -> Scalar:
    return word(text, True)


def _object(pairs: list[tuple[str, object]]) -> Mapping:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key appears twice")
    return Mapping(tuple((word(key), _node(value)) for key, value in pairs), NOWHERE)


def _node(value: object) -> Node:
    match value:
        case str():
            return word(value)
        case Scalar() | Mapping():
            return value
        case list():
            return Sequence(tuple(_node(item) for item in value), NOWHERE)
        case _:
            return word("null" if value is None else "true" if value else "false", True)


QUICK = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_number, parse_float=_number, parse_constant=no_constant
)
