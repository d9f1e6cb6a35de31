"""Claims of the articles: warnings that nothing carries, and kinds spelt otherwise than all others."""

from __future__ import annotations

from collections import Counter

from engine.checks.check import Check, Examined, Problems, finding
from facts.nearest import nearest
from facts.problem import quote

RED_FLAG = "red-flag"
FIELDS = ("kind", "encodable")
RARE = 1
"""Number of claims with a word that may be a slip of one used more often."""


def warning_not_carried(examined: Examined) -> Problems:
    """Claims of kind `red-flag` that no rule or score cites, unless they are marked as not encodable."""
    kb = examined.kb
    cited = {claim for rule in kb.rules.values() for claim in rule.claims}
    cited |= {claim for score in kb.scores.values() for claim in score.claims}
    for id, claim in kb.claims.items():
        if claim.get("kind") == RED_FLAG and claim.get("encodable", "yes") == "yes" and id not in cited:
            message = f"no rule cites claim {quote(id)}, a red flag"
            help = (
                "write the rule, or mark the claim `encodable: advisory-only` if only a text can come of it"
            )
            yield finding("warning-not-carried", message, examined.place("claims", id), help)


def rare_kind(examined: Examined) -> Problems:
    """Words for the kind of a claim that occur once and are nearly a word that occurs more often."""
    for field in FIELDS:
        times = Counter(claim[field] for claim in examined.kb.claims.values() if field in claim)
        common = [word for word, number in times.items() if number > RARE]
        for id, claim in examined.kb.claims.items():
            word = claim.get(field, "")
            if times[word] == RARE and (near := nearest(word, common)):
                message = f"only claim {quote(id)} has {field} {quote(word)}"
                help = f"did you mean {quote(near)}? {times[near]:,} claims have it"
                yield finding("rare-kind", message, examined.place("claims", id), help)


CHECKS = (Check("warning-not-carried", warning_not_carried), Check("rare-kind", rare_kind))
