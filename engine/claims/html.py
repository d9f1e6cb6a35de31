"""The ledger as one HTML page for clinicians to read, print and annotate.

In: a knowledge base, its ledger and the selected claims. Out: the text of a self-contained page. All text
from the knowledge base is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from engine.claims.ledger import STATUSES, Ledger, Status, uncited
from engine.claims.review import articles, ours
from engine.meaning.definitions import conclusions
from engine.model.knowledge_base import KnowledgeBase
from engine.output.html import rendered

TEMPLATE = Path(__file__).with_name("review.html")


def review_page(kb: KnowledgeBase, entries: Ledger, wanted: Collection[str]) -> str:
    """The page: an index with counts, and each article by section.

    If all claims are selected, rules and other entries without an article follow at the end.
    """
    rules = conclusions(kb)
    found = list(articles(kb, entries, wanted, rules))
    chosen = [entries[claim] for claim in entries if claim in wanted]
    everything = len(chosen) == len(entries)
    counts: Counter[Status] = sum((article.counts for article in found), Counter())
    return rendered(
        TEMPLATE,
        kb=kb,
        articles=found,
        counts=counts,
        ours=ours(kb, rules) if everything else None,
        statuses=STATUSES,
        uncited=uncited(chosen),
        shown={entry.claim for entry in chosen},
    )
