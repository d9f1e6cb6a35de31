"""Checks on a knowledge base that loads: each a small function, with its reason and its examples.

In: an examined knowledge base. Out: what the checks find and no comment allows, in the order of the files.
Every check is a pure function of the knowledge base, so the same files give the same findings; each takes
time that grows with the knowledge base, not with its square.
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
"""All checks, in the order of their pages: the last ones are about the comments that allow the others."""


def findings(examined: Examined) -> list[Problem]:
    """What the checks find and nobody has allowed."""
    with paused():
        return _findings(examined)


def _findings(examined: Examined) -> list[Problem]:
    found = tuple(problem for check in OF_THE_BASE for problem in check.function(examined))
    told = replace(examined, found=found, known=tuple(check.id for check in CHECKS))
    about_comments = (problem for check in allowing.CHECKS for problem in check.function(told))
    return in_order([*allowing.allowed(found, examined), *about_comments])
