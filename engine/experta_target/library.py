"""The import of experta, without side effects on the process; the other modules here import it from this one.

experta 1.9.4 pins frozendict 1.2, which needs `collections.Mapping`, and it configures the root logger on
import. Either would affect the rest of a host program, so both are undone after the import.
"""

from __future__ import annotations

import collections
import collections.abc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

__all__ = ["Activation", "DepthStrategy", "Matcher", "experta", "unlogged"]

_unlogged = ContextVar("unlogged", default=False)


@contextmanager
def unlogged() -> Iterator[None]:
    """Keep experta's log records of facts and firings, which are a person's answers, out of the host's log.

    Callers of `experta.watch` still see them.
    """
    token = _unlogged.set(True)
    try:
        yield
    finally:
        _unlogged.reset(token)


@contextmanager
def _with_mapping() -> Iterator[None]:
    """Provide `collections.Mapping`, which Python 3.10 removed, inside the block, unless the host provides
    it.
    """
    if hasattr(collections, "Mapping"):
        yield
        return
    collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del collections.Mapping  # type: ignore[attr-defined]


@contextmanager
def _without_log_setup() -> Iterator[None]:
    """Ignore experta's calls of `logging.basicConfig`; calls by other threads still work."""
    set_up = logging.basicConfig

    def unless_experta(**settings: Any) -> None:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if caller.partition(".")[0] != "experta":
            set_up(**settings)

    logging.basicConfig = unless_experta
    try:
        yield
    finally:
        logging.basicConfig = set_up


with _with_mapping():
    import frozendict  # noqa: F401
with _without_log_setup():
    import experta
    from experta.abstract import Matcher
    from experta.activation import Activation
    from experta.strategies import DepthStrategy
    from experta.watchers import FACTS, RULES


def _is_wanted(record: logging.LogRecord) -> bool:
    return not _unlogged.get() or logging.getLogger(record.name).level != logging.NOTSET


for _watcher in (FACTS, RULES):
    _watcher.addFilter(_is_wanted)
