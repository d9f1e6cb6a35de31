"""Whether the answers can distinguish conditions, and whether a serious condition always leads to a level."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.checks.check import finding
from engine.columns import truth_of
from engine.model.knowledge_base import SUPPORT
from engine.model.names import name_of
from engine.model.parts import All, AnyOf, Not, Part, Ref
from engine.proofs.proving import Proof, Proving, rules_true
from engine.proofs.result import Result
from engine.sampling.sample import sample
from engine.solver import Undecided
from engine.solver.world import true
from facts.problem import quote

DRAWN = 500
"""Number of random cases used to separate conditions first, so that few pairs need a proof."""


def serious_leads_to_a_level(proving: Proving) -> Iterator[Result]:
    """Everybody who may have a serious condition gets a level."""
    lowest = next(iter(proving.kb.levels), None)
    for condition in proving.kb.conditions.values() if lowest else ():
        if condition.serious:
            name = name_of("condition", condition.name)
            suspected = name_of("condition", condition.name, "possible")
            message = f"{quote(condition.name)}, a serious condition, can be suspected without any level"
            help = f"write a triage rule that reads `condition: {condition.name}`"
            problem = finding("serious-left-alone", message, proving.place(name), help)
            claims = [true(suspected), ~true(name_of("triage", str(lowest)))]
            yield proving.impossible(
                name, problem.code, claims, problem, lambda case: tuple(rules_true(case, proving.kb.rules))
            )


def conditions_differ(proving: Proving) -> Iterator[Result]:
    """No two conditions are suspected by exactly the same people."""
    for group in _alike(proving):
        for one, other in combinations(group, 2):
            name = name_of("condition", other)
            message = (
                f"the conditions {quote(one)} and {quote(other)} are always"
                " suspected together, with the same support"
            )
            help = "write a rule that distinguishes them, or merge them into one condition"
            problem = finding("same-conditions", message, proving.place(name), help)
            try:
                if any(proving.world.is_possible([true(each)]) for each in _differences(one, other)):
                    yield Result(name, "same-conditions", "proved")
                else:
                    yield Result(name, "same-conditions", "violated", (), problem)
            except Undecided:
                yield Result(name, "same-conditions", "undecided")


def _differences(one: str, other: str) -> Iterator[Part]:
    """The ways in which two conditions can differ: at a support, only one of the two is true."""
    for grade in SUPPORT:
        first, second = (Ref(name_of("condition", each, grade)) for each in (one, other))
        yield AnyOf((All((first, Not(second))), All((Not(first), second))))


def _alike(proving: Proving) -> list[list[str]]:
    """Groups of conditions that no random case distinguishes."""
    names = {each: [name_of("condition", each, grade) for grade in SUPPORT] for each in proving.kb.conditions}
    if not names:
        return []
    wanted = [name for each in names.values() for name in each]
    seen = truth_of(proving.prepared, sample(proving.kb, DRAWN), wanted)
    groups: dict[object, list[str]] = {}
    for each, those in names.items():
        groups.setdefault(tuple(tuple(seen[name]) for name in those), []).append(each)
    return [group for group in groups.values() if group[1:]]


PROOFS = (
    Proof(("serious-left-alone",), serious_leads_to_a_level),
    Proof(("same-conditions",), conditions_differ),
)
