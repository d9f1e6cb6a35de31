"""What an assessment says of one outcome, in a word or two, so that before and after can be set side by side.

In: an outcome and the truth of everything in a case. Out: words: a level, a support, "given", "2 to 5".
"""

from __future__ import annotations

from engine.meaning.holds import Truth, holds, total
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import SUPPORT
from engine.model.names import name_of
from engine.model.scores import in_digits
from engine.proofs.outcomes import Outcome, by_article, rules_against

WORDS: dict[str, dict[Truth, str]] = {
    "finding": {True: "found", None: "open", False: "not found"},
    "text": {True: "shown", None: "not shown", False: "not shown"},
    "disagreement": {True: "shown", None: "not shown", False: "not shown"},
    "class": {True: "reached", None: "open", False: "not reached"},
    "clash": {True: "reported", None: "not reported", False: "not reported"},
    "against": {True: "counted against", None: "not counted against", False: "not counted against"},
    "scope": {True: "about this person", None: "open", False: "not about this person"},
    "question": {True: "asked", None: "may be asked", False: "not asked"},
}
PLAIN = {
    "text": "text",
    "disagreement": "disagreement",
    "clash": "inconsistency",
    "finding": "finding",
    "class": "class",
}
NONE = "none"


def stated(outcome: Outcome, name: str, case: Valuation) -> str:
    """The word for an outcome in a case. `name` is the name of the outcome in the version that assessed the
    case; "none" if it has none there.
    """
    word, _, article = outcome.kind.partition(" by ")
    if not name and word not in ("level", "ceiling"):
        return NONE
    match word:
        case "level" | "ceiling":
            return _level(word == "ceiling", article, case)
        case "condition":
            return _condition(name, case)
        case "advice":
            return _advice(name, case)
        case "score":
            low, high = (in_digits(end) for end in total(case.score(name), case))
            return low if low == high else f"{low} to {high}"
        case "against":
            rules = rules_against(case.prepared.kb, name)
            return WORDS[word][holds(rules, case)]
        case "scope":
            return WORDS[word][case.value("scope")]
        case "question":
            return WORDS[word][case.value(name_of("asked", name))]
        case _:
            return WORDS[word][case.value(name_of(PLAIN[word], name))]


def _level(is_ceiling: bool, article: str, case: Valuation) -> str:
    """The highest level that is reached, or can still be."""
    kb = case.prepared.kb
    for level in reversed(list(kb.levels)):
        truth = (
            holds(by_article(kb, level, article), case) if article else case.value(name_of("triage", level))
        )
        if truth or (is_ceiling and truth is None):
            return level
    return NONE


def _condition(name: str, case: Valuation) -> str:
    truths = {grade: case.value(name_of("condition", name, grade)) for grade in SUPPORT}
    could = next((grade for grade in reversed(SUPPORT) if truths[grade] is not False), None)
    support = next((grade for grade in reversed(SUPPORT) if truths[grade]), None)
    if could is None:
        return "ruled out"
    if support == could:
        return support
    return f"{support or 'open'}, could be {could}"


def _advice(name: str, case: Valuation) -> str:
    give, hold = case.value(name_of("give", name)), case.value(name_of("hold", name))
    if give is False:
        return "not given"
    if hold:
        return "held"
    if give is None:
        return "pending"
    return "given" if hold is False else "given unless held"
