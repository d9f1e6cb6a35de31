"""What each name of a knowledge base means: the first pass, from rules to definitions.

In: a knowledge base. Out: a part for every name (`rule:ID`, `asked:QUESTION`, `finding:NAME`,
`condition:NAME:SUPPORT` or stronger, `triage:LEVEL` or above, `give:ITEM`, `hold:ITEM`, `advice:ITEM`
(given), `text:NAME`, `scope`, `inconsistency:NAME`, `disagreement:NAME`,
`class:SCORE:CLASS`). A conclusion is an `any` of its
rules, so everything follows from the rules and what they read. Properties are separate because no assessment
reads them (`with_properties`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import assert_never

from engine.model.knowledge_base import (
    SUPPORT,
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.names import as_kind, kind_of, name_of
from engine.model.parts import All, Always, Answered, AnyOf, Not, Part, Ref, Scored
from engine.model.scores import Points, Score

Definitions = Mapping[str, Part]
LEAVES = (Answered, Ref, Always, Scored)
"""The kinds of parts that contain no other part."""


def definitions(kb: KnowledgeBase) -> dict[str, Part]:
    """Every name with its part, in the order of the knowledge base."""
    rules = conclusions(kb)
    found: dict[str, Part] = {name_of("rule", id): rule.when for id, rule in kb.rules.items()}
    found |= {name_of("asked", question): part for question, part in kb.asked_when.items()}
    found |= {name_of("finding", name): _any(rules[name_of("finding", name)]) for name in kb.findings}
    for name in kb.conditions:
        for at, support in enumerate(SUPPORT):
            stronger = [name_of("condition", name, grade) for grade in SUPPORT[at:]]
            found[name_of("condition", name, support)] = _any([id for key in stronger for id in rules[key]])
    levels = list(kb.levels)
    for at, level in enumerate(levels):
        found[name_of("triage", level)] = _any(
            [id for name in levels[at:] for id in rules[name_of("triage", name)]]
        )
    for name in kb.advice:
        found |= _advice(kb, name, rules)
    found |= {name_of("text", name): text.shown_with for name, text in kb.texts.items()}
    found |= {name_of("inconsistency", name): clash.when for name, clash in kb.consistency.items()}
    found |= {name_of("disagreement", name): entry.when for name, entry in kb.disagreements.items()}
    found |= {name: part for each in kb.classes.values() for name, part in each.definitions()}
    return found | ({"scope": kb.scope.when} if kb.scope else {})


def with_properties(kb: KnowledgeBase) -> dict[str, Part]:
    """The definitions, plus the properties (`property:NAME`, `property:NAME:when`) and what only they read:
    `level:LEVEL` (a rule for exactly this level fired) and `kind:KIND` (an item of this kind is given).
    """
    rules, found = conclusions(kb), definitions(kb)
    found |= {name_of("level", name): _any(rules[name_of("triage", name)]) for name in kb.levels}
    for kind in kb.advice_kinds:
        items = [Ref(name_of("advice", name)) for name, item in kb.advice.items() if item.kind == kind]
        found[name_of("kind", kind)] = AnyOf(tuple(items))
    for name, each in kb.safety.items():
        found |= {name_of("property", name): each.part, name_of("property", name, "when"): each.when}
    return found


def conclusions(kb: KnowledgeBase) -> Mapping[str, list[str]]:
    """The ids of the rules for each conclusion. The key of a condition includes its support or `against`."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for rule in kb.rules.values():
        for conclusion in rule.then:
            for key in keys_of(conclusion):
                found[key][rule.id] = None
    return defaultdict(list, {key: list(rules) for key, rules in found.items()})


def keys_of(conclusion: Conclusion) -> list[str]:
    """The names that a conclusion establishes."""
    match conclusion:
        case Finds(finding):
            return [name_of("finding", finding)]
        case Suspects(condition, support):
            return [name_of("condition", condition, support)]
        case CountsAgainst(condition):
            return [name_of("condition", condition, "against")]
        case Triages(level):
            return [name_of("triage", level)]
        case Gives(items):
            return [name_of("give", item) for item in items]
        case Withholds(items):
            return [name_of("hold", item) for item in items]
        case _:
            assert_never(conclusion)


def _any(rules: list[str]) -> Part:
    return AnyOf(tuple(Ref(name_of("rule", id)) for id in rules))


def _advice(kb: KnowledgeBase, name: str, rules: Mapping[str, list[str]]) -> dict[str, Part]:
    give: list[Part] = [Ref(name_of("rule", id)) for id in rules[name_of("give", name)]]
    hold: list[Part] = [Ref(name_of("rule", id)) for id in rules[name_of("hold", name)]]
    for host in hosts(kb.advice[name].shown_with):
        if kind_of(host.name) == "advice":
            give.append(Ref(as_kind(host.name, "give"), host.span))
            hold.append(Ref(as_kind(host.name, "hold"), host.span))
        else:
            give.append(host)
    given = All((Ref(name_of("give", name)), Not(Ref(name_of("hold", name)))))
    return {
        name_of("give", name): AnyOf(tuple(give)),
        name_of("hold", name): AnyOf(tuple(hold)),
        name_of("advice", name): given,
    }


def hosts(part: Part | None) -> list[Ref]:
    """The names that an item or text is shown with."""
    if isinstance(part, Ref):
        return [part]
    return [each for each in part.parts if isinstance(each, Ref)] if isinstance(part, All | AnyOf) else []


def parts_of(part: Part) -> Iterator[Part]:
    """The part and every part inside it, in the order in which they are written."""
    waiting = [part]
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, Not):
            waiting.append(each.part)
        elif not isinstance(each, LEAVES):
            waiting += reversed(each.parts)


def reads(part: Part, kb: KnowledgeBase) -> Iterator[Ref]:
    """The names that a part reads directly: other definitions, and `asked:` of its questions."""
    for each in parts_of(part):
        match each:
            case Ref():
                yield each
            case Answered(question, _, span) if question in kb.asked_when:
                yield Ref(name_of("asked", question), span)
            case Scored(score, _, span):
                yield from (Ref(ref.name, span) for ref in score_reads(kb.scores[score], kb))
            case _:
                pass


def score_reads(score: Score, kb: KnowledgeBase) -> Iterator[Ref]:
    """The names that a score reads directly."""
    for line in score.lines:
        if isinstance(line, Points):
            yield from reads(line.when, kb)
        elif line.question in kb.asked_when:
            yield Ref(name_of("asked", line.question))
