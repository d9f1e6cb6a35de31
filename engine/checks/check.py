"""What a check is, and what it examines.

A check is a pure function from an examined knowledge base to problems. Its documentation is its page: why the
finding matters, and two texts, one with the fault and one without, which are also its tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from engine.checks.boxes import Answers, Sides, boxes
from engine.checks.comments import Comments
from engine.checks.written import all_read
from engine.meaning.definitions import reads, with_properties
from engine.meaning.valuation import Prepared, prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Always, Not, Part
from facts.case import Case
from facts.problem import Problem, Span

if TYPE_CHECKING:
    from engine.columns.seen import Seen


@dataclass(frozen=True, eq=False)
class Examined:
    """A knowledge base with data derived for the checks; costly data is computed once, on first use.

    `cases` are those in its `cases` folder, empty without such a folder; None means that cases were not
    loaded.
    """

    kb: KnowledgeBase
    path: str
    cases: tuple[Case, ...] | None = None
    comments: Comments = field(default_factory=Comments)
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The lines of the files, by the file names that spans have."""
    known: tuple[str, ...] = ()
    """The ids of everything that a comment may allow."""
    looked_for: tuple[str, ...] = ()
    """Those of them that were looked for, so that a comment that allows none of them is not needed."""
    found: tuple[Problem, ...] = ()
    """The findings of the earlier checks, allowed or not."""

    @cached_property
    def prepared(self) -> Prepared:
        """The knowledge base prepared for evaluation."""
        return prepare(self.kb)

    @cached_property
    def definitions(self) -> Mapping[str, Part]:
        """The meaning of each name, including safety properties."""
        return with_properties(self.kb)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names, each after those that it reads."""
        graph = {
            name: [ref.name for ref in reads(part, self.kb) if ref.name in self.definitions]
            for name, part in self.definitions.items()
        }
        return tuple(TopologicalSorter(graph).static_order())

    @cached_property
    def read(self) -> frozenset[str]:
        """Everything that the knowledge base reads: `question:NAME`, `score:NAME`, names of definitions."""
        return all_read(self.kb)

    @cached_property
    def answers(self) -> Answers:
        """The answers that pass and fail each test, cached."""
        return Answers(self.kb)

    @cached_property
    def boxes(self) -> Mapping[str, Sides]:
        """The answers necessary for each name to be true, and to be false."""
        return boxes(self.answers, self.definitions, self.order)

    @cached_property
    def truths(self) -> Seen:
        """The truth of every name in each case, in the order of the cases."""
        from engine.columns import truth_of
        from facts.tables.canonical import frame_of

        names = list(self.prepared.definitions)
        return truth_of(self.prepared, frame_of(self.cases or (), self.kb.questions), names)

    @cached_property
    def open_everywhere(self) -> tuple[str, ...]:
        """The rules that every case leaves open."""
        if not self.cases:
            return ()
        names = [(id, name_of("rule", id)) for id in self.kb.rules]
        return tuple(
            id for id, name in names if not any(self.truths.ever(name, each) for each in (True, False))
        )

    @cached_property
    def without_open(self) -> Examined:
        """The same knowledge base, as if the rules that every case leaves open could never fire."""
        never = {id: replace(self.kb.rules[id], when=Not(Always())) for id in self.open_everywhere}
        return replace(self, kb=replace(self.kb, rules={**self.kb.rules, **never}))

    def place(self, section: str, name: str) -> Span:
        """The place where a name is declared."""
        return self.kb.places[section][name]


@dataclass(frozen=True, slots=True)
class Check:
    """A check; `pages/ID.md` says why it matters, and has a text with the fault and one without."""

    id: str
    function: Callable[[Examined], Iterable[Problem]] = field(repr=False)


Problems = Iterator[Problem]


def finding(code: str, message: str, span: Span, help: str, earlier: Span | None = None) -> Problem:
    """A finding of a check: not an error, but worth a look."""
    return Problem(code, message, span, help, earlier, severity="warning")
