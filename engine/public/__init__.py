"""cartsign: production rules in YAML, fired on experta or compiled to columns.

    import cartsign

    kb = cartsign.load("kb")
    assessment = cartsign.assess(kb, {"walking_effect": "begins", "eased_by": ["leaning_forward"]})
    frame = cartsign.assess_frame(kb, polars_frame)
    explanation = cartsign.explain(kb, {"walking_effect": "begins"}, why_not=["emergency"])

The public names are in this package and remain stable; everything in `engine` and `facts` may change.
`cartsign.spark` runs on Spark, and `cartsign.testing` turns cases into pytest tests. All functions are
thread-safe.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import engine
from engine import assess, assess_frame, explain

if TYPE_CHECKING:
    from engine import Assessment, KnowledgeBase, Problem, Rejected, load

__all__ = ["Assessment", "KnowledgeBase", "Problem", "Rejected", "assess", "assess_frame", "explain", "load"]
__version__ = version("cartsign")


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(engine, name)
