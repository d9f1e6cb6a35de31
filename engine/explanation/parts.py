"""Why not: every part of every rule that could conclude something, with its truth; deciding parts come first.

In: the name of a definition and the valuation of a case. Out: a tree of branches that leads through findings
and conditions down to answers. A definition used in several places is expanded only at its first
occurrence. The brief tree folds every part whose truth differs from that of its parent, since it decides
nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from engine.explanation.branch import DEEPEST, Branch, compared, inner_part, line_of_score, named, scored
from engine.meaning.holds import Truth, holds, passes
from engine.meaning.valuation import Valuation
from engine.model.names import kind_of, name_of
from engine.model.parts import All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored
from engine.model.scores import Points
from engine.words.rule_text import name_text, written

WRITTEN = ("rule", "asked", "scope", "inconsistency", "disagreement", "text", "class")
"""Kinds of definitions that an author wrote as a part, which is shown as written."""
MOST_NAMED = 6
"""Maximum number of folded names in a line."""


@dataclass
class Opened:
    """Expands definitions for one case, each once; completely unless `brief`."""

    case: Valuation
    brief: bool = False
    shown: set[str] = field(default_factory=set)
    depth: int = 0

    def of(self, name: str) -> Branch:
        """A definition with all its parts."""
        if name in self.shown or self.depth > DEEPEST:
            return named(name, self.case, elsewhere="above" if name in self.shown else "deeper")
        self.shown.add(name)
        return named(name, self.case, tuple(self._below(name)))

    def _below(self, name: str) -> Iterator[Branch]:
        """The lines below a definition: the parts of a rule, or the rules for a conclusion."""
        part = self.case.prepared.definitions[name]
        if isinstance(part, All | AnyOf) and kind_of(name) not in WRITTEN:
            yield from self._concluding(part, self.case.value(name))
        elif isinstance(part, All):
            yield from (self._beside(each, self.case.value(name)) for each in part.parts)
        else:
            yield self._part(part)

    def _concluding(self, whole: All | AnyOf, truth: Truth) -> Iterator[Branch]:
        """What a conclusion follows from: first what decides it; the rest is one line per truth value."""
        deciding = [each for each in whole.parts if holds(each, self.case) is truth]
        others = [each for each in whole.parts if each not in deciding]
        yield from map(self._part, deciding)
        if not self.brief or len(others) < 2 or isinstance(whole, All):
            yield from (self._beside(each, truth) for each in others)
            return
        for state in (None, False):
            names = [
                name_text(each.name) for each in others if isinstance(each, Ref) and self._is(each, state)
            ]
            if names:
                yield Branch("folded", "", _enumerated(names, state), state, elsewhere="folded")

    def _is(self, part: Part, truth: Truth) -> bool:
        return holds(part, self.case) is truth

    def _beside(self, part: Part, truth: Truth) -> Branch:
        """The line of a part inside something with this truth; a brief tree folds those that differ."""
        if not self.brief or self._is(part, truth):
            return self._part(part)
        own = holds(part, self.case)
        match part:
            case Ref(name):
                line = named(name, self.case, elsewhere="above" if name in self.shown else "folded")
            case Answered(question, test):
                line = compared(question, test, own, self.case)
                line = replace(line, elsewhere="folded" if self._may_not_apply(part) else "")
            case Scored():
                line = replace(scored(part, own, self.case, ()), elsewhere="folded")
            case _:
                line = Branch("part", "", written(part), own, elsewhere="folded")
        return line if isinstance(part, Always) or not part.span.line else replace(line, place=part.span)

    def _part(self, part: Part) -> Branch:
        """The line of a part with its place in the source, and everything below it."""
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
                return compared(question, test, truth, self.case, tuple(self._applies(part)))
            case Scored(score):
                lines = self.case.score(score).lines
                below = [
                    line_of_score(
                        line, self.case, (self._part(line.when),) if isinstance(line, Points) else ()
                    )
                    for line in lines
                ]
                return scored(part, truth, self.case, tuple(below))
            case Count(_, int(), parts):
                return inner_part(part, truth, tuple(map(self._part, parts)))
            case All(parts) | AnyOf(parts) | Count(parts=parts):
                return inner_part(part, truth, tuple(self._beside(each, truth) for each in parts))
            case Not(inner):
                return inner_part(part, truth, (self._part(inner),))
            case Always():
                return inner_part(part, truth, ())
            case _:
                assert_never(part)

    def _applies(self, part: Answered) -> Iterator[Branch]:
        """Whether the question applies, if the comparison depends on that."""
        if self._may_not_apply(part):
            yield self.of(name_of("asked", part.question))

    def _may_not_apply(self, part: Answered) -> bool:
        """Whether the answer leaves the comparison open, and the question does not certainly apply."""
        if passes(part.test, self.case.answers.get(part.question)) is not None:
            return False
        return self.case.value(name_of("asked", part.question)) is not True


def _enumerated(names: list[str], truth: Truth) -> str:
    """Folded names in one line, at most `MOST_NAMED`."""
    rules = [name.removeprefix("rule: ") for name in names]
    more = f" and {len(rules) - MOST_NAMED} more" if len(rules) > MOST_NAMED else ""
    state = "open" if truth is None else "ruled out"
    return f"{len(rules)} more {state}: {', '.join(rules[:MOST_NAMED])}{more}"
