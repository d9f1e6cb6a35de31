"""The command line: the only package that prints, reads arguments or exits. One module a command.

Exit codes: 0 fine; 1 findings (rejected or failed cases, claims left out); 2 usage or a broken knowledge
base; 3 could not finish, as the disk is full, or nobody reads what is printed.
"""

from __future__ import annotations

from typing import Any

import click

from engine.commands import assess, check, claims, coverage, explain, graph, sample, spark, test
from engine.commands.printing import escape_what_is_lacking, failures


class Commands(click.Group):
    """The commands; where the machine fails they end in words."""

    def make_context(self, *words: Any, **settings: Any) -> click.Context:
        """Read the words of the command line; `--help` prints here."""
        escape_what_is_lacking()
        with failures():
            return super().make_context(*words, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is named."""
        with failures():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cartsign", message="cartsign %(version)s")
def main() -> None:
    """A rule-based expert system for lower back pain when walking.

    It tells what four articles say about the answers of a person: information, and no diagnosis.

    Exit codes: 0 fine, 1 findings (such as rejected cases), 2 usage or a broken knowledge base, 3 could not
    finish.
    """


main.add_command(assess.assess)
main.add_command(check.check)
main.add_command(claims.claims)
main.add_command(coverage.coverage)
main.add_command(explain.explain)
main.add_command(graph.graph)
main.add_command(sample.sample)
main.add_command(spark.spark)
main.add_command(test.test)
