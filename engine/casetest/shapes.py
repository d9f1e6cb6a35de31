"""What an expectation can say: the fields of an assessment, and the names of the knowledge base for each.

In: a knowledge base. Out: the shape of its expectations. `assessment.schema.json` describes the same
structure; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its kind in singular and plural, and the known words; None allows any text, or any number."""

    called: str = "word"
    several: str = "words"
    known: Collection[object] | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with some of these fields; with `or_number`, a single number is also allowed."""

    fields: Mapping[str, Shape]
    or_number: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """A list of names, or of mappings with a name; `value` is what a single word about a member means."""

    name: Word
    fields: Mapping[str, Shape] = field(default_factory=dict)
    value: Word | None = None


Shape = Word | Fields | Members
TRUTH = Word("value", "values", (True, False, None))
SUPPORTS = Word("support", "supports", (*SUPPORT, None))
END = Word("number", "numbers", is_number=True)
INTERVAL = Fields({"low": END, "high": END}, or_number=True)


def shape_of(kb: KnowledgeBase) -> Fields:
    """The shape of expectations for this knowledge base."""
    rules, questions = (
        Members(Word("rule", "rules", kb.rules)),
        Members(Word("question", "questions", kb.questions)),
    )
    clashes = dict.fromkeys([*kb.consistency, *(name_of("asked_when", each) for each in kb.asked_when)])
    claims = Members(Word("claim", "claims", kb.claims))
    return Fields(
        {
            "format": Word(),
            "id": Word(),
            "kb": Fields(dict.fromkeys(("name", "version", "sha256"), Word())),
            "in_scope": TRUTH,
            "triage": _triage(kb, rules) if kb.levels else Word("level", "levels", (None,)),
            "conditions": Members(
                Word("condition", "conditions", kb.conditions), _condition(rules), SUPPORTS
            ),
            "findings": Members(Word("finding", "findings", kb.findings)),
            "scores": Fields(dict.fromkeys(kb.scores, INTERVAL)),
            "advice": _advice(kb, rules, questions),
            "texts": Members(Word("text", "texts", kb.texts)),
            "ask_next": questions,
            "kept_open_by": questions,
            "inconsistencies": Members(Word("clash", "clashes", clashes), {"questions": questions}),
            "disagreements": Members(Word("disagreement", "disagreements", kb.disagreements)),
            "fired": rules,
            "open": rules,
            "reasons": Members(rules.name, {"because": Word(), "claims": claims}),
        }
    )


def _triage(kb: KnowledgeBase, rules: Members) -> Fields:
    level = Word("level", "levels", [*kb.levels, None])
    reach: dict[str, Shape] = {"level": level, "ceiling": level}
    by_source = Fields(dict.fromkeys(kb.sources, Fields(reach)))
    return Fields({**reach, "settled": TRUTH, "rules": rules, "by_source": by_source})


def _condition(rules: Members) -> dict[str, Shape]:
    return {
        "support": SUPPORTS,
        "could_reach": SUPPORTS,
        "serious": TRUTH,
        "against": rules,
        "rules": rules,
    }


def _advice(kb: KnowledgeBase, rules: Members, questions: Members) -> Fields:
    item = Word("item of advice", "items", kb.advice)
    held = Word("item of advice or rule", "items and rules", dict.fromkeys([*kb.advice, *kb.rules]))
    waits_for = Members(Word("reason to wait", "reasons", ("give", "hold")))
    return Fields(
        {
            "given": Members(item, {"rules": rules}),
            "given_unless": Members(item, {"rules": rules, "unless": rules}),
            "held": Members(held, {"items": Members(item)}),
            "pending": Members(item, {"waits_for": waits_for, "questions": questions}),
        }
    )
