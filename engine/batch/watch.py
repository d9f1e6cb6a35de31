"""The interface of observers of a run: warnings, rejects, results and progress."""

from __future__ import annotations

from typing import Protocol

from facts.problem import Problem
from facts.reject import Group


class Watch(Protocol):
    """Observes a run."""

    def warn(self, problem: Problem) -> None:
        """Report a problem that does not reject a row."""

    def reject(self, rejects: Group) -> None:
        """Report rejected rows."""

    def lines(self, data: bytes) -> None:
        """Receive complete assessments as lines of JSON."""

    def step(self, file: str, share: float, rows: int) -> None:
        """Report the finished share of a file, from 0 to 1, and the number of rows of all files."""
