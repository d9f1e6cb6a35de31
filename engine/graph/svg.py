"""A graph as a self-contained picture, for a file or for embedding in a page.

In: a graph. Out: SVG. What fired has strong lines, what is open has dashed lines, and all states can be told
apart without colour. The SVG has no ids and its style is scoped, so that a page may contain several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from unicodedata import combining, east_asian_width

from engine.graph.layout import Layout, laid_out
from engine.graph.model import Edge, Graph, Kind, Node
from engine.output.html import rendered
from facts.problem import printable

TEMPLATE = Path(__file__).with_name("graph.svg")
WIDTH, NARROW = 250.0, 116.0
"""Width of a box, and of a box that holds a gate."""
GAP, MARGIN, HEAD = 64.0, 16.0, 44.0
LINE, PAD = 15.0, 8.0
TITLE_SIZE, TEXT_SIZE = 30, 36
"""Maximum number of characters per line of a title, and of a text."""
MOST_LINES = 3
STATES = {"fired": "holds", "open": "open", "blocked": "does not hold", "": ""}


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its lines and its position."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    title: Sequence[tuple[float, str]]
    text: Sequence[tuple[float, str]]
    tip: str

    @property
    def middle(self) -> float:
        """The height at which edges start and end."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge as a path and an arrowhead; `ahead` is 1 if it leads to the right, -1 if it leads back."""

    edge: Edge
    path: str
    x: float
    y: float
    ahead: int
    tip: str


MOST_DRAWN = 3_000
"""Maximum number of boxes and arrows together: still readable, and laid out in a second or two."""


def svg(graph: Graph, inline: bool = False) -> str:
    """The picture; `inline` for embedding in HTML."""
    lines = {node.id: _lines(node) for node in graph.nodes}
    layout = laid_out(graph, {name: _height(*each) for name, each in lines.items()})
    left, width = _columns(graph, layout)
    boxes = {node.id: _box(node, *lines[node.id], layout, left) for node in graph.nodes}
    return rendered(
        TEMPLATE,
        graph=graph,
        boxes=boxes.values(),
        arrows=[_arrow(each, boxes, layout, left) for each in graph.edges],
        width=width + 2 * MARGIN,
        height=layout.height + HEAD + 2 * MARGIN,
        inline=inline,
        legend=_legend(graph),
    )


def _legend(graph: Graph) -> str:
    """A legend for the marks that the picture uses."""
    states = {node.state for node in graph.nodes}
    marks = {"fired": "strong: holds", "open": "dashed: open", "blocked": "thin and grey: does not hold"}
    said = [text for state, text in marks.items() if state in states]
    said += ["circle: must not hold"] if any(edge.opposite for edge in graph.edges) else []
    return (
        " · ".join(said)
        if graph.nodes
        else ("nothing to draw: nothing fires, and nothing is close to firing")
    )


def _lines(node: Node) -> tuple[list[str], list[str]]:
    size = 14 if node.kind == "gate" else TITLE_SIZE
    return wrapped(node.title, size), wrapped(node.text, TEXT_SIZE)


def _height(title: Sequence[str], text: Sequence[str]) -> float:
    return 2 * PAD + LINE * (len(title) + len(text))


def _columns(graph: Graph, layout: Layout) -> tuple[dict[int, tuple[float, float]], float]:
    """The start and width of each column, and the total width."""
    widths: dict[int, float] = {}
    for node in graph.nodes:
        at = layout.column[node.id]
        widths[at] = max(widths.get(at, 0), _width(node.kind))
    left, x = {}, 0.0
    gap = GAP + min(120.0, len(graph.edges) / 4)
    for at in range(1 + max(widths, default=-1)):
        left[at] = (x + MARGIN, widths[at])
        x += widths[at] + gap
    return left, max(x - gap, 2 * WIDTH)


def _width(kind: Kind) -> float:
    return NARROW if kind == "gate" else WIDTH


def _box(
    node: Node,
    title: Sequence[str],
    text: Sequence[str],
    layout: Layout,
    left: dict[int, tuple[float, float]],
) -> Box:
    start, room = left[layout.column[node.id]]
    width, height = _width(node.kind), _height(title, text)
    x, y = start + (room - width) / 2, layout.middle[node.id] - height / 2 + HEAD + MARGIN
    rows = [y + PAD + LINE * (at + 0.78) for at in range(len(title) + len(text))]
    tip = "\n".join(filter(None, (node.kind, node.title, node.text, node.more, STATES[node.state])))
    titles = list(zip(rows, title, strict=False))
    return Box(
        node=node,
        x=x,
        y=y,
        width=width,
        height=height,
        title=titles,
        text=list(zip(rows[len(title) :], text, strict=True)),
        tip=tip,
    )


def _arrow(edge: Edge, boxes: dict[str, Box], layout: Layout, left: dict[int, tuple[float, float]]) -> Arrow:
    start, end = boxes[edge.start], boxes[edge.end]
    leads_back = start.x > end.x
    x, y = (end.x + end.width + 8 if leads_back else end.x - 8), end.middle
    at = (start.x if leads_back else start.x + start.width, start.middle)
    path = [f"M{at[0]:.1f} {at[1]:.1f}"]
    for column, middle in layout.bends[edge]:
        begins, width = left[column]
        near, far = (begins + width, begins) if leads_back else (begins, begins + width)
        height = middle + HEAD + MARGIN
        path += [_curve(at, (near, height)), f"H{far:.1f}"]
        at = (far, height)
    path.append(_curve(at, (x, y)))
    tip = f"{start.node.title} → {'not: ' if edge.opposite else ''}{end.node.title}"
    tip = "\n".join(filter(None, (tip, ", ".join(edge.rules))))
    return Arrow(edge, "".join(path), x, y, -1 if leads_back else 1, tip)


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    half = (start[0] + end[0]) / 2
    return f"C{half:.1f} {start[1]:.1f} {half:.1f} {end[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def wrapped(text: str, size: int, most: int = MOST_LINES) -> list[str]:
    """The text in lines of about `size` characters, cut after `most` lines."""
    lines = list(islice(_broken(printable(text[: 2 * size * most]), size), most + 1))
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: size - 1].rstrip()}…"]


def _broken(text: str, size: int) -> Iterator[str]:
    """Lines that end between words; a word longer than a line is broken."""
    line = ""
    for word in text.split():
        while taken(word) > size:
            fitting = _fitting(word, size)
            if line:
                yield line
                line = ""
            yield word[:fitting]
            word = word[fitting:]
        if line and taken(line) + 1 + taken(word) > size:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line


def _fitting(word: str, size: int) -> int:
    """The number of characters of a long word that fit in a line: up to a dash if it has one, at least 1."""
    most = next((at for at in range(min(len(word), size + 1), 1, -1) if taken(word[:at]) <= size), 1)
    dash = 1 + max(word.rfind(each, 0, most) for each in "-_")
    return dash if dash > most // 2 else most


def taken(text: str) -> int:
    """The width of a text in characters: wide ones count twice, combining ones not at all."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
