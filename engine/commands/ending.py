"""How a process ends on SIGINT (Ctrl-C) or SIGTERM (schedulers): with a message and exit code 3.

Until there is something to put away, the process ends in the handler itself: an exception could be swallowed
by whatever is imported at that moment. From `begin` on the signal is a `KeyboardInterrupt`, so that temporary
files are removed. After `finish` the exit code is decided, and no signal changes it. A signal that the
process was started to ignore, as under `nohup`, stays ignored.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

UNFINISHED = 3
BROKEN_OFF = "broken off"

_watched: list[signal.Signals] = []


def watch() -> None:
    """Watch for the signals in this process, from now on. For a process of our own, before all imports."""
    for each in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _end_at_once)
            _watched.append(each)


def begin() -> None:
    """From now on a signal is a `KeyboardInterrupt`, as there may be something to put away."""
    for each in _watched:
        signal.signal(each, signal.default_int_handler)


def finish() -> None:
    """From now on a signal changes nothing."""
    for each in _watched:
        signal.signal(each, signal.SIG_IGN)


def _end_at_once(number: int, frame: FrameType | None) -> None:
    try:
        os.write(2, f"{BROKEN_OFF}\n".encode())
    finally:
        os._exit(UNFINISHED)
