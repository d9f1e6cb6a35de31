"""Names spelt unlike their neighbours, and rules that cite one claim but have nothing in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import names_read
from engine.meaning.definitions import keys_of
from engine.model.knowledge_base import Rule
from engine.model.names import kind_of, name_of, parsed
from facts.problem import Span, quote

FREE = ("sources", "claims", "disagreements")
"""Sections whose names come from the articles or from a table."""
MOST_ALIKE = 4
"""The usual spelling must be at least this many times as frequent as the unusual one."""
MOST_RULES = 30
"""Maximum number of rules examined for what a finding depends on."""


def inconsistent_name(examined: Examined) -> Problems:
    """Names that join words differently from most names of their section, or contain capitals."""
    for section, places in examined.kb.places.items():
        if section in FREE:
            continue
        styles = Counter(filter(None, map(_joiner, places)))
        lower = sum(name == name.lower() for name in places)
        usual = max(styles, key=styles.__getitem__, default="")
        for name, span in places.items():
            joiner = _joiner(name)
            if joiner and joiner != usual and styles[usual] >= MOST_ALIKE * styles[joiner]:
                message = f"{quote(name)} joins its words differently from the other names of `{section}`"
                help = f"write {quote(name.replace(joiner, usual))}"
                yield finding("inconsistent-name", message, span, help)
            elif name != name.lower() and lower >= MOST_ALIKE * (len(places) - lower):
                message = f"{quote(name)} has capital letters, unlike the other names of `{section}`"
                yield finding("inconsistent-name", message, span, f"write {quote(name.lower())}")


def alike_names(examined: Examined) -> Problems:
    """Names of a section that differ only in separators, case or a plural "s"."""
    for section, places in examined.kb.places.items():
        seen: dict[str, tuple[str, Span]] = {}
        for name, span in places.items() if section not in FREE else ():
            folded = name.lower().replace("-", "").replace("_", "").removesuffix("s")
            if folded in seen:
                other, earlier = seen[folded]
                message = f"{quote(name)} and {quote(other)} of `{section}` are hard to tell apart"
                help = "rename one of the two, or merge them into one"
                yield finding("alike-names", message, span, help, earlier)
            seen.setdefault(folded, (name, span))


def unrelated_rules(examined: Examined) -> Problems:
    """Rules that share nothing with the other rules that cite the same claim."""
    kb = examined.kb
    citing: dict[str, list[Rule]] = defaultdict(list)
    for rule in kb.rules.values():
        for claim in rule.claims:
            citing[claim].append(rule)
    told: set[str] = set()
    topics = {rule.id: _topics(examined, rule) for rules in citing.values() if rules[1:] for rule in rules}
    for claim, rules in citing.items():
        largest, *others = _groups(rules, topics)
        for rule in (group[0] for group in others if group[0].id not in told):
            told.add(rule.id)
            message = f"rule {quote(rule.id)} shares nothing with the other rules that cite {quote(claim)}"
            help = "check that this is the right claim; if it says two things, split it"
            yield finding("unrelated-rules", message, rule.span, help, largest[0].span)


def _joiner(name: str) -> str:
    found = {each for each in "_-" if each in name}
    return found.pop() if len(found) == 1 else ""


def _topics(examined: Examined, rule: Rule) -> frozenset[str]:
    """Everything that a rule reads and concludes, and everything that its findings depend on."""
    found = {*names_read(rule.when), *(key for each in rule.then for key in keys_of(each))}
    for name in list(found):
        for id in examined.prepared.rules_for[name][:MOST_RULES] if kind_of(name) == "finding" else ():
            found |= set(names_read(examined.kb.rules[id].when))
    return frozenset(_subject(name) for name in found)


def _subject(name: str) -> str:
    """The subject of a name: the condition or item; all levels are one subject."""
    kind, about, _ = parsed(name)
    kind = {"give": "advice", "hold": "advice"}.get(kind, kind)
    return kind if kind == "triage" else name_of(kind, about)


def _groups(rules: Sequence[Rule], topics: Mapping[str, frozenset[str]]) -> list[list[Rule]]:
    """Groups of rules connected by shared topics, directly or through others; largest first."""
    leaders: dict[str, str] = {}

    def leader(topic: str) -> str:
        while leaders.setdefault(topic, topic) != topic:
            leaders[topic] = topic = leaders[leaders[topic]]
        return topic

    groups: dict[str, list[Rule]] = {}
    about = {rule.id: sorted(topics.get(rule.id, ())) or [rule.id] for rule in rules}
    for first, *others in about.values():
        for other in others:
            leaders[leader(other)] = leader(first)
    for rule in rules:
        groups.setdefault(leader(about[rule.id][0]), []).append(rule)
    return sorted(groups.values(), key=len, reverse=True)


CHECKS = (
    Check("inconsistent-name", inconsistent_name),
    Check("alike-names", alike_names),
    Check("unrelated-rules", unrelated_rules),
)
