"""The cases that exercise a claim: a rule that cites it fired, an item was given, or a text was shown.

In: entries of the ledger, and cases. Out: the ids of the cases by claim. The cases are evaluated in columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from engine.assessments.chunks import CHUNK
from engine.claims.ledger import Entry
from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from facts.case import Case


def exercised(
    kb: KnowledgeBase, entries: Iterable[Entry], cases: Iterable[Case]
) -> dict[str, tuple[str, ...]]:
    """The ids of the cases that exercise each claim, in the order of the cases."""
    from engine.columns import truths
    from facts.tables.canonical import frame_of

    carriers = {entry.claim: _carriers(entry) for entry in entries}
    names = list(dict.fromkeys(name for named in carriers.values() for name in named))
    found: dict[str, list[str]] = {claim: [] for claim in carriers}
    prepared, remaining = prepare(kb), iter(cases)
    while names and (chunk := list(islice(remaining, CHUNK))):
        for id, held in truths(prepared, frame_of(chunk, kb.questions), names):
            for claim, named in carriers.items():
                if not held.isdisjoint(named):
                    found[claim].append(id)
    return {claim: tuple(ids) for claim, ids in found.items()}


def _carriers(entry: Entry) -> list[str]:
    """The definitions of the rules, items and texts that cite a claim."""
    cited = (("rule", entry.rules), ("advice", entry.advice), ("text", entry.texts))
    return [name_of(kind, name) for kind, names in cited for name in names]
