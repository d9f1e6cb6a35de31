"""Definitions that depend on themselves, each group reported once with its shortest cycle.

In: a knowledge base and its definitions. Out: a problem for each cycle, at the part that continues it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from engine.meaning.definitions import parts_of
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import NOWHERE, Answered, Part, Ref, Scored
from engine.model.scores import Points, Score
from facts.problem import Problem, Span, quote

MAX_CYCLES = 20
MAX_STEPS = 12

Links = dict[str, dict[str, Span]]


def cycles(
    kb: KnowledgeBase, named: Mapping[str, Part], declared: Mapping[str, Mapping[str, Span]]
) -> Iterator[Problem]:
    """A problem for each cycle that shares no definition with another; at most `MAX_CYCLES`."""
    links = {name: dict(_links(part, kb)) for name, part in named.items()}
    links |= {name_of("score", name): dict(_score_links(score, kb)) for name, score in kb.scores.items()}
    order = {name: at for at, name in enumerate(links)}
    for _ in range(MAX_CYCLES):
        found = _any_cycle(links)
        if not found:
            return
        start = min(found, key=lambda name: (kind_of(name) not in ("rule", "asked"), order[name]))
        way = _shortest(links, start)
        yield _problem(way, links, declared)
        told = {_spoken(name) for name in way}
        links = {name: to for name, to in links.items() if _spoken(name) not in told}


def _links(part: Part, kb: KnowledgeBase) -> Iterator[tuple[str, Span]]:
    """The names that a part reads, each with its place."""
    for each in parts_of(part):
        match each:
            case Ref(name, span):
                yield name, span
            case Answered(question, _, span) if question in kb.asked_when:
                yield name_of("asked", question), span
            case Scored(score, _, span):
                yield name_of("score", score), span


def _score_links(score: Score, kb: KnowledgeBase) -> Iterator[tuple[str, Span]]:
    for line in score.lines:
        if isinstance(line, Points):
            yield from _links(line.when, kb)
        elif line.question in kb.asked_when:
            yield name_of("asked", line.question), score.span


def _any_cycle(links: Links) -> list[str]:
    try:
        TopologicalSorter(links).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def _shortest(links: Links, start: str) -> list[str]:
    """The names on the shortest cycle through `start`. There must be one."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while start not in before:
        name = waiting.popleft()
        for following in links.get(name, ()):
            if following not in before:
                before[following] = name
                waiting.append(following)
    way = [before[start]]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def _problem(way: list[str], links: Links, declared: Mapping[str, Mapping[str, Span]]) -> Problem:
    steps = [name for name in way if kind_of(name) != "advice"]
    told = [_step(name, after) for name, after in zip(steps, [*steps[1:], steps[0]], strict=True)]
    if len(told) > MAX_STEPS:
        told[MAX_STEPS - 2 : -2] = [f"... ({len(told) - MAX_STEPS} more) ..."]
    first = _spoken(steps[0])
    message = f"{first} depends on itself: it {told[0]}, {', '.join(f'which {each}' for each in told[1:])}"
    if len(told) == 1:
        message = f"{first} depends on itself: it {told[0]}"
    span = links[way[0]][way[1 % len(way)]]
    if span == NOWHERE:
        kind, name, _ = parsed(steps[0])
        sections = {"asked": "questions", "triage": "triage", "give": "advice", "hold": "advice"}
        span = declared[sections.get(kind, f"{kind}s")][name]
    return Problem("cycle", message, span, "make one of them read answers instead")


VERBS = {
    "rule": "reads",
    "asked": "is asked depending on",
    "score": "counts",
    "give": "is given by",
    "hold": "is held back by",
}


def _step(name: str, after: str) -> str:
    """How a definition leads to the next, in the user's words."""
    kind, following = kind_of(name), kind_of(after)
    if kind in ("give", "hold") and following != "rule":
        return f"is shown with {_spoken(after)}"
    return f"{VERBS.get(kind, 'comes from')} {_spoken(after)}"


def _spoken(name: str) -> str:
    kind, called, _ = parsed(name)
    words = {"asked": "question", "triage": "level", "give": "advice", "hold": "advice"}
    return f"{words.get(kind, kind)} {quote(called)}"
