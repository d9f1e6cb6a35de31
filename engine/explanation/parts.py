"""Why not: every part of every rule that could conclude something, with its truth, nothing cut short.

In: the name of a definition and the valuation of a case. Out: a tree of branches that goes through findings
and conditions down to answers. What stands in several places is opened in the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.exhaustive import assert_never
from engine.explanation.branch import DEEPEST, Branch, compared, inner_part, line_of_score, named, scored
from engine.meaning import holds
from engine.parts import All, Always, Answered, AnyOf, AtLeast, Not, Part, Ref, Scored
from engine.scores import Points
from engine.valuation import Valuation

WRITTEN = ("rule:", "asked:", "scope", "inconsistency:", "disagreement:", "text:")
"""The definitions that somebody wrote as a part, which is shown as it is written."""


@dataclass
class Opened:
    """Opens definitions for one case, each once."""

    case: Valuation
    shown: set[str] = field(default_factory=set)
    depth: int = 0

    def of(self, name: str) -> Branch:
        """A definition with all that it is made of."""
        if name in self.shown or self.depth > DEEPEST:
            return named(name, self.case, elsewhere="above" if name in self.shown else "deeper")
        self.shown.add(name)
        return named(name, self.case, tuple(self._below(name)))

    def _below(self, name: str) -> Iterator[Branch]:
        """The lines below a definition: of a rule what it needs, of a conclusion the rules for it."""
        match self.case.prepared.definitions[name]:
            case All(parts):
                yield from map(self._part, parts)
            case AnyOf(parts) if not name.startswith(WRITTEN):
                yield from map(self._part, parts)
            case part:
                yield self._part(part)

    def _part(self, part: Part) -> Branch:
        """The line of a part, with its place where it was written, and all below it."""
        self.depth += 1
        line = self._line(part)
        self.depth -= 1
        return line if isinstance(part, Always) or not part.span.line else replace(line, place=part.span)

    def _line(self, part: Part) -> Branch:
        truth = holds(part, self.case)
        match part:
            case Ref(name):
                return self.of(name)
            case Answered(question, test):
                return compared(question, test, truth, self.case, tuple(self._applies(question)))
            case Scored(score):
                lines = self.case.score(score).lines
                below = [
                    line_of_score(
                        line, self.case, (self._part(line.when),) if isinstance(line, Points) else ()
                    )
                    for line in lines
                ]
                return scored(part, truth, self.case, tuple(below))
            case All(parts) | AnyOf(parts) | AtLeast(_, parts):
                return inner_part(part, truth, tuple(map(self._part, parts)))
            case Not(inner):
                return inner_part(part, truth, (self._part(inner),))
            case Always():
                return inner_part(part, truth, ())
            case _:
                assert_never(part)

    def _applies(self, question: str) -> Iterator[Branch]:
        """Whether a question without an answer applies, where it does not for sure."""
        asked = f"asked:{question}"
        if not self.case.is_answered(question) and self.case.value(asked) is not True:
            yield self.of(asked)
