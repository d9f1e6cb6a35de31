"""A prepared knowledge base, and the truth of every name for one case.

`prepare` does the work that all cases share. A `Valuation` is a fact base that evaluates names on demand with
`holds`; a target that has already fired the rules passes their truth as `known`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.meaning.definitions import conclusions, definitions, hosts, parts_of, reads
from engine.meaning.holds import Truth, holds
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import Answered, Part, Scored
from engine.model.scores import Points, Score
from facts.vocabulary import Answer, Unknown

DEEPEST = 10
"""Maximum depth of recursive evaluation. Longer chains are evaluated from the bottom without recursion."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A knowledge base with its definitions, the rules for each conclusion, and the order of asking.

    `advising` maps `give:ITEM` and `hold:ITEM` to the rules that give or hold the item, including those of
    its hosts, in `rule_order`. `clashing` maps `asked:QUESTION` (answered though it does not apply) and
    `inconsistency:NAME` to the questions concerned.
    """

    kb: KnowledgeBase
    definitions: Mapping[str, Part]
    rules_for: Mapping[str, list[str]]
    ask_order: Mapping[str, int]
    rule_order: Mapping[str, int]
    advising: Mapping[str, list[str]]
    clashing: Mapping[str, tuple[str, ...]]


def prepare(kb: KnowledgeBase) -> Prepared:
    """Everything about a knowledge base that does not depend on a case."""
    named = definitions(kb)
    order: dict[str, int] = {}
    for question in kb.questions:
        _place(question, kb, named, order)
    rule_order, rules_for = {id: at for at, id in enumerate(kb.rules)}, conclusions(kb)
    about = [(item, kind) for item in kb.advice for kind in ("give", "hold")]
    advising = {
        name_of(kind, item): sorted(set(_rules_about(kind, item, kb, rules_for)), key=rule_order.__getitem__)
        for item, kind in about
    }
    return Prepared(kb, named, rules_for, order, rule_order, advising, _clashing(kb, named))


def _rules_about(
    kind: str, item: str, kb: KnowledgeBase, rules_for: Mapping[str, list[str]]
) -> Iterator[str]:
    """The rules that give or hold an item, including those of its hosts."""
    yield from rules_for.get(name_of(kind, item), [])
    for host in hosts(kb.advice[item].shown_with):
        if kind_of(host.name) == "advice":
            yield from _rules_about(kind, parsed(host.name).name, kb, rules_for)


def _clashing(kb: KnowledgeBase, named: Mapping[str, Part]) -> dict[str, tuple[str, ...]]:
    """The questions concerned in each clash, in the order of the questionnaire."""
    order = {question: at for at, question in enumerate(kb.questions)}
    concerned = {name_of("asked", question): {question} for question in kb.asked_when}
    concerned |= {name_of("inconsistency", name): set() for name in kb.consistency}
    found = {name: own | questions_of(name, kb, named) for name, own in concerned.items()}
    return {name: tuple(sorted(each, key=order.__getitem__)) for name, each in found.items()}


def _place(question: str, kb: KnowledgeBase, named: Mapping[str, Part], order: dict[str, int]) -> None:
    """Number a question after the questions that its `asked_when` reads."""
    waiting = [question]
    while waiting:
        current = waiting[-1]
        before = [] if current in order else questions_of(name_of("asked", current), kb, named)
        early = [each for each in kb.questions if each in before] if before else []
        missing = [each for each in early if each not in order and each != current]
        if missing:
            waiting += reversed(missing)
            continue
        waiting.pop()
        order.setdefault(current, len(order))


def questions_of(name: str, kb: KnowledgeBase, named: Mapping[str, Part]) -> set[str]:
    """The questions that a definition reads, directly or through other definitions."""
    return questions_in(named[name], kb, named) if name in named else set()


def questions_in(part: Part, kb: KnowledgeBase, named: Mapping[str, Part]) -> set[str]:
    """The questions that a part reads, directly or through definitions."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [part]
    while waiting:
        part = waiting.pop()
        found |= set(_own_questions(part, kb))
        for ref in reads(part, kb):
            if ref.name not in seen:
                seen.add(ref.name)
                waiting.append(named[ref.name])
    return found


def _own_questions(part: Part, kb: KnowledgeBase) -> Iterator[str]:
    for each in parts_of(part):
        if isinstance(each, Answered):
            yield each.question
        elif isinstance(each, Scored):
            for line in kb.scores[each.score].lines:
                if isinstance(line, Points):
                    yield from _own_questions(line.when, kb)
                else:
                    yield line.question


@dataclass
class Valuation:
    """The truth of every name for one case; implements `engine.meaning.holds.FactBase`.

    `behind` caches the open questions that an open name depends on, for `engine.meaning.asking`.
    """

    prepared: Prepared
    answers: Mapping[str, Answer]
    known: dict[str, Truth] = field(default_factory=dict)
    depth: int = field(default=0, compare=False, repr=False)
    behind: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def value(self, name: str) -> Truth:
        """The truth of a name. A question without `asked_when` always applies."""
        if name not in self.known:
            part = self.prepared.definitions.get(name)
            if part is not None and self.depth >= DEEPEST:
                self._from_below(name)
            else:
                self.depth += 1
                self.known[name] = True if part is None else holds(part, self)
                self.depth -= 1
        return self.known[name]

    def _from_below(self, name: str) -> None:
        """Evaluate a name after everything that it reads, without recursion, so that chains can have any
        length.
        """
        waiting = [name]
        while waiting:
            part = self.prepared.definitions.get(waiting[-1])
            read = () if part is None else reads(part, self.prepared.kb)
            missing = [ref.name for ref in read if ref.name not in self.known]
            if missing:
                waiting += missing
                continue
            self.known[waiting.pop()] = True if part is None else holds(part, self)

    def score(self, name: str) -> Score:
        """The score with this name."""
        return self.prepared.kb.scores[name]

    def is_answered(self, question: str) -> bool:
        """Whether anything is known about the question; "I don't know" does not count."""
        answer = self.answers.get(question)
        return not (answer is None or isinstance(answer, Unknown) or answer == {})
