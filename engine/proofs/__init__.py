"""Proofs of what holds for every possible case of a knowledge base, including cases with unanswered
questions.

In: an examined knowledge base. Out: a result for every property of every rule, conclusion and bound: proved,
violated, or undecided because time ran out. `proving` proves one property; the other modules list the
properties, as parts of the language. `engine.solver` does the proving.
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from engine.checks.allowing import allowed
from engine.checks.check import Examined
from engine.collector import paused
from engine.proofs import bounds, conditions, parts, reach, safety, shadows, urgency
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result, Status, Witness

__all__ = ["KINDS", "PROOFS", "Proof", "Result", "Status", "Witness", "verify"]

PROOFS: tuple[Proof, ...] = (
    *safety.PROOFS,
    *urgency.PROOFS,
    *reach.PROOFS,
    *shadows.PROOFS,
    *parts.PROOFS,
    *bounds.PROOFS,
    *conditions.PROOFS,
)
KINDS: tuple[str, ...] = tuple(kind for proof in PROOFS for kind in proof.kinds)
"""The ids of everything that a proof can find."""


def verify(examined: Examined, seconds: float = float("inf")) -> list[Result]:
    """Every property of a knowledge base, in the order of the files within each kind.

    A violation that a comment allows counts as proved. Properties not decided within `seconds` are undecided.
    """
    proving = Proving(examined, monotonic() + seconds)
    with paused():
        found = [result for proof in PROOFS for result in proof.function(proving)]
    violated = [result.problem for result in found if result.problem is not None]
    left = set(map(id, allowed(violated, examined)))
    return [
        result if result.problem is None or id(result.problem) in left else replace(result, status="proved")
        for result in found
    ]
