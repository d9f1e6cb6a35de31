"""Parse JSON into a tree with source positions.

In: bytes or text, and the name of the file. Out: the tree, and problems; no tree if the syntax is invalid.
Numbers keep their digits as written, a duplicate key is a problem, and nesting depth is limited. The standard
library decodes scalars; this parser handles the structure.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NoReturn

from facts.problem import Problem, Span, quote
from facts.trees.text import MAX_BYTES, decode
from facts.trees.tree import Mapping, Node, Scalar, Sequence
from facts.trees.yaml_tree import MAX_DEPTH

HELP = "check the quotes, commas and brackets; a file with one object per line must be called `.jsonl`"
SPACE = re.compile(r"[ \t\r\n]*")
WORD = re.compile(r"[^\s,:\[\]{}\"]*")
SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(data: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """Return the value of a JSON file in a list, and problems. The list is empty if the file is empty or
    invalid.
    """
    text = decode(data, file, MAX_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    return parse_json(text, file) if text.strip() else ([], [])


def parse_json(text: str, file: str, first: int = 1, help: str = HELP) -> tuple[list[Node], list[Problem]]:
    """Parse a text that starts at line `first` of the file; otherwise like `read_json`. `help` is used for
    syntax errors.
    """
    parser = _Parser(text, file, first, help)
    try:
        node = parser.value(0)
        if parser.peek():
            parser.refuse("there is more text after the value")
    except _Refused as refused:
        return [], [*parser.problems, refused.problem]
    return [node], parser.problems


def no_constant(word: str) -> NoReturn:
    """Reject `NaN` and `Infinity`, which Python accepts but JSON does not allow. Raises `ValueError`."""
    raise ValueError(word)


SCALAR = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=no_constant)


class _Refused(Exception):
    """Stops parsing with a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Parser:
    """A position in the text, and the problems found before it."""

    def __init__(self, text: str, file: str, first: int, help: str) -> None:
        self.text, self.file, self.first, self.help = text, file, first, help
        self.at = 0
        self.lines = text.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self.problems: list[Problem] = []

    def value(self, depth: int) -> Node:
        """Parse the value at the current position, nested in `depth` brackets."""
        opening, start = self.peek(), self.at
        if opening not in ("{", "["):
            return self.scalar()
        if depth >= MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise _Refused(Problem("too-deep", message, self.span(start, start + 1), "nest it less deeply"))
        if opening == "{":
            entries = self.entries(depth + 1)
            return Mapping(entries, self.span(start, self.at))
        items = tuple(self.value(depth + 1) for _ in self.members("]"))
        return Sequence(items, self.span(start, self.at))

    def members(self, closing: str) -> Iterator[None]:
        """Yield at the start of each member until the closing bracket; the caller parses the member."""
        self.at += 1
        if self.peek() == closing:
            self.at += 1
            return
        while True:
            yield
            found = self.peek()
            if found not in (",", closing):
                self.refuse(f"`,` or `{closing}` is missing")
            self.at += 1
            if found == closing:
                return

    def entries(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        """Parse the entries of an object; for a duplicate key, keep the first."""
        entries: dict[str, tuple[Scalar, Node]] = {}
        for _ in self.members("}"):
            if self.peek() != '"':
                self.refuse("a key in double quotes is missing")
            key = self.scalar()
            if self.peek() != ":":
                self.refuse("`:` is missing after a key")
            self.at += 1
            first, _ = entries.setdefault(key.text, (key, self.value(depth)))
            if first is not key:
                message, help = f"key {quote(key.text)} appears twice", "remove or rename one of the two"
                self.problems.append(Problem("duplicate-key", message, key.span, help, first.span))
        return tuple(entries.values())

    def scalar(self) -> Scalar:
        """Parse a string, a number, `true`, `false` or `null`."""
        start = self.at
        quoted = self.text.startswith('"', start)
        try:
            value, self.at = SCALAR.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            said = error.msg.removesuffix(" at").rstrip(": ").lower() if quoted else self.stranger()
            self.refuse(said, error.pos)
        except ValueError as constant:
            self.refuse(f"`{constant}` is not a number")
        text = value if quoted else self.text[start : self.at]
        if SURROGATE.search(text):
            self.refuse("half of a surrogate pair is not a character", start, "write the character itself")
        return Scalar(text, not quoted, self.span(start, self.at))

    def stranger(self) -> str:
        """Describe the text found instead of a value."""
        word = WORD.match(self.text, self.at)
        if word and word.group():
            return f"{quote(word.group())} is not a value; put texts in quotes"
        return "a value is missing" if self.peek() else "the text ends too early"

    def peek(self) -> str:
        """Skip whitespace and return the next character, or "" at the end."""
        space = SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def refuse(self, said: str, at: int | None = None, help: str = "") -> NoReturn:
        """Stop with a syntax error at the current or the given position."""
        at = self.at if at is None else at
        raise _Refused(
            Problem("json-syntax", f"not valid JSON: {said}", self.span(at, at + 1), help or self.help)
        )

    def span(self, start: int, end: int) -> Span:
        """Return the place from `start` to `end`, cut at the end of the line."""
        index = bisect_right(self.starts, start) - 1
        begin, line = self.starts[index], self.lines[index]
        return Span(self.file, self.first + index, start - begin + 1, min(end - begin, len(line)) + 1, line)
