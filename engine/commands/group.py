"""The group of all commands: dispatches to one of them, and never ends in a traceback.

`CODES` in `engine.commands.shared` lists the exit codes.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from engine.collector import look_seldom
from engine.commands import ending
from engine.commands.printing import escape_what_is_lacking, failures
from engine.commands.shared import CODES
from facts.nearest import nearest

NAMES = (
    "assess",
    "check",
    "claims",
    "coverage",
    "diff",
    "explain",
    "graph",
    "rename",
    "sample",
    "spark",
    "test",
    "verify",
)


class Commands(click.Group):
    """The commands; failures of the machine end them with a message.

    Only the requested command is imported, because importing all takes longer than assessing a case.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in alphabetical order."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported from its module, or None."""
        if cmd_name not in NAMES:
            return None
        command: click.Command = getattr(import_module(f"engine.commands.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The requested command; a misspelt name gets a suggestion."""
        near = nearest(args[0], NAMES) if args[0] not in NAMES else ""
        if near and not ctx.resilient_parsing:
            ctx.fail(f"No such command '{args[0]}'. (Did you mean '{near}'?)")
        return super().resolve_command(ctx, args)

    def make_context(self, *words: Any, **settings: Any) -> click.Context:
        """Parse the command line; `--help` prints from here."""
        look_seldom()
        escape_what_is_lacking()
        with failures():
            return super().make_context(*words, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the requested command."""
        try:
            with failures():
                return super().invoke(ctx)
        finally:
            ending.finish()


@click.group(cls=Commands, epilog=CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cartsign", message="cartsign %(version)s")
def main() -> None:
    """A rule-based expert system: rules in YAML, fired for one case or evaluated for millions.

    Some commands take a knowledge base as argument (cartsign check KB). Others take cases, and the knowledge
    base with --kb KB. KB is a folder or a file; the default is the knowledge base that comes with cartsign.
    It is about lower back pain when walking: information from four articles, not a diagnosis.
    """
