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
    expectations,
    idle,
    levels,
    naming,
    reach,
    shape,
    siblings,
    triage,
    vocabulary,
    wording,
)
from engine.checks.check import Check, Examined
from engine.collector import paused
from facts.problem import Problem, in_order

OF_THE_BASE: tuple[Check, ...] = (
    *reach.CHECKS,
    *idle.CHECKS,
    *shape.CHECKS,
    *siblings.CHECKS,
    *vocabulary.CHECKS,
    *triage.CHECKS,
    *levels.CHECKS,
    *wording.CHECKS,
    *naming.CHECKS,
    *cases.CHECKS,
    *expectations.CHECKS,
)
CHECKS: tuple[Check, ...] = (*OF_THE_BASE, *allowing.CHECKS)
"""All checks, in the order of their pages; the last ones are about comments that allow findings."""


def findings(examined: Examined) -> list[Problem]:
    """The findings that no comment allows."""
    with paused():
        return _findings(examined)


def _findings(examined: Examined) -> list[Problem]:
    found = tuple(problem for check in OF_THE_BASE for problem in check.function(examined))
    told = replace(examined, found=found, known=tuple(check.id for check in CHECKS))
    about_comments = (problem for check in allowing.CHECKS for problem in check.function(told))
    return in_order([*allowing.allowed(found, examined), *about_comments])
