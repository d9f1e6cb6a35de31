"""The garbage collector, kept off where much is made that stays: it would walk it again and again."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 200_000
"""Number of new objects after which the collector runs; the default is 700."""


def look_seldom() -> None:
    """Have it look less often in this process, and not once more in the end: for a command of its own."""
    gc.set_threshold(ALLOCATIONS)
    atexit.register(gc.freeze)


@contextmanager
def paused() -> Iterator[None]:
    """Keep the garbage collector off. What is there in the end counts as old, without being walked for it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
