"""From the truth of the rules to an assessment.

In: a valuation from any target. Out: urgency, suspected conditions, advice, what to ask, and why. Nothing new
is decided here: this only gathers what the rules concluded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from engine.meaning.asking import Asking, Ranks
from engine.meaning.holds import Truth, total
from engine.meaning.valuation import Valuation
from engine.model.assessment import (
    AdviceGiven,
    Assessment,
    Given,
    GivenUnless,
    Held,
    Inconsistency,
    Pending,
    Reach,
    Reason,
    Suspicion,
    Triage,
)
from engine.model.classes import Classes
from engine.model.knowledge_base import SUPPORT, citing, identity
from engine.model.names import name_of, parsed
from engine.model.scores import points


def assemble(case: Valuation, id: str) -> Assessment:
    """The assessment of a case."""
    found: dict[str, Any] = {name: make() for name, make in fields(case).items()}
    return Assessment(id=id, kb=identity(case.prepared.kb), **found)


def fields(case: Valuation) -> Mapping[str, Callable[[], object]]:
    """Each field of the assessment of a case but `id` and `kb`, as a function that makes it.

    What is open takes most of the time, so whoever needs only some fields makes only these.
    """
    kb, asking = case.prepared.kb, Asking(case)

    @cache
    def triage() -> Triage | None:
        return _triage(case) if kb.levels else None

    @cache
    def ranks() -> Ranks:
        found = triage()
        return asking.open_questions(found.level if found else None)

    @cache
    def fired() -> tuple[str, ...]:
        return _rules(case, kb.rules, True)

    return {
        "in_scope": lambda: case.value("scope") if kb.scope else None,
        "triage": triage,
        "conditions": lambda: _conditions(case),
        "findings": lambda: _true(case, "finding", kb.findings),
        "scores": lambda: {name: _score(case, name) for name in kb.scores},
        "classes": lambda: {name: _class(case, each) for name, each in kb.classes.items()},
        "advice": lambda: _advice(case, asking),
        "texts": lambda: _true(case, "text", kb.texts),
        "ask_next": lambda: tuple(asking.ask_next(ranks())),
        "kept_open_by": lambda: tuple(asking.kept_open_by(ranks())),
        "inconsistencies": lambda: _inconsistencies(case),
        "disagreements": lambda: _true(case, "disagreement", kb.disagreements),
        "fired": fired,
        "open": lambda: _rules(case, kb.rules, None),
        "reasons": lambda: tuple(Reason(id, kb.rules[id].because, kb.rules[id].claims) for id in fired()),
    }


def _true(case: Valuation, kind: str, names: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in names if case.value(name_of(kind, name)))


def _rules(case: Valuation, ids: Mapping[str, object] | list[str], truth: Truth) -> tuple[str, ...]:
    return tuple(id for id in ids if case.value(name_of("rule", id)) is truth)


def _triage(case: Valuation) -> Triage:
    kb, rules_for = case.prepared.kb, case.prepared.rules_for
    by_level = {level: rules_for.get(name_of("triage", level), []) for level in kb.levels}
    level, ceiling = _reach(case, by_level)
    by_source = {source: Reach(*_reach(case, citing(kb, by_level, source))) for source in kb.sources}
    rules = _rules(case, by_level[level], True) if level else ()
    return Triage(level, ceiling, level == ceiling, rules, by_source)


def _reach(case: Valuation, by_level: Mapping[str, list[str]]) -> tuple[str | None, str | None]:
    """The highest level with a rule that fired, and the highest with a rule that is not blocked."""
    level = ceiling = None
    for name, ids in by_level.items():
        level = name if _rules(case, ids, True) else level
        ceiling = name if any(case.value(name_of("rule", id)) is not False for id in ids) else ceiling
    return level, ceiling


def _conditions(case: Valuation) -> tuple[Suspicion, ...]:
    kb, rules_for = case.prepared.kb, case.prepared.rules_for
    found = []
    for order, (name, condition) in enumerate(kb.conditions.items()):
        by_support: dict[str, list[str]] = {
            grade: rules_for.get(name_of("condition", name, grade), []) for grade in SUPPORT
        }
        support, could_reach = _reach(case, by_support)
        if could_reach is not None:
            against = _rules(case, rules_for.get(name_of("condition", name, "against"), []), True)
            rules = [id for ids in reversed(by_support.values()) for id in _rules(case, ids, True)]
            grade = list(by_support).index(support or could_reach)
            key = (not condition.serious, support is None, -grade, len(against), order)
            unique = tuple(dict.fromkeys(rules))
            found.append((key, Suspicion(name, support, could_reach, condition.serious, against, unique)))
    return tuple(suspicion for _, suspicion in sorted(found, key=lambda each: each[0]))


def _score(case: Valuation, name: str) -> dict[str, int | float]:
    low, high = total(case.score(name), case)
    return {"low": points(low), "high": points(high)}


def _class(case: Valuation, classes: Classes) -> str | None:
    """The class that is decided, None if none is."""
    decided = (each.name for each in classes.classes if case.value(name_of("class", classes.of, each.name)))
    return next(decided, None)


def _advice(case: Valuation, asking: Asking) -> AdviceGiven:
    given, unless, pending = [], [], []
    held: dict[str, list[str]] = {}
    for item in case.prepared.kb.advice:
        give, hold = case.value(name_of("give", item)), case.value(name_of("hold", item))
        gives, holds_ = (case.prepared.advising[name_of(kind, item)] for kind in ("give", "hold"))
        if give is False:
            continue
        if hold:
            for rule in _rules(case, holds_, True):
                held.setdefault(rule, []).append(item)
        elif give is None:
            waiting = tuple(kind for kind in ("give", "hold") if case.value(name_of(kind, item)) is None)
            behind = asking.questions_behind([name_of(kind, item) for kind in waiting])
            pending.append(Pending(item, waiting, tuple(behind)))
        elif hold is None:
            unless.append(GivenUnless(item, _rules(case, gives, True), _rules(case, holds_, None)))
        else:
            given.append(Given(item, _rules(case, gives, True)))
    grouped = [Held(rule, tuple(held[rule])) for rule in case.prepared.kb.rules if rule in held]
    return AdviceGiven(tuple(given), tuple(unless), tuple(grouped), tuple(pending))


def _inconsistencies(case: Valuation) -> tuple[Inconsistency, ...]:
    found = []
    for name, questions in case.prepared.clashing.items():
        kind, about, _ = parsed(name)
        if kind == "asked" and case.is_answered(about) and case.value(name) is False:
            found.append(Inconsistency(name_of("asked_when", about), questions))
        elif kind != "asked" and case.value(name):
            found.append(Inconsistency(about, questions))
    return tuple(found)
