"""Proofs of what holds for every possible case of a knowledge base, including cases with unanswered
questions.

In: an examined knowledge base. Out: a result for every property of every rule, conclusion and bound: proved,
violated, or undecided because time ran out. `proving` proves one property; the other modules list the
properties, as parts of the language. `engine.solver` does the proving.
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from engine.checks.allowing import allowed, allows_nothing
from engine.checks.check import Examined
from engine.collector import paused
from engine.proofs import bounds, conditions, deep, parts, reach, safety, shadows, urgency
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
KINDS: tuple[str, ...] = tuple(kind for proof in (*PROOFS, *deep.PROOFS) for kind in proof.kinds)
"""The ids of everything that a proof can find."""


def verify(examined: Examined, seconds: float = float("inf"), is_deep: bool = False) -> list[Result]:
    """Every property of a knowledge base, in the order of the files within each kind.

    A violation that a comment allows counts as proved; a comment that allows nothing is itself a violation.
    Properties not decided within `seconds` are undecided. `is_deep` adds a search for names that stay open
    although all further answers give them the same truth; it takes minutes.
    """
    proofs = (*PROOFS, *deep.PROOFS) if is_deep else PROOFS
    proving = Proving(examined, monotonic() + seconds)
    with paused():
        found = [result for proof in proofs for result in proof.function(proving)]
    violated = [result.problem for result in found if result.problem is not None]
    left = set(map(id, allowed(violated, examined)))
    open_kinds = {result.kind for result in found if result.status == "undecided"}
    kinds = tuple(kind for proof in proofs for kind in proof.kinds if kind not in open_kinds)
    told = replace(examined, found=tuple(violated), known=KINDS, looked_for=kinds)
    return [
        *(
            result
            if result.problem is None or id(result.problem) in left
            else replace(result, status="proved")
            for result in found
        ),
        *(
            Result(f"comment in {each.span}", each.code, "violated", (), each)
            for each in allows_nothing(told)
        ),
    ]
