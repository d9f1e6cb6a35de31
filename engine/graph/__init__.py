"""The rule graph: from answers through rules to conclusions, left to right.

In: a prepared knowledge base, and names or a case. Out: a graph, which `svg` and `mermaid` draw. The graph of
the whole base omits its rules (`overview`), the graph of a part shows every part of each rule, and the graph
of a case shows what fired and what is open.
"""

from engine.graph.case import graph_of_case, with_truth
from engine.graph.mermaid import mermaid
from engine.graph.model import Edge, Graph, Node
from engine.graph.part import graph_of
from engine.graph.svg import MOST_DRAWN, svg

__all__ = ["MOST_DRAWN", "Edge", "Graph", "Node", "graph_of", "graph_of_case", "mermaid", "svg", "with_truth"]
