"""The command line: the only package that prints, reads arguments or exits. One module per command.

`start` runs it as a process of its own. This module imports almost nothing, so that a process that receives a
signal while the rest is being imported can still print a message.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from engine.commands.group import main

__all__ = ["main", "start"]


def start() -> None:
    """Run `cartsign` with the arguments of the process; a signal to terminate ends it with a message."""
    from engine.commands import ending

    ending.watch()
    from engine.commands.group import main

    main(prog_name="cartsign")


def __getattr__(name: str) -> object:
    """Import the commands on first use."""
    if name != "main":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from engine.commands.group import main

    return main
