"""`cartsign check`: what is wrong with a knowledge base."""

from __future__ import annotations

import sys

import click

from engine.commands.shared import BROKEN, counted, example_cases, given_or_bundled, say
from engine.loading import read_knowledge_base
from facts.case import Case
from facts.problem import render


@click.command()
@click.argument("directory", required=False, metavar="[DIR]")
def check(directory: str | None) -> None:
    """Say what is wrong with a knowledge base.

    DIR is its folder or file; the bundled one if left out. The cases in its `cases` folder are read, too.
    """
    path = given_or_bundled(directory)
    kb, problems = read_knowledge_base(path)
    if kb is not None:
        cases = list(example_cases(path, kb))
        problems = [problem for each in cases if not isinstance(each, Case) for problem in each]
    for problem in problems:
        say(render(problem) + "\n")
    if kb is None or problems:
        say(f"{path}: {counted(len(problems), 'problem')}")
        sys.exit(BROKEN)
    sizes = (counted(len(kb.rules), "rule"), counted(len(kb.questions), "question"))
    say(f"{path}: no problems in {' and '.join(sizes)} of {kb.name} {kb.version}")
