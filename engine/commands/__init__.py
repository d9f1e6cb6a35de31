"""The command line: the only package that prints, reads arguments or exits. One module a command.

`start` runs it as a process of its own. This module imports next to nothing, so that a process that is told
to end while everything else is imported can say so.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from engine.commands.group import main

__all__ = ["main", "start"]


def start() -> None:
    """Run `cartsign` with the words of the command line. It ends with a message on any signal to end."""
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
