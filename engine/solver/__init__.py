"""The solver: the rules as formulas over all the answers that anybody could give, for z3 to reason about.

`coding` says what the formulas are, `change` asks for the smallest change of answers that makes something
hold. Only this package uses z3, which comes with the extra `author`.
"""

from __future__ import annotations

from engine.solver.change import Changes, smallest_changes
from engine.solver.search import Alternative, Step

__all__ = ["Alternative", "Changes", "Step", "smallest_changes"]
