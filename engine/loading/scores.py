"""Scores: sums of points, as published for clinical scores.

In: the entries of the `scores` sections and the questionnaire. Out: scores by name, with points in integer
ticks; `lines_of` takes the lines of another score. A score with a problem is marked unsound, so that bounds
on it are not reported as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import islice

from engine.loading.parts import PartReader
from engine.loading.reader import Reader
from engine.loading.score_lines import LineReader
from engine.model.scores import Line, Score
from facts.problem import quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence

MAX_LINES = 10_000
"""Maximum number of lines of a score, together with those of other scores."""


@dataclass
class ScoreReader:
    """Reads scores. `parts` reads each `when` and has the questionnaire."""

    reader: Reader
    parts: PartReader
    found: dict[str, Score] = field(default_factory=dict)

    def scores(self, entries: Iterable[tuple[Scalar, Node]]) -> dict[str, Score]:
        """All scores by name."""
        written = {key.text: (key, node) for key, node in entries}
        for name in self._order(written):
            before = self.reader.noted
            lines = LineReader(self.reader, self.parts)
            self.found[name] = self._score(*written[name], lines)
            if self.reader.noted > before or lines.is_lacking:
                self.reader.unsound.add(("scores", name))
        return {name: self.found[name] for name in written}

    def _order(self, written: Mapping[str, tuple[Scalar, Node]]) -> list[str]:
        """The scores, each after those whose lines it takes. A cycle is reported and left out."""
        takes = {name: dict(_taken(node)) for name, (_, node) in written.items()}
        while True:
            graph = {name: [other for other in takes[name] if other in written] for name in written}
            try:
                return list(TopologicalSorter(graph).static_order())
            except CycleError as error:
                way: list[str] = error.args[1][::-1]
            first, following = way[0], way[1]
            message = f"score {quote(first)} takes its own lines"
            if first != following:
                message += f", through {', '.join(map(quote, way[1:-1]))}"
            at = takes[first].pop(following)
            self.reader.report("cycle", message, at.span, "write the lines out in one of them")

    def _score(self, key: Scalar, node: Node, reader: LineReader) -> Score:
        fields = self.reader.entry(key, node, "score", ("parts",), ("text", "claims", "ours", "classes"))
        items = self.reader.items(fields.get("parts"), "add a line of points")
        found = ((line, at) for at, item in enumerate(items, 1) for line in self._lines(item, reader))
        lines = list(islice(found, MAX_LINES + 1))
        if len(lines) > MAX_LINES:
            message = f"score {quote(key.text)} has more than {MAX_LINES} lines"
            self.reader.report("too-large", message, key.span, "split it into several scores")
        self.reader.flag(fields, "ours")
        claims = self.reader.name_list(fields.get("claims"), "claims", "claim")
        return Score(
            key.text,
            self.reader.text(fields, "text"),
            tuple(line for line, _ in lines),
            claims,
            key.span,
            tuple(at for _, at in lines),
        )

    def _lines(self, node: Node, reader: LineReader) -> Iterator[Line]:
        if not isinstance(node, Map) or node.get("lines_of") is None:
            yield from reader.lines(node)
            return
        fields = self.reader.fields(node, "a line of a score with `lines_of`", ("lines_of",))
        for name, _ in self.reader.placed(fields.get("lines_of"), "scores", "score"):
            reader.is_lacking |= ("scores", name) in self.reader.unsound
            if name in self.found:
                yield from self.found[name].lines


def _taken(node: Node) -> Iterator[tuple[str, Scalar]]:
    """The names of the scores whose lines a score takes, each with its place."""
    parts = node.get("parts") if isinstance(node, Map) else None
    for item in parts.items if isinstance(parts, Sequence) else (parts,):
        named = item.get("lines_of") if isinstance(item, Map) else None
        for each in named.items if isinstance(named, Sequence) else (named,):
            if isinstance(each, Scalar):
                yield each.text, each
