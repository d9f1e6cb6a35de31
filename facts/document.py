"""YAML text to a tree of scalars, sequences and mappings that knows its positions.

In: bytes or text and the name of the file. Out: one tree a document, and problems. Scalars keep the
words as written: nothing turns into a date, a Boolean or a number here. Tags, anchors and aliases are
refused, and size and depth are limited, since these files may come from anybody. The only module that
uses PyYAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from facts.problem import Problem, Span

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 40

# What YAML 1.1 readers turn into something else when it stands without quotes: https://yaml.org/type/
TWISTED = re.compile(
    r"~|null|yes|no|on|off|true|false|y|n|[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?0x[0-9a-f_]+"
    r"|[-+]?\d[\d_]*(\.[\d_]*)?(e[-+]?\d+)?|[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?|[-+]?\.(inf|nan)"
    r"|\d{4}-\d\d?-\d\d?([Tt ].*)?|=|<<",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read: the name shown to people, and its lines."""

    file: str
    lines: list[str] = field(repr=False, compare=False)

    def span(self, line: int, column: int = 1, end: int | None = None) -> Span:
        """The place at 1-based `line` and `column`; `end` defaults to the end of the line."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Span(self.file, line, column, len(text) + 1 if end is None else end, text)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or text; `plain` when it stands without quotes."""

    text: str
    plain: bool
    span: Span = field(compare=False)

    @property
    def is_null(self) -> bool:
        """Whether nothing is said: empty, `null` or `~` without quotes."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def is_twisted(self) -> bool:
        """Whether a YAML 1.1 reader would take this word for a Boolean, a number, a date or nothing."""
        return self.plain and TWISTED.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order written; no key stands twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span = field(compare=False)

    def get(self, key: str) -> Node | None:
        """The value at `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def describe(node: Node) -> str:
    """A node in a user's words."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar():
            return "nothing" if node.is_null else f"`{node.text}`"


def decode(data: bytes, file: str, limit: int | None = None) -> str | Problem:
    """UTF-8 bytes (with or without a byte order mark) to text, or the problem with them."""
    if limit is not None and len(data) > limit:
        size, most = len(data) / 2**20, limit / 2**20
        return Problem(
            "too-large",
            f"the file has {size:.0f} MB, and at most {most:.0f} MB are read as one document",
            Span(file),
            "split the file, or write the cases as JSONL or CSV, which are read line by line",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        return Problem(
            "not-utf8",
            f"byte {data[error.start]:#04x} is not UTF-8",
            Span(file, line, column),
            "save the file as UTF-8",
        )


def read_yaml(data: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """All documents of a YAML file, as far as they can be read, and the problems met on the way."""
    text = decode(data, file, MAX_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    source = Source(file, text.splitlines())
    builder = _Builder(source)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = source.span(mark.line + 1, mark.column + 1) if mark else Span(file)
        said = error.problem or "it cannot be parsed"
        builder.problems.append(Problem("yaml-syntax", f"not valid YAML: {said}", span, _syntax_help(span)))
    except yaml.reader.ReaderError as error:
        line, column = _place(text, error.position)
        builder.problems.append(
            Problem(
                "yaml-character",
                f"character {int(error.character):#06x} is not allowed in YAML",
                source.span(line, column),
                "remove the character",
            )
        )
    except _TooDeep as too_deep:
        builder.problems.append(
            Problem("too-deep", f"nested deeper than {MAX_DEPTH} levels", too_deep.span, "write it flatter")
        )
    return builder.documents, builder.problems


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yield from yaml.parse(text, Loader=loader)


def _place(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _syntax_help(span: Span) -> str:
    if "\t" in span.source[: span.column]:
        return "indent with spaces, not with tabs"
    if span.source.count(": ") > 1:
        return "put quotes around a text that contains `: `"
    return "check the indentation, the quotes and the brackets of this line and the one before"


class _TooDeep(Exception):
    def __init__(self, span: Span) -> None:
        self.span = span


class _Builder:
    """Builds the trees from the parser's events, without recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self.problems: list[Problem] = []
        self.stack: list[tuple[yaml.Event, list[Node]]] = []

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._refuse_decorations(event)
                self._add(Scalar(event.value, not event.style, self._span(event)))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._refuse_decorations(event)
                self.stack.append((event, []))
                if len(self.stack) > MAX_DEPTH:
                    raise _TooDeep(self._span(event))
            case yaml.SequenceEndEvent():
                start, items = self.stack.pop()
                self._add(Sequence(tuple(items), self._span(start)))
            case yaml.MappingEndEvent():
                start, items = self.stack.pop()
                self._add(Mapping(self._entries(items), self._span(start)))
            case yaml.AliasEvent():
                self._report("alias", f"alias `*{event.anchor}` is not read", self._span(event))
                self._add(Scalar("", True, self._span(event)))

    def _add(self, node: Node) -> None:
        (self.stack[-1][1] if self.stack else self.documents).append(node)

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        same_line = start.line == end.line and end.column > start.column
        return self.source.span(start.line + 1, start.column + 1, end.column + 1 if same_line else None)

    def _refuse_decorations(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._report("alias", f"anchor `&{event.anchor}` is not read", self._span(event))
        if getattr(event, "tag", None) not in (None, "!"):
            self._report("tag", "a tag is not read", self._span(event), "leave the tag out")

    def _report(self, code: str, message: str, span: Span, help: str = "write the value out") -> None:
        self.problems.append(Problem(code, message, span, help))

    def _entries(self, items: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._report("key", f"{describe(key)} cannot be a key", key.span, "use one word as the key")
            elif key.text in entries:
                first = entries[key.text][0].span
                message = f"key `{key.text}` stands twice"
                self.problems.append(
                    Problem("duplicate-key", message, key.span, "remove or rename one of the two", first)
                )
            else:
                entries[key.text] = (key, value)
        return tuple(entries.values())
