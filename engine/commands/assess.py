"""`cartsign assess`: a page for one case; a file of results and a summary for many."""

from __future__ import annotations

import sys
from dataclasses import fields
from importlib.util import find_spec
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
    end,
    loaded,
    say,
    tell,
)
from engine.output.files import DEFAULT
from engine.page import VIEWS
from facts.case import accepted
from facts.files.cases import read_cases
from facts.problem import Problem, Span, quote


@click.command(short_help="Assess cases: print a page for one case, write a file for many.", epilog=CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help=(
        "Write the results to this file: .jsonl, .csv or .parquet. [default for"
        f" many cases: {DEFAULT}; for one case: none]"
    ),
)
@click.option("--case", "only", metavar="ID", help="Assess only the first case with this id.")
@click.option("--json", "as_lines", is_flag=True, help="Print the assessments, one line of JSON each.")
@click.option(
    "--view",
    type=click.Choice(VIEWS),
    default=VIEWS[0],
    help=f"Choose the reader of the page of one case. [{VIEWS[0]}]",
)
@click.option(
    "--prove",
    is_flag=True,
    help=(
        "On the page of one case, leave out open questions that can change nothing any more, and begin with"
        " the fewest that can settle the level. Takes a second or two, and needs z3."
    ),
)
@click.option("--all", "everything", is_flag=True, help="Show everything instead of a view.")
@click.option(
    "--html", metavar="OUT", help="Write the page of one case to this .html file, for screen and paper."
)
@click.option(
    "--shape",
    type=click.Choice(["wide", "full"]),
    help=(
        "For many cases: wide writes one column per result, full writes complete"
        " assessments. [full for .jsonl, else wide]"
    ),
)
@click.option(
    "--keep", multiple=True, metavar="COLUMN", help="Copy this column or key to the results; may be repeated."
)
@click.option(
    "--map",
    "mapped",
    metavar="FILE",
    help="A YAML file that translates names of columns and values in the case files.",
)
@click.option("--expect", metavar="COLUMN", help="The column with the expected level. [expect]")
@click.option("--report", metavar="OUT", help="Write the summary with charts to this .html file.")
@click.option(
    "--near-misses",
    is_flag=True,
    help="For each rule, count the cases in which only one part kept it from firing.",
)
@click.option("--unique-id", is_flag=True, help="Reject a case if an earlier case has the same id.")
@click.option(
    "--max-rejects", type=click.IntRange(0), metavar="N", help="Stop if more than N cases are rejected."
)
@click.option("--resume", is_flag=True, help="Continue a run that was interrupted.")
@click.option(
    "--audit",
    type=click.IntRange(0, 10_000),
    default=AUDITED,
    metavar="N",
    help=f"Check N random cases: assess them on experta, too, and compare. [{AUDITED}]",
)
@click.option("--seed", type=int, default=0, metavar="N", help="The random seed for --audit. [0]")
@click.option(
    "--target",
    type=click.Choice(["experta", "columns"]),
    help="How to evaluate the rules. [experta for one case, columns for many]",
)
@click.option(
    "--formulas", is_flag=True, help="In CSV, do not escape texts that a spreadsheet would run as formulas."
)
@KB_OPTION
def assess(**given: Any) -> None:
    """Assess the cases in FILE...: YAML, JSON, JSONL, CSV or Parquet files, or folders; - reads JSON lines
    from standard input.

    One case is printed as a page. With many cases, the command prints a summary and writes three files:
    results to OUT, rejected rows to OUT.rejects.jsonl, and a record of the run to OUT.manifest.json.
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
            message = f"a document of an earlier run was renamed to {quote(str(earlier(path)))}"
            help = "this run did not write a new one"
            tell([Problem("set-aside", message, Span(str(path)), help, severity="warning")])


def _assess(asked: Asked) -> int:
    if asked.prove and find_spec("z3") is None:
        help = "run `pip install 'cartsign[author]'`, or remove `--prove`"
        end(Problem("no-solver", "proofs need the solver z3, which is not installed", Span("--prove"), help))
    base = base_beside_cases(asked.files, asked.kb_path)
    kb = loaded(base)
    wanted = wanted_of(asked, kb.questions)
    if asked.only is not None:
        _without_summary(asked)
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


def _without_summary(asked: Asked) -> None:
    """Report an option about the summary that is given together with `--case`, and end the command."""
    given = (("--report", asked.report is not None), ("--near-misses", asked.settings.near_misses))
    for option in (option for option, is_given in given if is_given):
        message, help = "`--case` assesses one case, which has no summary", f"remove `{option}` or `--case`"
        end(Problem("one-case", message, Span("--case"), help))


def _of_one(asked: Asked) -> None:
    """If `--html` or `--prove` was given for more than one case, report it and end the command."""
    option = "--html" if asked.html is not None else "--prove" if asked.prove else None
    if option is not None:
        message = f"{quote(option)} needs exactly one readable case"
        help = (
            "choose a case with `--case ID`; if there is only one, remove `-o` to see what is wrong with it"
        )
        end(Problem("one-case", message, Span(option), help))
