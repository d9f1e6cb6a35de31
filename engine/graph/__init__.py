"""The rule graph: answers, what rules make of them, and what follows, from left to right.

In: a prepared knowledge base, and what the graph is about or a case. Out: a graph, which `svg` and `mermaid`
draw. The whole base is drawn without its rules (`overview`), a part of it with every part of its rules, and
a case with what fired and what is open.
"""

from engine.graph.case import graph_of_case, with_truth
from engine.graph.mermaid import mermaid
from engine.graph.model import Edge, Graph, Node
from engine.graph.part import graph_of
from engine.graph.svg import MOST_DRAWN, svg

__all__ = ["MOST_DRAWN", "Edge", "Graph", "Node", "graph_of", "graph_of_case", "mermaid", "svg", "with_truth"]
