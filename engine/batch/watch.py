"""The interface of whoever follows a run: warnings, rejects, results and progress."""

from __future__ import annotations

from typing import Protocol

from facts.problem import Problem
from facts.reject import Group


class Watch(Protocol):
    """Follows a run."""

    def warn(self, problem: Problem) -> None:
        """Something that costs no row."""

    def reject(self, rejects: Group) -> None:
        """Rows that are not cases."""

    def lines(self, data: bytes) -> None:
        """Complete assessments as lines of JSON."""

    def step(self, file: str, share: float, rows: int) -> None:
        """How much of a file is done, from 0 to 1, and how many rows of all files."""
