"""`cartsign assess`: a page for one case; a file of results and a summary for many."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from engine.batch import AUDITED
from engine.batch.job import Settings
from engine.commands.ahead import one_case
from engine.commands.asked import Asked, wanted_of
from engine.commands.grammar import base_beside_cases
from engine.commands.one import chosen_one, one, saved
from engine.commands.shared import (
    BROKEN,
    CODES,
    KB_OPTION,
    UNFINISHED,
    UNREADABLE,
    LeftOut,
    loaded,
    say,
    tell,
)
from engine.output.files import DEFAULT
from engine.page import VIEWS
from facts.case import accepted
from facts.files.cases import read_cases
from facts.problem import Problem, Span, quote


@click.command(short_help="Assess cases: a page for one, a file of results for many.", epilog=CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help=f"Where the results go: .jsonl, .csv or .parquet. [many cases: {DEFAULT}; one case: nowhere]",
)
@click.option("--case", "only", metavar="ID", help="Assess this case alone, the first that has the id.")
@click.option("--json", "as_lines", is_flag=True, help="Print the assessments, one line of JSON each.")
@click.option(
    "--view",
    type=click.Choice(VIEWS),
    default=VIEWS[0],
    help=f"For whom the page of one case is. [{VIEWS[0]}]",
)
@click.option("--all", "everything", is_flag=True, help="Show all that there is, instead of a view.")
@click.option(
    "--html", metavar="OUT", help="Write the page of one case for screen and paper, ending in .html."
)
@click.option(
    "--shape",
    type=click.Choice(["wide", "full"]),
    help="Of many cases, one typed column a result, or complete assessments. [full for .jsonl, else wide]",
)
@click.option(
    "--keep", multiple=True, metavar="COLUMN", help="Carry this column or key along; as often as you like."
)
@click.option("--map", "mapped", metavar="FILE", help="What their columns and values are called here (YAML).")
@click.option("--expect", metavar="COLUMN", help="The column with the level that should come out. [expect]")
@click.option("--report", metavar="OUT", help="Write the summary as a page of HTML, with charts.")
@click.option("--near-misses", is_flag=True, help="Count for each rule the cases that were one part short.")
@click.option("--unique-id", is_flag=True, help="Reject cases whose id another one had before.")
@click.option("--max-rejects", type=click.IntRange(0), metavar="N", help="Stop after more rejects than this.")
@click.option("--resume", is_flag=True, help="Go on with a run that was broken off.")
@click.option(
    "--audit",
    type=click.IntRange(0, 10_000),
    default=AUDITED,
    metavar="N",
    help=f"Assess N sampled cases once more on experta and compare. [{AUDITED}]",
)
@click.option(
    "--seed", type=int, default=0, metavar="N", help="What the cases for --audit are drawn with. [0]"
)
@click.option(
    "--target",
    type=click.Choice(["experta", "columns"]),
    help="What fires the rules: experta (for one case) or columns (for many) if left out.",
)
@click.option(
    "--formulas", is_flag=True, help="In CSV, do not escape text that a spreadsheet would run as a formula."
)
@KB_OPTION
def assess(**given: Any) -> None:
    """Assess the cases in FILE...: YAML, JSON, JSONL, CSV, Parquet, folders; - for JSON lines from stdin.

    One case prints a page. Many write their results to OUT, what could not be read to OUT.rejects.jsonl, and
    what the run was to OUT.manifest.json, and print a summary.
    """
    settings = Settings(**{each.name: given.pop(each.name) for each in fields(Settings)})
    asked = Asked(settings=settings, **given)
    try:
        code = _assess(asked)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else BROKEN
    if code in (UNFINISHED, UNREADABLE):
        _documents_aside(asked)
    sys.exit(code)


def _documents_aside(asked: Asked) -> None:
    """Set aside pages and reports of an earlier run, if this run did not produce new ones."""
    from engine.batch.placing import earlier

    for path in (Path(each) for each in (asked.html, asked.report) if each):
        if path.is_file():
            path.replace(earlier(path))
            message = f"an earlier document is set aside as {quote(str(earlier(path)))}"
            help = "this run has made none"
            tell([Problem("set-aside", message, Span(str(path)), help, severity="warning")])


def _assess(asked: Asked) -> int:
    base = base_beside_cases(asked.files, asked.kb_path)
    kb = loaded(base)
    wanted = wanted_of(asked, kb.questions)
    if asked.only is not None:
        _without(asked, "--report", asked.report is not None)
        _without(asked, "--near-misses", asked.settings.near_misses)
        places = saved(asked, base)
        read = read_cases(asked.files, kb.questions, None, wanted.carry, wanted.renaming)
        return chosen_one(read, asked, kb, places)
    stdin = sys.stdin.buffer
    read_all, stdin = (None, stdin) if asked.is_run else one_case(asked, wanted, stdin)
    if read_all is None:
        _of_one(asked)
        from engine.commands.many import many

        return many(asked, wanted, kb, base, stdin)
    left_out, assessed, places = LeftOut(), False, saved(asked, base)
    for case in accepted(read_all, left_out.add):
        one(case, asked, kb, places)
        assessed = True
    left_out.summarise()
    if not assessed and not left_out.errors:
        say("0 cases assessed", err=True)
    return left_out.code(assessed)


def _without(asked: Asked, option: str, is_given: bool) -> None:
    """Report an option for many cases that is given together with `--case`, and end the command."""
    if is_given:
        message, help = "one case has no summary", f"leave out `{option}`, or `--case`"
        tell([Problem("one-case", message, Span("--case"), help)])
        sys.exit(BROKEN)


def _of_one(asked: Asked) -> None:
    """If `--html` was given for more than one case, report it and end the command."""
    if asked.html is not None:
        message = "a page is of one case that can be read, and here are more, or none"
        help = "name the case with `--case ID`, or leave out `-o` to see what is wrong with it"
        tell([Problem("one-case", message, Span("--html"), help)])
        sys.exit(BROKEN)
