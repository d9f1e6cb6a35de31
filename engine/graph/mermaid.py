"""A graph as Mermaid text, which many wikis and code hosts draw.

In: a graph. Out: a flowchart. Characters that could end a label or start other syntax are written as
entities.
"""

from __future__ import annotations

from engine.graph.model import Edge, Graph, Kind, Node
from facts.problem import printable

SHAPES: dict[Kind, tuple[str, str]] = {
    "answer": ("([", "])"),
    "gate": ("{{", "}}"),
    "score": ("[/", "/]"),
    "finding": ("[", "]"),
    "rule": (">", "]"),
    "condition": ("[[", "]]"),
    "level": ("[[", "]]"),
    "advice": ("[", "]"),
    "other": ("[", "]"),
}
CLASSES = (
    "classDef fired stroke:#111,stroke-width:3px,font-weight:bold",
    "classDef open stroke:#555,stroke-width:1.5px,stroke-dasharray:5 4",
    "classDef blocked stroke:#bbb,stroke-width:1px,color:#888",
)
PLAIN = " _,.?:()[]/'-+"
ARROWS = {"": "-->", "fired": "==>", "open": "-.->", "blocked": "-->"}
OPPOSITE = {"": "--x", "fired": "==x", "open": "-.-x", "blocked": "--x"}


def mermaid(graph: Graph) -> str:
    """The text of a flowchart from left to right."""
    ids = {node.id: f"n{at}" for at, node in enumerate(graph.nodes, 1)}
    lines = ["flowchart LR", f"  accTitle: {_title(graph.title)}"]
    lines += [f"  {ids[node.id]}{_box(node)}" for node in graph.nodes]
    lines += [f"  {ids[edge.start]} {_arrow(edge)} {ids[edge.end]}" for edge in graph.edges]
    lines += [f"  {each}" for each in CLASSES if any(node.state for node in graph.nodes)]
    return "\n".join(lines) + "\n"


def _box(node: Node) -> str:
    before, behind = SHAPES[node.kind]
    title, text = entities(node.title), entities(node.text)
    label = f"{title}<br/>{text}" if text else title
    shown = f'{before}"{label}"{behind}'
    return f"{shown}:::{node.state}" if node.state else shown


def _arrow(edge: Edge) -> str:
    return f"{OPPOSITE[edge.state]}|not|" if edge.opposite else ARROWS[edge.state]


def _title(text: str) -> str:
    """A title in one line of plain words, because Mermaid does not decode entities in titles."""
    kept = "".join(each if each.isalnum() or each in " _-.,:" else " " for each in printable(text))
    return " ".join(kept.split()) or "rule graph"


def entities(text: str) -> str:
    """A text in which no character has a special meaning in Mermaid or HTML."""
    return "".join(c if c.isalnum() or c in PLAIN or ord(c) > 127 else f"#{ord(c)};" for c in printable(text))
