"""The bundled knowledge base and the claims of the articles: what must be encoded is."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import load
from engine.meaning.definitions import keys_of, reads
from engine.model.knowledge_base import Triages

KB = load(Path(__file__).parent.parent / "kb")
URGENCY = [id for id, claim in KB.claims.items() if claim["kind"] in ("red-flag", "triage")]
CITED_BY_RULES = {claim for rule in KB.rules.values() for claim in rule.claims}
CITED_BY_TEXTS = {claim for each in (*KB.texts.values(), *KB.advice.values()) for claim in each.claims}
TRIAGE_RULES = [
    id
    for id, rule in KB.rules.items()
    if rule.claims and any(isinstance(each, Triages) for each in rule.then)
]


def test_the_whole_ledger_is_there():
    assert len(KB.claims) == 236, (
        "a claim was added or lost; read it against its article, then change the number here"
    )


@pytest.mark.parametrize("claim", URGENCY)
def test_every_claim_about_urgency_is_encoded_or_shown(claim):
    by_rules_only = KB.claims[claim]["encodable"] == "yes"
    cited = CITED_BY_RULES if by_rules_only else CITED_BY_RULES | CITED_BY_TEXTS
    assert claim in cited, f"nothing cites {claim}: {KB.claims[claim]['claim']}"


@pytest.mark.parametrize("rule", KB.rules)
def test_a_rule_cites_claims_or_is_marked_as_ours(rule):
    assert bool(KB.rules[rule].claims) != KB.rules[rule].ours


@pytest.mark.parametrize("rule", TRIAGE_RULES)
def test_a_triage_rule_reads_no_finding_that_only_another_article_concludes(rule):
    own = {KB.source_of(claim) for claim in KB.rules[rule].claims}
    for finding in _findings_behind(rule):
        concluding = [each for each in KB.rules.values() if f"finding:{finding}" in _concluded(each)]
        sources = [{KB.source_of(claim) for claim in each.claims} for each in concluding]
        assert any(each.ours for each in concluding) or any(own & each for each in sources), finding


def _concluded(rule):
    return [key for conclusion in rule.then for key in keys_of(conclusion)]


def _findings_behind(rule):
    return [
        ref.name.partition(":")[2]
        for ref in reads(KB.rules[rule].when, KB)
        if ref.name.startswith("finding:")
    ]
