"""Fewer runs of the garbage collector where many objects are created that stay alive."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 200_000
"""Number of new objects after which the collector runs; Python's default is 2,000 or less."""


def look_seldom() -> None:
    """Make the collector run rarely in this process, and not at exit. For commands that own their process."""
    gc.set_threshold(ALLOCATIONS)
    atexit.register(gc.freeze)


@contextmanager
def paused() -> Iterator[None]:
    """Switch the garbage collector off in the block. Afterwards all objects count as old, without a scan."""
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
