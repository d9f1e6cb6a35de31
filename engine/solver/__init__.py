"""The solver: the rules as formulas over all possible answers, for z3.

`coding` makes the formulas; `world` finds a case of which given claims are true, and `pair` two cases;
`change` finds the smallest changes of the answers of a case that make claims true. Only this package uses z3,
which the extra `author` installs.
"""

from __future__ import annotations

from engine.solver.change import Changes, smallest_changes
from engine.solver.core import Excluded, Need
from engine.solver.search import Alternative, Limit, Step
from engine.solver.world import Undecided

__all__ = [
    "Alternative",
    "Changes",
    "Excluded",
    "Limit",
    "Need",
    "Step",
    "Undecided",
    "smallest_changes",
]
