"""Read cases from YAML and JSON files, which are parsed as a whole.

In: a stream of bytes. Out: each case or its problems, then the problems of the file. A case is a document, an
item of a list, or an item of a list under `cases`. A problem inside a case rejects only that case.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from facts.case import Case, NoCase, Read, Unread
from facts.cases.origin import Origin
from facts.paths import nothing_in
from facts.problem import Problem, Span, in_order
from facts.trees.json_tree import SCALAR, read_json
from facts.trees.text import LINE_END, MAX_BYTES
from facts.trees.tree import Mapping, Node, Scalar
from facts.trees.tree import Sequence as SequenceNode
from facts.trees.yaml_tree import read_yaml

MARK = re.compile(r"^(?:---|\.\.\.)(?!\S)", re.MULTILINE)
"""The end of a YAML document."""
DASH = re.compile(r"\n\s*-\s*\Z")
"""The dash of the next list item, at the end of a case's text."""
LINE_FEED = re.compile("\n")
Reader = Callable[[bytes, str], tuple[list[Node], list[Problem]]]
UNREADABLE = (
    "yaml-syntax",
    "yaml-character",
    "json-syntax",
    "too-deep",
    "too-large",
    "too-many",
    "not-utf8",
    "compressed",
)


def read_yaml_cases(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """Yield the cases of a YAML file."""
    return _cases(stream, origin, read_yaml, written=True)


def read_json_cases(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """Yield the cases of a JSON file."""
    return _cases(stream, origin, read_json, written=False)


def _cases(stream: BinaryIO, origin: Origin, read: Reader, written: bool) -> Iterator[Read]:
    size = os.fstat(stream.fileno()).st_size
    if size > MAX_BYTES:
        yield Unread([_too_large(size, origin)])
        return
    data = stream.read(MAX_BYTES + 1)
    documents, problems = read(data, origin.file)
    nodes = [node for document in documents for node in _cases_of(document)]
    of_file, of_case = _shared_out(problems, nodes, documents)
    if not problems and all(isinstance(each, Scalar) and each.is_null for each in documents):
        yield Unread([nothing_in(origin.file)])
    texts, last = _Texts(data, nodes, written), 0
    for at, (node, found) in enumerate(zip(nodes, of_case, strict=True)):
        line, column = node.span.line, node.span.column
        case = origin.case(node, f"{line}:{column}" if line == last else line, found, written)
        yield case if isinstance(case, Case) else NoCase(case, texts.of(at))
        last = line
    if of_file:
        yield Unread(in_order(of_file))


@dataclass
class _Texts:
    """The source texts of the cases in a YAML or JSON file."""

    data: bytes
    nodes: Sequence[Node]
    is_yaml: bool

    @cached_property
    def _text(self) -> str:
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of each case, and the length of the text."""
        end = LINE_END if self.is_yaml else LINE_FEED
        lines = [0, *(found.end() for found in end.finditer(self._text))]
        places = (node.span for node in self.nodes)
        return [*(lines[place.line - 1] + place.column - 1 for place in places), len(self._text)]

    def of(self, number: int) -> str:
        """Return the source text of a case. In YAML it ends before the next case."""
        start, end = self._starts[number : number + 2]
        if self.is_yaml:
            text = DASH.sub("", MARK.split(self._text[start:end])[0]).rstrip()
            return text.rstrip(", ]\n") if text.startswith("{") else text
        return self._text[start : SCALAR.raw_decode(self._text, start)[1]]


def _too_large(size: int, origin: Origin) -> Problem:
    message = (
        f"the file has {size / 2**20:.0f} MB, and at most {MAX_BYTES / 2**20:.0f} MB can be read at once"
    )
    help = "split the file, or write the cases as JSONL or CSV, which are read line by line"
    return Problem("too-large", message, Span(origin.file), help)


def _cases_of(document: Node) -> Iterable[Node]:
    match document:
        case Scalar() if document.is_null:
            return ()
        case SequenceNode(items) | Mapping(entries=((Scalar(text="cases"), SequenceNode(items)),)):
            return items
        case _:
            return (document,)


def _shared_out(
    problems: list[Problem], nodes: list[Node], documents: list[Node]
) -> tuple[list[Problem], list[list[Problem]]]:
    """Assign each problem to the case before it; return the problems of the file, and those of each case."""
    starts = [(node.span.line, node.span.column) for node in nodes]
    roots = [d.entries[0][0].span for d in documents if isinstance(d, Mapping) and _cases_of(d) != (d,)]
    of_file: list[Problem] = []
    of_case: list[list[Problem]] = [[] for _ in nodes]
    for problem in problems:
        at = bisect_right(starts, (problem.span.line, problem.span.column)) - 1
        is_shared = problem.code in UNREADABLE or problem.earlier in roots
        (of_file if at < 0 or is_shared else of_case[at]).append(problem)
    return of_file, of_case
