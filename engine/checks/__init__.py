"""Checks of a knowledge base that loads, each a small function with its reason and its examples.

In: an examined knowledge base. Out: the findings that no comment allows, in the order of the files. Every
check is a pure function of the knowledge base, so the same files give the same findings; its running time
grows linearly with the knowledge base, not quadratically.
"""

from __future__ import annotations

from dataclasses import replace

from engine.checks import (
    allowing,
    cases,
    claimed,
    expectations,
    idle,
    levels,
    naming,
    numbers,
    reach,
    shape,
    siblings,
    triage,
    vocabulary,
    wording,
)
from engine.checks.check import Check, Examined
from engine.checks.page import ids_of_pages
from engine.collector import paused
from facts.problem import Problem, in_order

OF_THE_BASE: tuple[Check, ...] = (
    *reach.CHECKS,
    *idle.CHECKS,
    *shape.CHECKS,
    *siblings.CHECKS,
    *vocabulary.CHECKS,
    *numbers.CHECKS,
    *claimed.CHECKS,
    *triage.CHECKS,
    *levels.CHECKS,
    *wording.CHECKS,
    *naming.CHECKS,
    *cases.CHECKS,
    *expectations.CHECKS,
)
CHECKS: tuple[Check, ...] = (*OF_THE_BASE, *allowing.CHECKS)
"""All checks, in the order of their pages; the last ones are about comments that allow findings."""

PROVED: tuple[str, ...] = tuple(sorted(ids_of_pages() - {check.id for check in CHECKS}))
"""The ids of findings that only `cartsign verify` makes; their pages are in the same folder as those of
checks.
"""


def findings(examined: Examined) -> list[Problem]:
    """The findings that no comment allows."""
    with paused():
        found = tuple(problem for check in OF_THE_BASE for problem in check.function(examined))
        own = tuple(check.id for check in CHECKS)
        told = replace(examined, found=found, known=(*own, *PROVED), looked_for=own)
        about_comments = (problem for check in allowing.CHECKS for problem in check.function(told))
        return in_order([*allowing.allowed(found, examined), *about_comments])
