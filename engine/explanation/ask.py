"""What to ask in one case: the questions that can still change something, and the few that settle the level.

In: an assessment and its valuation. Out: questions in the order in which to ask them. Without the solver
they are those of the assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment

if TYPE_CHECKING:
    from engine.solver.asking import Settling


@dataclass(frozen=True, slots=True)
class Ask:
    """The questions to ask, first those that can settle the level (`settling`), then the most urgent.

    The answers to the `idle` questions cannot change anything any more. `proved` is False if the solver is
    not installed.
    """

    questions: tuple[str, ...]
    idle: tuple[str, ...] = ()
    settling: Settling | None = None
    proved: bool = True


def what_to_ask(assessment: Assessment, case: Valuation) -> Ask:
    """The questions to ask in a case, proved by z3 if that is installed."""
    if find_spec("z3") is None:
        return Ask(assessment.ask_next, proved=False)
    from engine.solver.asking import settling, that_matter

    matter = that_matter(case, assessment.ask_next)
    few = settling(case, matter)
    first = () if few is None else few.questions
    return Ask(
        questions=(*first, *(each for each in matter if each not in first)),
        idle=tuple(each for each in assessment.ask_next if each not in matter),
        settling=few,
    )
