"""Why something holds or is ruled out: the proof in experta's trace, from the conclusion down to answers.

In: the name of a definition, an engine that has run, and the resulting valuation. Out: a tree of branches in
which every line follows from the lines below it. A definition used in several places is proved only once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.experta_target import Engine, Firing
from engine.explanation.branch import DEEPEST, Branch, compared, inner_part, line_of_score, named, scored
from engine.meaning.network import MOST, Compare, Gate, Keeps, Literal, Total
from engine.meaning.valuation import Valuation
from engine.model.names import kind_of, parsed
from engine.model.parts import Count, Not, Ref, Scored


@dataclass
class Proof:
    """Builds proofs from one run of the engine."""

    engine: Engine
    case: Valuation
    fired: dict[str, Firing] = field(init=False)
    shown: set[str] = field(default_factory=set)
    depth: int = 0

    def __post_init__(self) -> None:
        self.fired = {firing.name: firing for firing in self.engine.trace}

    def of(self, name: str) -> Branch:
        """The proof that a definition is true or false; an open definition has no inner branches."""
        if name in self.shown or self.depth > DEEPEST:
            return named(name, self.case, elsewhere="above" if name in self.shown else "deeper")
        self.shown.add(name)
        return named(name, self.case, tuple(self._used(name)))

    def _used(self, name: str) -> Iterator[Branch]:
        """The facts that a firing used, one per line; for a gate, its literals, with `not` if inverted."""
        firing, node = self.fired.get(name), self.engine.network.nodes[name]
        if firing is None:
            return
        used = {literal.node: Literal(literal.node) for literal in firing.used}
        literals = list(used.values())
        if isinstance(node, Gate):
            agree = (each for each in node.literals if self.engine.is_true(each) is firing.value)
            literals = [each for each in agree if each.node in used]
        self.depth += 1
        for literal in literals:
            yield from self._side(literal)
        self.depth -= 1

    def _side(self, literal: Literal) -> Iterator[Branch]:
        lines = self._line(literal.node)
        node = self.engine.network.nodes[literal.node]
        if literal.positive:
            yield from lines
        elif isinstance(node, Gate) and literal.node.endswith(MOST):
            counted = Count(0, node.count - 1, tuple(Ref(each.node) for each in node.literals))
            yield inner_part(counted, self.engine.is_true(literal), tuple(self._used(literal.node)))
        else:
            yield inner_part(Not(Ref(literal.node)), self.engine.is_true(literal), tuple(lines))

    def _line(self, name: str) -> Iterator[Branch]:
        """The lines of a node of a firing; for an inner `any` or `all`, the parts that decided it."""
        node = self.engine.network.nodes[name]
        match node:
            case Compare(question, test):
                below = tuple(self._used(name))
                yield compared(question, test, self.engine.truth[name], self.case, below)
            case Gate() if kind_of(name) == "part":
                below = tuple(self._used(name))
                if any(each.node == name + MOST for each in node.literals):
                    yield inner_part(self._exactly(name), self.engine.truth[name], below)
                else:
                    yield from below if node.is_any or node.is_all else [self._counted(name, node, below)]
            case Keeps(total, bound):
                score = parsed(total).name
                lines = tuple(self._scored(total))
                yield scored(Scored(score, bound), self.engine.truth[name], self.case, lines)
            case Gate() | Total():
                yield self.of(name)

    def _exactly(self, name: str) -> Count:
        """The `exactly` of a gate that is true if enough parts hold, and not one more."""
        too_many = self.engine.network.nodes[name + MOST]
        assert isinstance(too_many, Gate)
        most = too_many.count - 1
        return Count(most, most, tuple(Ref(each.node) for each in too_many.literals))

    def _counted(self, name: str, node: Gate, below: tuple[Branch, ...]) -> Branch:
        counted = Count(node.count, None, tuple(Ref(each.node) for each in node.literals))
        return inner_part(counted, self.engine.truth[name], below)

    def _scored(self, total: str) -> Iterator[Branch]:
        """The lines of a score; a line that counts a part comes with the reason."""
        node = self.engine.network.nodes[total]
        assert isinstance(node, Total)
        for line, literal in zip(node.score.lines, node.lines, strict=True):
            known = literal is not None and self.engine.is_true(literal) is not None
            below = tuple(self._side(literal)) if literal is not None and known else ()
            yield line_of_score(line, self.case, below)
