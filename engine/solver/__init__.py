"""The solver: the rules as formulas over all possible answers, for z3.

`coding` makes the formulas; `change` finds the smallest change of answers that makes a definition true. Only
this package uses z3, which the extra `author` installs.
"""

from __future__ import annotations

from engine.solver.change import Changes, smallest_changes
from engine.solver.search import Alternative, Step

__all__ = ["Alternative", "Changes", "Step", "smallest_changes"]
