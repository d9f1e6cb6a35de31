"""Whether each rule can fire and be blocked, and each conclusion be established and ruled out.

Cases with answers that contradict each other do not count.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.check import finding
from engine.model.knowledge_base import SUPPORT
from engine.model.names import name_of, parsed
from engine.model.parts import Always
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result
from engine.solver.world import Claim, false, true
from facts.problem import quote

PLAIN = {
    "finding": ("the finding", "established"),
    "text": ("the text", "shown"),
    "disagreement": ("the disagreement", "shown"),
}


def can_fire(proving: Proving) -> Iterator[Result]:
    """Every rule fires in some case."""
    proving.world.draw([[claim(name)] for name in proving.world.named for claim in (true, false)])
    for rule in proving.kb.rules.values():
        message = f"no answers make rule {quote(rule.id)} fire, unless they contradict each other"
        help = "look for parts of its `when` that cannot be true together"
        problem = finding("rule-never-fires", message, rule.span, help)
        name = name_of("rule", rule.id)
        result = proving.possible(name, "rule-never-fires", [true(name)], problem)
        if result.status != "violated":
            proving.living.add(rule.id)
        yield result


def can_be_blocked(proving: Proving) -> Iterator[Result]:
    """Every rule is ruled out in some case, unless it is written `when: always`."""
    for rule in proving.kb.rules.values():
        if not isinstance(rule.when, Always):
            message = f"no answers rule out rule {quote(rule.id)}, unless they contradict each other"
            help = (
                "write `when: always` if the rule is for everybody; if not,"
                " look for a part that is always true"
            )
            problem = finding("rule-never-blocked", message, rule.span, help)
            name = name_of("rule", rule.id)
            yield proving.possible(name, "rule-never-blocked", [false(name)], problem)


def is_reached(proving: Proving) -> Iterator[Result]:
    """For every result, some case has it; for every contradiction of answers, too."""
    for name, claims, what in _said(proving):
        if _is_dead(name, proving):
            continue
        help = "change the rules that lead to it, or remove the entry"
        problem = finding("never-reached", f"{what} in any case", proving.place(name), help)
        yield proving.possible(name, "never-reached", claims, problem)
    for clash in proving.kb.consistency:
        name = name_of("inconsistency", clash)
        message = f"no answers contradict each other as {quote(clash)} says"
        help = "look for parts of its `when` that cannot be true together, or remove the entry"
        problem = finding("never-reached", message, proving.place(name), help)
        yield proving.possible(name, "never-reached", [true(name)], problem, clashing=True)


def is_ruled_out(proving: Proving) -> Iterator[Result]:
    """For every result, some case rules it out. The lowest level may apply to everybody, and so may what a
    rule with `when: always` concludes.
    """
    for name, part, what in _ruled_out(proving):
        if any(isinstance(proving.kb.rules[id].when, Always) for id in _rules_for(name, proving)):
            continue
        help = "check the rules that lead to it: one of them is always true or is never decided"
        problem = finding("never-ruled-out", f"no case shows that {what}", proving.place(name), help)
        yield proving.possible(name, "never-ruled-out", [false(part)], problem)


def _is_dead(name: str, proving: Proving) -> bool:
    """Whether rules lead to a name but none of them can fire, which is already reported for the rules."""
    ids = _rules_for(name, proving)
    return bool(ids) and not proving.living & set(ids)


def _rules_for(name: str, proving: Proving) -> list[str]:
    """The rules that conclude a name: a condition with any support, an item of advice as given."""
    kind, called, _ = parsed(name)
    by_support = [name_of(kind, called, grade) for grade in SUPPORT]
    keys = {"condition": by_support, "advice": [name_of("give", called)]}.get(kind, [name])
    return [id for key in keys for id in proving.prepared.rules_for.get(key, [])]


def _said(proving: Proving) -> Iterator[tuple[str, list[Claim], str]]:
    """Each name, the claims of a case that shows it, and "it is not ...", in words."""
    kb = proving.kb
    for kind, names in _plain_names(proving):
        what, verb = PLAIN[kind]
        for each in names:
            yield name_of(kind, each), [true(name_of(kind, each))], f"{what} {quote(each)} is not {verb}"
    for each in kb.conditions:
        lowest = name_of("condition", each, SUPPORT[0])
        yield name_of("condition", each), [true(lowest)], f"the condition {quote(each)} is not suspected"
    for classes in kb.classes.values():
        for name, _ in classes.named():
            _, of, own = parsed(name)
            yield name, [true(name)], f"the class {quote(own)} of {quote(of)} is not reached"
    levels = list(kb.levels)
    for at, level in enumerate(levels):
        above = levels[at + 1 : at + 2]
        it_is = [true(name_of("triage", level)), *(~true(name_of("triage", each)) for each in above)]
        it_may_be = [~false(name_of("triage", level)), *(false(name_of("triage", each)) for each in above)]
        name = name_of("triage", level)
        yield name, it_is, f"{quote(level)} is not the level"
        yield name, it_may_be, f"{quote(level)} is not the highest level that answers can still reach"
    for item in kb.advice:
        name = name_of("advice", item)
        yield name, [true(name)], f"the advice {quote(item)} is not given"
        if proving.prepared.advising[name_of("hold", item)]:
            held = [true(name_of("give", item)), true(name_of("hold", item))]
            yield name, held, f"the advice {quote(item)} is not held back"


def _ruled_out(proving: Proving) -> Iterator[tuple[str, str, str]]:
    kb = proving.kb
    for kind, names in _plain_names(proving):
        for each in names:
            yield name_of(kind, each), name_of(kind, each), f"{PLAIN[kind][0]} {quote(each)} is ruled out"
    for each in kb.conditions:
        lowest = name_of("condition", each, SUPPORT[0])
        yield name_of("condition", each), lowest, f"the condition {quote(each)} is ruled out"
    for level in list(kb.levels)[1:]:
        name = name_of("triage", level)
        yield name, name, f"the level {quote(level)} is ruled out"
    for item in kb.advice:
        given = name_of("give", item)
        yield name_of("advice", item), given, f"the advice {quote(item)} is ruled out"


def _plain_names(proving: Proving) -> Iterator[tuple[str, Iterator[str]]]:
    kb = proving.kb
    yield "finding", iter(kb.findings)
    yield "text", iter(kb.texts)
    yield "disagreement", iter(kb.disagreements)


PROOFS = (
    Proof(("rule-never-fires",), can_fire),
    Proof(("rule-never-blocked",), can_be_blocked),
    Proof(("never-reached",), is_reached),
    Proof(("never-ruled-out",), is_ruled_out),
)
