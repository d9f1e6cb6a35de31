"""Read the lines of a file one at a time, each as text or with the problem that makes it unreadable.

Lines end with LF or CRLF. A line that is too long is skipped without being held in memory. For UTF-16 and
compressed files, only the first line is returned, with a problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Protocol

from facts.problem import WIDTH, Problem, Span
from facts.trees.text import decode, no_text

MAX_LINE = 8 * 1024 * 1024


class Readable(Protocol):
    """A source of lines: an open file, or its blocks."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line with its end, or its first `size` bytes."""


class Stream(Readable, Protocol):
    """A source of blocks."""

    def read(self, size: int, /) -> bytes:
        """Read up to `size` bytes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; `problem` says why it is unreadable."""

    number: int
    text: str
    problem: Problem | None = None


def read_lines(stream: Readable, file: str, first: int = 1) -> Iterator[Line]:
    """Yield every line of a stream whose first line has the number `first`; only one line is in memory at a
    time.
    """
    for number in count(first):
        data = stream.readline(MAX_LINE + 1)
        if not data:
            return
        if number == 1 and (problem := no_text(data, file)):
            yield Line(1, "", problem)
            return
        if is_long(data):
            _skip(stream, data)
            yield _too_long(data, file, number)
        else:
            yield line_of(data, file, number)


def line_of(data: bytes, file: str, number: int) -> Line:
    """Decode the bytes of one line, with or without its end."""
    return _too_long(data, file, number) if is_long(data) else _line(data.rstrip(b"\r\n"), file, number)


def is_long(data: bytes) -> bool:
    """Whether a line is too long, without its end."""
    return len(data) - data.endswith(b"\n") > MAX_LINE


def _line(data: bytes, file: str, number: int) -> Line:
    text = decode(data, file)
    if isinstance(text, str):
        return Line(number, text)
    column, shown = text.span.column, data.decode("utf-8", "replace")
    span = Span(file, number, column, column + 1, shown)
    return Line(number, shown, replace(text, span=span))


def _skip(stream: Readable, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = stream.readline(MAX_LINE)


def _too_long(data: bytes, file: str, number: int) -> Line:
    start = data[:WIDTH].decode("utf-8", "replace")
    message = f"the line has more than {MAX_LINE // 2**20} MB"
    span = Span(file, number, 0, 0, f"{start}…")
    return Line(number, start, Problem("line-too-long", message, span, "write one case per line"))
