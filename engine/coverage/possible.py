"""The truths with which a part can decide its rule at all, so that no impossible case is required.

In: a part with its siblings and enclosing parts, and the necessary answers for each name of the knowledge
base. Out: whether answers can make the part true, or false, while all other parts leave the decision to it.
Whatever is reported as impossible is impossible; the rest may be impossible as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from itertools import pairwise

from engine.checks.boxes import Answers, Box, Sides, boxes, sides, some
from engine.coverage.shape import Placed
from engine.meaning.definitions import definitions, reads
from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import AnyOf, Count, Part


class Possible:
    """Answers what can be true in a knowledge base; the necessary answers are computed on first use."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self._answers = Answers(kb)

    @cached_property
    def _boxes(self) -> Mapping[str, Sides]:
        named = definitions(self.kb)
        graph = {
            name: [ref.name for ref in reads(part, self.kb) if ref.name in named]
            for name, part in named.items()
        }
        return boxes(self._answers, named, TopologicalSorter(graph).static_order())

    def decides(self, parts: Sequence[Placed], at: int, truth: bool, there: Part | None = None) -> bool:
        """Whether a part can decide its rule with this truth, in some case in which `there` holds."""
        needed = [self._side(parts[at].part, truth), *self._around(parts, at)]
        if there is not None:
            needed.append(self._side(there, True))
        return None not in needed and some(len(needed), needed) is not None

    def _side(self, part: Part, truth: bool) -> Box | None:
        both = sides(part, self._answers, lambda name: self._boxes.get(name, Sides({}, {})))
        return both.true if truth else both.false

    def _around(self, parts: Sequence[Placed], at: int) -> Iterator[Box | None]:
        """The necessary answers for the siblings of a part, and for the siblings of each part that encloses
        it.
        """
        path = (*parts[at].above, at)
        for around, inside in pairwise(path):
            beside = [i for i, part in enumerate(parts) if part.above[-1:] == (around,) and i != inside]
            true, false = ([self._side(parts[i].part, truth) for i in beside] for truth in (True, False))
            match parts[around].part:
                case AnyOf():
                    yield from false
                case Count(turns=turns):
                    least, most = min(turns), max(turns)
                    yield some(least, true) if least else {}
                    yield some(len(beside) - most, false) if most < len(beside) else {}
                case _:
                    yield from true
