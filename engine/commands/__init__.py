"""The command line: the only package that prints, reads arguments or exits. One module a command.

Exit codes: 0 fine; 1 findings (rejected cases, claims left out); 2 usage or a broken knowledge base; 3 could
not finish.
"""

from __future__ import annotations

import click

from engine.commands import assess, check, claims


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
