"""Termination on SIGINT (Ctrl-C) or SIGTERM (schedulers): with a message and exit code 3.

Until there is something to clean up, the process ends inside the signal handler, because an exception could
be swallowed by a module that is being imported. After `begin` the signal raises `KeyboardInterrupt`, so that
temporary files are removed. After `finish` the exit code is fixed, and signals are ignored. A signal that the
process inherited as ignored, as under `nohup`, stays ignored.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

UNFINISHED = 3
BROKEN_OFF = "interrupted"

_watched: list[signal.Signals] = []


def watch() -> None:
    """Install the signal handlers. Only for a process of its own, before all other imports."""
    for each in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _end_at_once)
            _watched.append(each)


def begin() -> None:
    """From now on, a signal raises `KeyboardInterrupt`, because there may be something to clean up."""
    for each in _watched:
        signal.signal(each, signal.default_int_handler)


def finish() -> None:
    """From now on, ignore signals."""
    for each in _watched:
        signal.signal(each, signal.SIG_IGN)


def _end_at_once(number: int, frame: FrameType | None) -> None:
    try:
        os.write(2, f"{BROKEN_OFF}\n".encode())
    finally:
        os._exit(UNFINISHED)
