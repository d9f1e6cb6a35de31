"""The ledger: what cites each claim of the articles, and which claims are not encoded.

In: a knowledge base. Out: one entry per claim, in the order of the knowledge base. A claim marked `encodable:
yes` needs a rule or a score; `advisory-only` needs one of these, an advice item or a text; `context-only`
needs nothing. A claim without such a mark needs any citation. Citations by safety properties do not count,
because properties only check rules; a claim cited by nothing else is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.model.knowledge_base import KnowledgeBase

Status = Literal["encoded", "shown", "context", "uncited"]
STATUSES: Mapping[Status, str] = {
    "encoded": "encoded",
    "shown": "shown",
    "context": "context",
    "uncited": "not used",
}
"""Encoded: cited by a rule or score; shown: cited by others only; context: needs no citation; left out: lacks
one that it needs.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim and the names of everything that cites it; `kind` and `encodable` are empty if not given."""

    claim: str
    source: str
    kind: str
    encodable: str
    rules: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Whether the claim is encoded, shown, context or left out."""
        encoding, shown = self.rules + self.scores, self.advice + self.texts
        cited = encoding + shown + self.numbers + self.disagreements
        needed = {"yes": encoding, "advisory-only": encoding + shown, "context-only": ("nothing",)}
        if not needed.get(self.encodable, cited):
            return "uncited"
        return "encoded" if encoding else "shown" if cited else "context"


Ledger = Mapping[str, Entry]


class _Citing(Protocol):
    @property
    def claims(self) -> tuple[str, ...]: ...


def ledger(kb: KnowledgeBase) -> dict[str, Entry]:
    """The entry of every claim, by its id."""
    rules, advice, texts = _citing(kb.rules), _citing(kb.advice), _citing(kb.texts)
    scores, numbers = _citing(kb.scores), _citing(kb.numbers)
    disagreements: dict[str, list[str]] = {}
    for name, each in kb.disagreements.items():
        for claim in dict.fromkeys(claim for side in each.sides for claim in side.claims):
            disagreements.setdefault(claim, []).append(name)
    by_kind = (rules, advice, texts, scores, numbers, disagreements, _citing(kb.safety))
    return {
        id: Entry(
            *(id, claim["source"], claim.get("kind", ""), claim.get("encodable", "")),
            *(tuple(cited.get(id, ())) for cited in by_kind),
        )
        for id, claim in kb.claims.items()
    }


def _citing(things: Mapping[str, _Citing]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, thing in things.items():
        for claim in thing.claims:
            found.setdefault(claim, []).append(name)
    return found


def uncited(entries: Iterable[Entry]) -> list[str]:
    """The ids of the claims that need a citation and have none, in order."""
    return [entry.claim for entry in entries if entry.status == "uncited"]


def coverage(
    entries: Iterable[Entry], group: Callable[[Entry], str], groups: Iterable[str] = ()
) -> dict[str, Counter[Status]]:
    """The number of claims of each status per group; `groups` are included even if they have no claims."""
    found: dict[str, Counter[Status]] = {name: Counter() for name in groups}
    for entry in entries:
        found.setdefault(group(entry), Counter())[entry.status] += 1
    return found


def as_plain(entries: Iterable[Entry], cases: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """The value printed by `--json`: `{"claims": [{"id", "source", "kind", "encodable", "rules", "items",
    "cases"}], "uncited": [...]}`.

    `items` are advice items and texts, `cases` those that exercise the claim.
    """
    listed = list(entries)
    claims = [
        {
            "id": entry.claim,
            "source": entry.source,
            "kind": entry.kind or None,
            "encodable": entry.encodable or None,
            "rules": list(entry.rules),
            "items": [*entry.advice, *entry.texts],
            "cases": list(cases.get(entry.claim, ())),
        }
        for entry in listed
    ]
    return {"claims": claims, "uncited": uncited(listed)}
