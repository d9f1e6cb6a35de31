"""The parts that authors wrote, and what they read: questions, names, scores; and a comparison of texts.

In: a knowledge base. Out: each of its parts once. Parts of safety properties are left out, because no case is
assessed by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from engine.meaning.definitions import parts_of
from engine.model.knowledge_base import KnowledgeBase, Rule
from engine.model.names import name_of
from engine.model.parts import Answered, Part, Ref, Scored
from engine.model.scores import Points

POINTS = re.compile(r"(?<![0-9])[.,;:!?…]+|[.,;:!?…]+(?![0-9])")


def alike(text: str) -> str:
    """A text reduced so that differences in case, spaces and punctuation disappear."""
    folded = normalize("NFKC", text).casefold()
    return " ".join(POINTS.sub(" ", folded).split())


def written_parts(kb: KnowledgeBase) -> Iterator[Part]:
    """Every part, including inner parts."""
    for whole in _wholes(kb):
        yield from parts_of(whole)


def _wholes(kb: KnowledgeBase) -> Iterator[Part]:
    yield from (rule.when for rule in kb.rules.values())
    yield from kb.asked_when.values()
    yield from (clash.when for clash in kb.consistency.values())
    yield from (entry.when for entry in kb.disagreements.values())
    yield from (item.shown_with for item in kb.advice.values() if item.shown_with)
    yield from (text.shown_with for text in kb.texts.values())
    for score in kb.scores.values():
        yield from (line.when for line in score.lines if isinstance(line, Points))
    if kb.scope:
        yield kb.scope.when


def names_read(part: Part) -> Iterator[str]:
    """What a part itself reads: `question:NAME`, `score:NAME`, and the names of definitions."""
    for each in parts_of(part):
        if isinstance(each, Answered):
            yield name_of("question", each.question)
        elif isinstance(each, Ref):
            yield each.name
        elif isinstance(each, Scored):
            yield name_of("score", each.score)


def all_read(kb: KnowledgeBase) -> frozenset[str]:
    """Everything that the knowledge base reads."""
    found = frozenset(name for whole in _wholes(kb) for name in names_read(whole))
    lines = (line for score in kb.scores.values() for line in score.lines)
    found |= {name_of("question", line.question) for line in lines if not isinstance(line, Points)}
    return found | {
        name_of("score" if each.is_score else "question", name) for name, each in kb.classes.items()
    }


def sources_of(rule: Rule, kb: KnowledgeBase) -> frozenset[str]:
    """The articles that a rule cites."""
    return frozenset(kb.source_of(claim) for claim in rule.claims)
