"""`cartsign assess`: a page for one case; a table and lines of JSON for many."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain, islice
from typing import IO

import click

from engine.assembly import assemble
from engine.batch import Assessed, Target, accepted, assessed
from engine.commands.choosing import called
from engine.commands.printing import show_page, show_table
from engine.commands.shared import (
    FINDINGS,
    FINE,
    KB_OPTION,
    Rejects,
    counted,
    given_or_bundled,
    loaded,
    placed,
    say,
)
from engine.model import KnowledgeBase
from engine.output import DEFAULT, place, whole_file
from engine.valuation import prepare
from facts.case import Case
from facts.casefile import read_cases
from facts.problem import Span


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help=f"Where the results go, ending in .jsonl. [many cases: {DEFAULT}; one case: nowhere]",
)
@click.option("--case", "only", metavar="ID", help="Assess this case alone, out of all that are read.")
@click.option("--json", "as_lines", is_flag=True, help="Print the assessments, one line of JSON each.")
@click.option("--all", "everything", is_flag=True, help="Show the whole page of an emergency too.")
@click.option(
    "--target",
    type=click.Choice(["experta", "columns"]),
    help="What fires the rules: experta (for one case) or columns (for many) if left out.",
)
@KB_OPTION
def assess(
    files: tuple[str, ...],
    output: str | None,
    only: str | None,
    as_lines: bool,
    everything: bool,
    target: Target | None,
    kb_path: str | None,
) -> None:
    """Assess the cases in FILE... (YAML, JSON, JSONL, CSV, folders; - for JSON lines on standard input).

    One case prints a page, many print a table and write their results.
    """
    base = given_or_bundled(kb_path)
    kb = loaded(base)
    rejects = Rejects()
    read = read_cases(files, kb.questions)
    cases = accepted(read, rejects.add) if only is None else iter([called(only, read, Span(files[0]))])
    first = list(islice(cases, 2))
    many = len(first) > 1 or target == "columns"
    saves = output is not None or (len(first) > 1 and not as_lines)
    out = placed(place(output, [*files, base])) if first and saves else None
    with whole_file(out) as results:
        if first and not many and not as_lines:
            _page(first[0], kb, everything, results)
        else:
            found = assessed(chain(first, cases), kb, target or ("columns" if many else "experta"))
            _many(found, kb, as_lines, results)
    if out is not None:
        say(f"results in {out}", err=as_lines)
    rejects.summarise()
    sys.exit(FINDINGS if rejects.errors else FINE)


def _page(case: Case, kb: KnowledgeBase, everything: bool, results: IO[str] | None) -> None:
    """Fire the rules for one case and print its page."""
    from engine.experta_target import Engine
    from engine.page import page

    assessment = assemble(Engine(prepare(kb)).fire(case.answers), case.id)
    if results is not None:
        results.write(assessment.to_json() + "\n")
    show_page(page(assessment, kb, case.about, everything))


def _many(found: Iterable[Assessed], kb: KnowledgeBase, as_lines: bool, results: IO[str] | None) -> None:
    """Print assessments as lines of JSON, or count them and print a table."""
    from engine.terminal import Overview

    overview = Overview(kb)
    for assessment in found:
        if results is not None:
            results.write(assessment.line + "\n")
        if as_lines:
            say(assessment.line)
        else:
            overview.add(assessment)
    if overview.assessed:
        show_table(overview.table())
        say(f"\n{kb.notice}" if kb.notice else "")
        say(f"{counted(overview.assessed, 'case')} assessed")
