"""The result of a proof: a property of a knowledge base, whether it holds for every case, and a witness if
not.

In: nothing. Out: results as values, which the command line, JSON and SARIF show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from facts.problem import Problem
from facts.vocabulary import Answer

Status = Literal["proved", "violated", "undecided"]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that shows a violation. If two cases are compared, `before` has the answers of the first."""

    answers: Answers
    before: Answers | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One property of a knowledge base.

    `name` is what the property is about (`rule:weak-leg`), `kind` the id of the proof. `rules` are those that
    make a violated property false. A property that is violated because no case does something has no witness.
    """

    name: str
    kind: str
    status: Status
    rules: tuple[str, ...] = ()
    problem: Problem | None = None
    witness: Witness | None = None
