"""An explanation as one JSON document, described by `engine/schemas/explanation.schema.json`.

In: an explanation. Out: its text. The same case, knowledge base and subjects give the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from engine.explanation import Explanation, Flip, WhatIf, Why, WhyNot
from engine.explanation.ask import Ask
from engine.explanation.branch import Branch
from engine.explanation.words import flip_text, obstacles
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase, identity
from engine.words.rule_text import name_text
from facts.vocabulary import Answer, Unknown

if TYPE_CHECKING:
    from engine.solver import Changes, Step

FORMAT = "cartsign.explanation/1"
Plain = dict[str, object]


def document(explanation: Explanation, kb: KnowledgeBase) -> str:
    """The document; parts that were not requested are empty lists or null."""
    case = explanation.case
    plain = {
        "format": FORMAT,
        "id": case.id,
        "kb": identity(kb),
        "answers": {name: _answer(answer) for name, answer in case.answers.items()},
        "why": [_why(each) for each in explanation.why],
        "why_not": [_why_not(each, explanation.valuation) for each in explanation.why_not],
        "flip": [_flip(each, explanation.valuation) for each in explanation.flip],
        "ask": None if explanation.ask is None else _ask(explanation.ask),
        "what_if": None if explanation.what_if is None else _what_if(explanation.what_if),
    }
    return json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False)


def _why(why: Why) -> Plain:
    said = name_text(why.name)
    return {"name": why.name, "said": said, "reason": why.reason, "proof": _branch(why.branch)}


def _why_not(why_not: WhyNot, case: Valuation) -> Plain:
    return {
        "name": why_not.name,
        "said": name_text(why_not.name),
        "reason": why_not.reason,
        "parts": _branch(why_not.branch),
        "changes": _changes(why_not.changes, case),
    }


def _flip(flip: Flip, case: Valuation) -> Plain:
    return {
        "name": flip.name,
        "said": flip_text(flip, case.prepared.kb)[0],
        "wanted": flip.wanted,
        "reason": flip.reason,
        "changes": _changes(flip.changes, case),
    }


def _ask(ask: Ask) -> Plain:
    few = ask.settling
    settling = None if few is None else {"questions": list(few.questions), "levels": list(few.levels)}
    return {
        "questions": list(ask.questions),
        "idle": list(ask.idle),
        "settling": settling,
        "proved": ask.proved,
    }


def _branch(branch: Branch) -> Plain:
    plain: Plain = {"kind": branch.kind, "name": branch.name, "said": branch.said, "truth": branch.truth}
    place = str(branch.place) if branch.place.line else ""
    more: Plain = {
        "about": branch.about,
        "found": branch.found,
        "claims": list(branch.claims),
        "ours": branch.ours,
    }
    more |= {"elsewhere": branch.elsewhere, "place": place}
    plain |= {key: value for key, value in more.items() if value}
    return plain | ({"inner": [_branch(each) for each in branch.inner]} if branch.inner else {})


def _changes(changes: Changes | None, case: Valuation) -> Plain | None:
    if changes is None:
        return None
    return {
        "size": changes.size,
        "complete": changes.complete,
        "decided": changes.decided,
        "reachable": changes.is_open,
        "alternatives": [[_step(step) for step in each] for each in changes.alternatives],
        "excluded": [{"way": way or None, "parts": list(parts)} for way, parts in obstacles(changes, case)],
    }


def _step(step: Step) -> Plain:
    plain: Plain = {"question": step.question, "how": step.how}
    plain |= {"before": _answer(step.before), "after": _answer(step.after)}
    return plain if step.low is None else plain | {"at_least": step.low, "at_most": step.high}


def _what_if(what_if: WhatIf) -> Plain:
    answers = {name: _answer(answer) for name, answer in what_if.answers.items()}
    return {"answers": answers, "differences": [dataclasses.asdict(each) for each in what_if.differences]}


def _answer(answer: Answer | None) -> object:
    return answer.value if isinstance(answer, Unknown) else answer
