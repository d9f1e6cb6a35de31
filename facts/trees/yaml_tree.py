"""Parse YAML into trees with source positions.

In: bytes, and the name of the file. Out: one tree per document, and problems. Scalars keep words as written.
Tags, anchors and aliases are rejected, and size and depth are limited, because files may come from an
untrusted source. Only this module and `yaml_layout` import PyYAML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from facts.problem import Problem, Span, quote
from facts.trees.text import MAX_BYTES, Source, decode, source_of, stranger
from facts.trees.tree import Mapping, Node, Scalar, Sequence, describe
from facts.trees.yaml_errors import Complaint, syntax_problem

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Source",
    "decode",
    "describe",
    "read_yaml",
]

MAX_DEPTH = 40
MAX_NODES = 1_000_000
MAX_PROBLEMS = 1_000

# Characters that YAML forbids or that control a terminal, but that escapes can produce.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def read_yaml(data: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """Return the documents of a YAML file up to the first syntax error, and the problems."""
    text = decode(data, file, MAX_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    source = source_of(file, text)
    problem = stranger(text, source)
    if problem is not None:
        return [], [problem]
    builder = _built(source, text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if any("nesting depth" in problem.message for problem in builder.problems):
        # The C parser reads so far ahead that it fails before reporting where the deep nesting begins.
        builder = _built(source, text, yaml.SafeLoader)
    return builder.documents, builder.problems


def _built(source: Source, text: str, loader: type) -> _Builder:
    """Build the trees with one of PyYAML's two parsers, up to the first syntax error."""
    builder = _Builder(source)
    try:
        builder.read(text, loader)
    except (yaml.YAMLError, OverflowError, ValueError) as error:
        builder.problems.append(syntax_problem(_complaint(error, builder)))
    except _Refused as refused:
        builder.problems.append(refused.problem)
    return builder


def _complaint(error: Exception, builder: _Builder) -> Complaint:
    def span(mark: yaml.Mark | None) -> Span:
        if mark is None:
            return Span(builder.source.file)
        return builder.source.span(mark.line + 1, mark.column + 1)

    if not isinstance(error, yaml.MarkedYAMLError):
        return Complaint("the text cannot be parsed", "", span(None), span(None), None)
    here = span(error.problem_mark or error.context_mark)
    begun = span(error.context_mark or error.problem_mark)
    return Complaint(error.problem or "", error.context or "", here, begun, builder.opened())


class _Refused(Exception):
    """Stops parsing with a problem."""

    def __init__(self, code: str, message: str, span: Span, help: str) -> None:
        self.problem = Problem(code, message, span, help)


class _Builder:
    """Builds trees from parser events, without recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self.problems: list[Problem] = []
        self.stack: list[tuple[yaml.Event, list[Node]]] = []
        self.siblings = self.documents
        self.count = 0
        self.takes: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._start,
            yaml.SequenceEndEvent: self._sequence,
            yaml.MappingStartEvent: self._start,
            yaml.MappingEndEvent: self._mapping,
            yaml.AliasEvent: self._alias,
        }

    def read(self, text: str, loader: type) -> None:
        takes = self.takes
        for event in yaml.parse(text, Loader=loader):
            take = takes.get(type(event))
            if take is not None:
                take(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor or event.tag:
            self._refuse_decorations(event)
        span = self._span(event)
        # Only double-quoted scalars have escapes, the only source of forbidden characters at this point.
        if event.style == '"':
            self._refuse_control(event.value, span)
        self._add(Scalar(event.value, not event.style, span))

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if event.anchor or event.tag:
            self._refuse_decorations(event)
        self.siblings = []
        self.stack.append((event, self.siblings))
        if len(self.stack) > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise _Refused("too-deep", message, self._span(event), "nest it less deeply")

    def _sequence(self, _: yaml.SequenceEndEvent) -> None:
        start, items = self._end()
        self._add(Sequence(tuple(items), self._span(start)))

    def _mapping(self, _: yaml.MappingEndEvent) -> None:
        start, items = self._end()
        self._add(Mapping(self._entries(items), self._span(start)))

    def _alias(self, event: yaml.AliasEvent) -> None:
        span = self._span(event)
        self._report("alias", f"alias {quote('*' + str(event.anchor))} is not read", span)
        self._add(Scalar("", True, span))

    def _end(self) -> tuple[yaml.Event, list[Node]]:
        ended = self.stack.pop()
        self.siblings = self.stack[-1][1] if self.stack else self.documents
        return ended

    def _add(self, node: Node) -> None:
        self.siblings.append(node)
        self.count += 1
        if self.count > MAX_NODES:
            raise _Refused("too-large", f"more than {MAX_NODES} values", node.span, "split the file")

    def opened(self) -> Span | None:
        """Return the place of the innermost open bracket, if any."""
        flow = (start for start, _ in reversed(self.stack) if getattr(start, "flow_style", False))
        start = next(flow, None)
        return self._span(start) if start else None

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        line, column, to = start.line, start.column, None
        if end.column > column and end.line == line:
            to = end.column + 1
        elif isinstance(event, yaml.ScalarEvent) and not event.value:
            to = column + 2
        return self.source.span(line + 1, column + 1, to)

    def _refuse_control(self, value: str, span: Span) -> None:
        control = CONTROL.search(value)
        if control:
            message = f"the text contains the control character U+{ord(control.group()):04X}"
            self._report("yaml-character", message, span, "remove it")

    def _refuse_decorations(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            help = "remove it, and write the value out wherever it is needed"
            self._report("alias", f"anchor {quote('&' + event.anchor)} is not read", self._span(event), help)
        if getattr(event, "tag", None) not in (None, "!"):
            self._report("tag", "a tag is not read", self._span(event), "remove the tag")

    def _report(self, code: str, message: str, span: Span, help: str = "write the value out") -> None:
        self._note(Problem(code, message, span, help))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            message = "there are too many problems to read on"
            raise _Refused("too-many", message, problem.span, "fix the problems above first")

    def _entries(self, items: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._report("key", f"{describe(key)} cannot be a key", key.span, "use one word as the key")
            elif key.text in entries:
                first = entries[key.text][0].span
                help = "remove or rename one of the two"
                message = f"key {quote(key.text)} appears twice"
                self._note(Problem("duplicate-key", message, key.span, help, first, key.text))
            else:
                entries[key.text] = (key, value)
        return tuple(entries.values())
