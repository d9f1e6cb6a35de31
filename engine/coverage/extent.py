"""The full extent of a part in its file, from its recorded place to the end of its value.

In: a part with its span, and the lines of the file. Out: ranges of lines. A compound part covers only its
keyword, such as `any`; one without a keyword covers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from engine.model.parts import (
    BOUNDS,
    All,
    Always,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Count,
    Not,
    Part,
    Ref,
    Scored,
)
from facts.problem import Span

WORD = re.compile(r"[\w-]+")
BEFORE_A_NAME = re.compile(
    r"(?:(?:finding|condition|advice|triage_at_least)\s*:\s*|class\s*:\s*{\s*[\w-]+\s*:\s*\[?\s*)$"
)
BEFORE_A_NUMBER = re.compile(rf"(?:{'|'.join(BOUNDS)})\s*:\s*\[?\s*$")
SUPPORT = re.compile(r"\s*:\s*[\w-]+")
COLON = re.compile(r"""["']?\s*:""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range in a line: 1-based line, 0-based columns, `end` exclusive."""

    line: int
    start: int
    end: int


def stretches(part: Part, lines: Sequence[str]) -> list[Stretch]:
    """The ranges that a part occupies in its file."""
    if isinstance(part, Always) or not 0 < part.span.line <= len(lines):
        return []
    line = lines[part.span.line - 1]
    match part:
        case All() | AnyOf() | Not() | Count():
            return [_own(part.span)] if WORD.fullmatch(line, *_columns(part.span)) else []
        case Ref():
            return [_named(part.span, line)]
        case Answered(name, Bound() | ChosenBound()) | Scored(name):
            return [_bound(name, part.span, line)]
        case Answered():
            return list(_with_value(part.span, lines))
        case _:
            assert_never(part)


def _columns(span: Span) -> tuple[int, int]:
    return span.column - 1, span.end - 1


def _own(span: Span) -> Stretch:
    return Stretch(span.line, *_columns(span))


def _named(span: Span, line: str) -> Stretch:
    """A name, with its keyword before it and its support, or the other classes of a list, after it."""
    found = _from_word(span, line, BEFORE_A_NAME)
    support = SUPPORT.match(line, found.end)
    end = support.end() if support else found.end
    is_list = "[" in line[found.start : found.end]
    return Stretch(found.line, found.start, line.find("]", end) + 1 or end if is_list else end)


def _bound(name: str, span: Span, line: str) -> Stretch:
    """A bound with its word and, if it is the only bound of its question or score, with that name."""
    own = _from_word(span, line, BEFORE_A_NUMBER)
    if line[span.column - 1] == "[":
        own = Stretch(own.line, own.start, line.find("]", own.end) + 1 or own.end)
    before = re.search(rf"{re.escape(name)}\s*:\s*{{\s*$", line[: own.start])
    after = re.match(r"\s*}", line[own.end :])
    if before is None or after is None:
        return own
    return Stretch(span.line, before.start(), own.end + after.end())


def _from_word(span: Span, line: str, word: re.Pattern[str]) -> Stretch:
    """A value with the keyword before it."""
    start, end = _columns(span)
    found = word.search(line[:start])
    return Stretch(span.line, found.start() if found else start, end)


def _with_value(span: Span, lines: Sequence[str]) -> Iterator[Stretch]:
    """A key with its value, which may extend over several lines: in brackets, or as a list below the key."""
    line, (start, end) = lines[span.line - 1], _columns(span)
    colon = COLON.match(line, end)
    begin = colon.end() if colon else end
    to, depth = _value_end(line, begin, 0)
    yield Stretch(span.line, start, to)
    is_list = to == begin
    for number, line in enumerate(lines[span.line :], span.line + 1):
        at = len(line) - len(line.lstrip())
        if not depth and not (is_list and _is_below(line, at, start)):
            return
        to, depth = _value_end(line, at, depth)
        if to > at:
            yield Stretch(number, at, to)


def _is_below(line: str, at: int, key: int) -> bool:
    """Whether a line starting at column `at` belongs to the key at column `key`; lists need no indent."""
    return at > key or (at == key and line.startswith("- ", at))


def _value_end(line: str, start: int, depth: int) -> tuple[int, int]:
    """The end of a value that starts or continues at `start`, and the number of brackets still open there."""
    quote = ""
    for at in range(start, len(line)):
        each = line[at]
        if quote:
            quote = "" if each == quote else quote
        elif each in "\"'":
            quote = each
        elif each in "[{":
            depth += 1
        elif depth == 0 and each in ",]}":
            return len(line[:at].rstrip()), 0
        elif each in "]}":
            depth -= 1
        elif each == "#" and line[at - 1 : at].isspace():
            return len(line[:at].rstrip()), depth
    return len(line.rstrip()), depth
