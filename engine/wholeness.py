"""What only shows in the whole knowledge base: cycles, names no rule reaches, rules of two articles.

In: a knowledge base whose names all resolve. Out: problems; an empty list lets it be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.definitions import conclusions, definitions, hosts, parts_of, reads
from engine.meaning import contribution
from engine.model import SUPPORT, TICKS, KnowledgeBase, Part, Points, Ref, Score, Scored, Triages
from facts.problem import Problem, Span, quoted

MAX_TICKS = 2**62

WholeCheck = Callable[[KnowledgeBase, Mapping[str, Part]], Iterator[Problem]]


def whole(kb: KnowledgeBase, declared: Mapping[str, Mapping[str, Span]]) -> list[Problem]:
    """All problems of the whole; `declared` says where each name of each section stands."""
    named = definitions(kb)
    cycles = list(_cycles(kb, named))
    return cycles or [
        *_unreached(kb, declared),
        *_two_articles(kb),
        *_scores(kb, named),
    ]


def _cycles(kb: KnowledgeBase, named: Mapping[str, Part]) -> Iterator[Problem]:
    """Each group of definitions that depend on themselves, once, with the way round."""
    links = {name: {ref.name: ref.span for ref in reads(part, kb)} for name, part in named.items()}
    done: set[str] = set()
    for start in named:
        way: list[str] = []
        stack = [(start, iter(links[start]))] if start not in done else []
        way += [start] if stack else []
        while stack:
            name, follow = stack[-1]
            following = next((each for each in follow if each not in done), None)
            if following is None:
                done.add(name)
                stack.pop()
                way.pop()
            elif following in way:
                yield _cycle(way[way.index(following) :], links, kb)
                return
            else:
                stack.append((following, iter(links[following])))
                way.append(following)


def _cycle(way: list[str], links: Mapping[str, Mapping[str, Span]], kb: KnowledgeBase) -> Problem:
    first = next((at for at, name in enumerate(way) if name.startswith(("rule:", "asked:"))), 0)
    turned = [*way[first:], *way[:first]]
    steps = [_spoken(name) for name in [*turned, turned[0]]]
    kind, _, name = turned[0].partition(":")
    span = kb.rules[name].span if kind == "rule" else kb.questions[name].span if kind == "asked" else Span("")
    return Problem(
        "cycle",
        f"{steps[0]} depends on itself",
        span,
        f"the way round: {' reads '.join(steps)}; let one of them read answers instead",
    )


def _spoken(name: str) -> str:
    kind, _, rest = name.partition(":")
    words = {"rule": "rule", "asked": "`asked_when` of", "finding": "finding", "condition": "condition"}
    words |= {"triage": "level", "advice": "advice", "give": "giving", "hold": "holding"}
    return f"{words.get(kind, kind)} `{rest}`"


def _unreached(kb: KnowledgeBase, declared: Mapping[str, Mapping[str, Span]]) -> Iterator[Problem]:
    """Findings, conditions, levels and items that no rule concludes, and parts that ask for them."""
    rules = conclusions(kb)
    given = {name for name, item in kb.advice.items() if hosts(item.shown_with)}
    reached = {key.rpartition(":")[0] if key.startswith("condition:") else key for key in rules}
    reached |= {f"give:{name}" for name in given}
    wanted = (("findings", "finding"), ("conditions", "condition"), ("triage", "triage"), ("advice", "give"))
    for section, kind in wanted:
        for name, span in declared.get(section, {}).items():
            if f"{kind}:{name}" not in reached:
                what = {"triage": "level", "give": "advice"}.get(kind, kind)
                message = f"no rule concludes {what} `{name}`"
                yield Problem("unreached", message, span, "write a rule for it, or remove it")
    yield from _unreached_support(kb, rules)


def _unreached_support(kb: KnowledgeBase, rules: Mapping[str, list[str]]) -> Iterator[Problem]:
    for part in (each for rule in kb.rules.values() for each in parts_of(rule.when)):
        if isinstance(part, Ref) and part.name.startswith("condition:"):
            _, name, support = part.name.split(":")
            stronger = SUPPORT[SUPPORT.index(support) :] if support in SUPPORT else ()
            if not any(rules.get(f"condition:{name}:{grade}") for grade in stronger):
                message = f"no rule concludes condition `{name}` with support `{support}` or stronger"
                yield Problem("unreached", message, part.span, "ask for a weaker support")


def _two_articles(kb: KnowledgeBase) -> Iterator[Problem]:
    for rule in kb.rules.values():
        sources = sorted({kb.source_of(claim) for claim in rule.claims})
        if len(sources) > 1 and any(isinstance(each, Triages) for each in rule.then):
            message = f"triage rule `{rule.id}` cites {len(sources)} articles, {quoted(sources)}"
            yield Problem(
                "two-articles", message, rule.span, "write one rule an article, each with its claims"
            )


class _Open:
    """A case of which nothing is known, to see what a score can reach."""

    answers: Mapping[str, bool] = {}

    def value(self, name: str) -> None:
        """Nothing is known."""

    def score(self, name: str) -> Score:
        """Not asked for."""
        raise KeyError(name)


def _scores(kb: KnowledgeBase, named: Mapping[str, Part]) -> Iterator[Problem]:
    reach = {name: score_range(score) for name, score in kb.scores.items()}
    for name, (low, high) in reach.items():
        if max(-low, high) > MAX_TICKS:
            message = f"score `{name}` can exceed {MAX_TICKS // TICKS} points"
            yield Problem("threshold-range", message, kb.scores[name].span, "use smaller points or ranges")
    lines = [line.when for score in kb.scores.values() for line in score.lines if isinstance(line, Points)]
    for part in (inner for outer in [*named.values(), *lines] for inner in parts_of(outer)):
        if isinstance(part, Scored):
            low, high = reach[part.score]
            if not low <= part.bound.threshold <= high:
                message = (
                    f"score `{part.score}` is from {points(low)} to {points(high)},"
                    f" so `{points(int(part.bound.threshold))}` is out of its range"
                )
                span = kb.scores[part.score].span
                yield Problem("threshold-range", message, part.span, earlier=span)


def score_range(score: Score) -> tuple[int, int]:
    """The lowest and highest sum that a score can have for any case, in ticks."""
    ends = [
        (min(0, each.ticks), max(0, each.ticks)) if isinstance(each, Points) else contribution(each, _Open())
        for each in score.lines
    ]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def points(ticks: int) -> int | float:
    """Ticks as points, whole where they are whole."""
    return ticks // TICKS if ticks % TICKS == 0 else ticks / TICKS
