"""The solver: the rules as formulas over all possible answers, for z3.

`coding` makes the formulas; `change` finds the smallest change of answers that makes a definition true;
`world` finds a case of which given claims are true, and `pair` two cases. Only this package uses z3, which
the extra `author` installs.
"""

from __future__ import annotations

from engine.solver.change import Changes, smallest_changes
from engine.solver.search import Alternative, Step, Undecided

__all__ = ["Alternative", "Changes", "Step", "Undecided", "smallest_changes"]
