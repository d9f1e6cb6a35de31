"""What triage rules may read, so that urgency never falls and each article's own level can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import sources_of
from engine.meaning.definitions import parts_of
from engine.model.knowledge_base import KnowledgeBase, Rule, Triages
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import All, Answered, Count, Not, Part, Ref, Scored
from engine.model.scores import Bands, Points, PointsByOption, Score, Times
from engine.words.rule_text import name_text
from facts.problem import quote

MANY_ANSWERS = 4
ANYBODY = "*"
"""The source of a rule that only gives answers a name."""
MOST_STEPS = 12
"""Maximum number of steps reported on the path to a `not`."""


def not_in_triage(examined: Examined) -> Problems:
    """Triage rules that read a `not`, an upper bound on a score, or a falling score, directly or not."""
    ways: dict[str, str] = {}
    for name in examined.order:
        step = _step(examined.definitions[name], examined.kb, ways)
        if step:
            ways[name] = step
    for rule in _triage_rules(examined.kb):
        if name_of("rule", rule.id) in ways:
            told = ", which reads ".join(_told(name_of("rule", rule.id), ways))
            message = f"triage rule {quote(rule.id)} reads {told}"
            help = "write what must be true instead of what must not, or allow this with the reason"
            yield finding("not-in-triage", message, rule.span, help)


def other_article(examined: Examined) -> Problems:
    """Triage rules that read a finding concluded only by rules of other articles."""
    kb, voices = examined.kb, _voices(examined)
    for rule in _triage_rules(kb):
        own = sources_of(rule, kb)
        for part in parts_of(rule.when) if own else ():
            voice = voices.get(part.name, frozenset(ANYBODY)) if isinstance(part, Ref) else frozenset(ANYBODY)
            if voice.isdisjoint(own | {ANYBODY}) and isinstance(part, Ref):
                message = (
                    f"triage rule {quote(rule.id)} cites {', '.join(sorted(own))} but reads "
                    f"{quote(name_text(part.name))}, which only {', '.join(sorted(voice))} supports"
                )
                help = "read the answers directly, or write a rule that concludes it from this article"
                yield finding("other-article", message, part.span, help)


def many_at_once(examined: Examined) -> Problems:
    """Rules for a red flag that need many answers at once."""
    for rule in _triage_rules(examined.kb):
        parts = rule.when.parts if isinstance(rule.when, All) else ()
        asked = {part.question for part in parts if isinstance(part, Answered)}
        if len(asked) >= MANY_ANSWERS and examined.kb.is_red_flag(rule):
            message = f"rule {quote(rule.id)} for a red flag needs {len(asked)} answers at once"
            help = "most warnings need only one sign: read fewer answers, or allow this with the reason"
            yield finding("many-at-once", message, rule.span, help)


def red_flag_without_signs(examined: Examined) -> Problems:
    """Levels of red flags without `signs` that a page could tell people to watch for."""
    for level in examined.kb.levels.values():
        if level.red_flag and not level.signs:
            message = f"level {quote(level.name)} is for red flags but has no `signs`"
            help = "say when to come back sooner: add `sooner: ...` and `signs: [...]`"
            yield finding("red-flag-without-signs", message, examined.place("triage", level.name), help)


def _triage_rules(kb: KnowledgeBase) -> Iterator[Rule]:
    for rule in kb.rules.values():
        if any(isinstance(each, Triages) for each in rule.then):
            yield rule


def _step(part: Part, kb: KnowledgeBase, ways: Mapping[str, str]) -> str:
    """The name through which a part leads to a `not`, or the `not` itself; empty if neither."""
    for each in parts_of(part):
        match each:
            case Not():
                return "`not`"
            case Count(_, int(), word=word):
                return f"`{word}`"
            case Ref(name) if name in ways:
                return name
            case Scored(score, bound) if not bound.how.is_lower:
                return f"`{bound.comparison}` on score {quote(score)}"
            case Scored(score) if _counts_down(kb.scores[score]):
                return f"score {quote(score)}, which has negative points"
            case _:
                pass
    return ""


def _told(name: str, ways: Mapping[str, str]) -> Iterator[str]:
    """The steps from a name to the `not`, without the rules in between."""
    for _ in range(MOST_STEPS):
        name = ways.get(name, "")
        if name and kind_of(name) != "rule":
            yield quote(name_text(name)) if name in ways else name


def _counts_down(score: Score) -> bool:
    """Whether an answer can lower a score."""
    return any(ticks < 0 for line in score.lines for ticks in _ticks(line))


def _ticks(line: Points | PointsByOption | Times | Bands) -> list[int]:
    match line:
        case Points(ticks) | Times(_, ticks):
            return [ticks]
        case PointsByOption(_, by_option):
            return list(by_option.values())
        case Bands(_, bands):
            return [ticks for _, ticks in bands]


def _voices(examined: Examined) -> dict[str, frozenset[str]]:
    """The articles that support each finding; an `ours` rule has those of the findings that it reads."""
    kb, found = examined.kb, dict[str, frozenset[str]]()
    for name in examined.order:
        kind, id, _ = parsed(name)
        if kind == "rule":
            read = [found[part.name] for part in parts_of(kb.rules[id].when) if isinstance(part, Ref)]
            cited = sources_of(kb.rules[id], kb)
            found[name] = cited or frozenset().union(*read) or frozenset(ANYBODY)
        elif kind == "finding":
            rules = examined.prepared.rules_for[name]
            found[name] = frozenset().union(*(found[name_of("rule", id)] for id in rules))
        else:
            found[name] = frozenset(ANYBODY)
    return found


CHECKS = (
    Check("not-in-triage", not_in_triage),
    Check("other-article", other_article),
    Check("many-at-once", many_at_once),
    Check("red-flag-without-signs", red_flag_without_signs),
)
