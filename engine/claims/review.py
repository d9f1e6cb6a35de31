"""The ledger in plain words: each claim with everything that cites it, for reviewers.

In: a knowledge base, its ledger and the selected claims. Out: articles divided into sections of claims, and
entries based on no article. `engine.claims.terminal` and `engine.claims.html` render these values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.claims.ledger import Entry, Ledger, Status, coverage, uncited
from engine.model.knowledge_base import Advice, KnowledgeBase, Property, Rule, Text, Threshold, Verb
from engine.model.names import name_of
from engine.model.parts import Always
from engine.words.outline import Consequence, Outline, consequences, outline, shown_with

HOLDS: Mapping[Verb, str] = {
    "must": "must hold",
    "never": "must never hold",
    "not_ruled_out": "must not be ruled out",
    "stays": "must stay true, whatever else is answered",
}


@dataclass(frozen=True, slots=True)
class PropertySaid:
    """A property in words; it is about all cases if `when` is None and no question must be unanswered."""

    name: str
    when: Outline | None
    unanswered: tuple[str, ...]
    holds: str
    part: Outline
    because: str
    claims: tuple[str, ...]
    ours: bool


def property_said(each: Property, kb: KnowledgeBase) -> PropertySaid:
    """The property in words."""
    when = None if isinstance(each.when, Always) else outline(each.when, kb)
    unanswered = tuple(f"“{kb.questions[question].ask}”" for question in each.unanswered)
    part = outline(each.part, kb)
    return PropertySaid(
        name=each.name,
        when=when,
        unanswered=unanswered,
        holds=HOLDS[each.verb],
        part=part,
        because=each.because,
        claims=each.claims,
        ours=each.ours,
    )


LACKS = {
    "yes": "No rule or score cites this claim, although one could.",
    "advisory-only": "No rule, score, advice item or text cites this claim.",
}
Concluding = Mapping[str, Sequence[str]]
"""The rules for each conclusion, as returned by `conclusions`."""
NOTHING = "Nothing cites this claim."


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A rule in words."""

    id: str
    when: Outline
    then: tuple[Consequence, ...]
    because: str
    claims: tuple[str, ...]
    ours: bool


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """An advice item (with the heading of its kind) or a text, what it is shown with, and the rules that give
    it.
    """

    name: str
    heading: str
    text: str
    shown_with: tuple[str, ...]
    given_by: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideSaid:
    """What articles say where they disagree, with the claims cited, and how the disagreement is resolved."""

    name: str
    about: str
    says: tuple[str, ...]
    done: str


@dataclass(frozen=True, slots=True)
class ClaimSaid:
    """A claim and everything that cites it; `lacks` says what is missing if the claim is not used."""

    entry: Entry
    status: Status
    words: str
    section: str
    modality: str
    rules: tuple[RuleSaid, ...]
    items: tuple[ItemSaid, ...]
    scores: tuple[str, ...]
    numbers: tuple[str, ...]
    sides: tuple[SideSaid, ...]
    properties: tuple[PropertySaid, ...]
    lacks: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article: its data, its claims by section, the number per status, and the claims left out."""

    id: str
    title: str
    details: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[ClaimSaid, ...]], ...]
    counts: Counter[Status]
    uncited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ours:
    """Entries based on no article: rules, numbers, properties, items and texts without a claim."""

    rules: tuple[RuleSaid, ...]
    numbers: tuple[str, ...]
    items: tuple[ItemSaid, ...]
    properties: tuple[PropertySaid, ...]


def articles(
    kb: KnowledgeBase, entries: Ledger, wanted: Iterable[str], rules: Concluding
) -> Iterator[Article]:
    """The articles that make any of the selected claims, in the order of the knowledge base."""
    chosen = set(wanted)
    by_source: dict[str, list[Entry]] = {source: [] for source in kb.sources}
    for entry in entries.values():
        if entry.claim in chosen:
            by_source[entry.source].append(entry)
    for source, mine in by_source.items():
        known = kb.sources[source]
        sections: dict[str, list[ClaimSaid]] = {}
        for entry in mine:
            said = claim_said(entry, kb, rules)
            sections.setdefault(said.section, []).append(said)
        if mine:
            details = tuple((name, text) for name, text in known.items() if name != "title")
            listed = tuple((title, tuple(claims)) for title, claims in sections.items())
            counts = coverage(mine, lambda entry: entry.source)[source]
            yield Article(source, known.get("title", source), details, listed, counts, tuple(uncited(mine)))


def claim_said(entry: Entry, kb: KnowledgeBase, rules: Concluding) -> ClaimSaid:
    """A claim with everything that cites it."""
    claim = kb.claims[entry.claim]
    return ClaimSaid(
        entry=entry,
        status=entry.status,
        words=claim["claim"],
        section=claim.get("section", ""),
        modality=claim.get("modality", ""),
        rules=tuple(rule_said(kb.rules[id], kb) for id in entry.rules),
        items=(*_items(entry.advice, kb, rules), *(text_said(kb.texts[name], kb) for name in entry.texts)),
        scores=tuple(kb.scores[name].text or name for name in entry.scores),
        numbers=tuple(number_said(kb.numbers[name]) for name in entry.numbers),
        sides=tuple(_sides(entry, kb)),
        properties=tuple(property_said(kb.safety[name], kb) for name in entry.properties),
        lacks=LACKS.get(entry.encodable, NOTHING) if entry.status == "uncited" else "",
    )


def ours(kb: KnowledgeBase, rules: Concluding) -> Ours:
    """Everything based on no article."""
    own = tuple(rule_said(rule, kb) for rule in kb.rules.values() if rule.ours)
    numbers = tuple(number_said(number) for number in kb.numbers.values() if number.ours)
    advice = _items([name for name, item in kb.advice.items() if not item.claims], kb, rules)
    texts = (text_said(text, kb) for text in kb.texts.values() if not text.claims)
    properties = tuple(property_said(each, kb) for each in kb.safety.values() if each.ours)
    return Ours(own, numbers, (*advice, *texts), properties)


def rule_said(rule: Rule, kb: KnowledgeBase) -> RuleSaid:
    """The rule in words."""
    then = tuple(each for conclusion in rule.then for each in consequences(conclusion, kb))
    return RuleSaid(rule.id, outline(rule.when, kb), then, rule.because, rule.claims, rule.ours)


def text_said(text: Text, kb: KnowledgeBase) -> ItemSaid:
    """The text in words."""
    return ItemSaid(text.name, "", text.text, shown_with(text.shown_with, kb), (), text.claims)


def number_said(number: Threshold) -> str:
    """A named number in words."""
    chosen = ", which we chose" if number.ours else ""
    about = f" ({number.text})" if number.text else ""
    return f"“{number.name}”{about} is {number.value:f}{chosen}"


def _items(names: Iterable[str], kb: KnowledgeBase, rules: Concluding) -> tuple[ItemSaid, ...]:
    return tuple(_item(kb.advice[name], rules.get(name_of("give", name), []), kb) for name in names)


def _item(item: Advice, rules: Iterable[str], kb: KnowledgeBase) -> ItemSaid:
    heading, hosts = kb.advice_kinds[item.kind], shown_with(item.shown_with, kb)
    return ItemSaid(item.name, heading, item.text, hosts, tuple(rules), item.claims)


def _sides(entry: Entry, kb: KnowledgeBase) -> Iterator[SideSaid]:
    for name in entry.disagreements:
        each = kb.disagreements[name]
        says = tuple(side.says for side in each.sides if entry.claim in side.claims)
        yield SideSaid(name, each.about, says, each.done)
