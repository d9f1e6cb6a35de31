"""`cartsign test`: whether the cases of a knowledge base give the expected results, and why not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from time import monotonic

import click

from engine.casetest.running import Outcome, outcomes, violated
from engine.casetest.updating import rewritten, write
from engine.commands.grammar import base_and_others, out_path
from engine.commands.shared import (
    BROKEN,
    CODES,
    KB_OPTION,
    UNREADABLE,
    counted,
    end,
    loaded,
    put,
)
from engine.commands.tested import Run, print_document, print_text
from engine.output.files import JUNIT, write_whole
from facts.case import Case, Unread, accepted
from facts.files.cases import read_cases
from facts.problem import Problem, Span, quote, suggest

EVERY = 0.2
"""Seconds between updates of the progress."""


@click.command(short_help="Run cases and show which ones fail, and why.", epilog=CODES)
@click.argument("words", nargs=-1, metavar="[KB] [FILE]...")
@click.option(
    "--case",
    "only",
    multiple=True,
    metavar="ID",
    help="Run only this case, or all that match, such as `leg-*`.",
)
@click.option("--columns", is_flag=True, help="Evaluate the rules on columns instead of experta.")
@click.option(
    "--update",
    is_flag=True,
    help="Change expectations that fail to what the rules give, and show the changes.",
)
@click.option("--junit", "report", metavar="OUT", help="Write a JUnit report to this .xml file.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
@KB_OPTION
def test(
    words: tuple[str, ...],
    only: tuple[str, ...],
    columns: bool,
    update: bool,
    report: str | None,
    as_document: bool,
    kb_path: str | None,
) -> None:
    """Run the cases of the knowledge base KB and show which ones fail, and why.

    FILE is any file or folder that `assess` reads; the default is the folder `cases` of the knowledge base. A
    case marked `todo: REASON` may fail; once it passes, the command reports it as failed, so that the mark is
    removed. The properties of `safety` are tested on the cases, too.

    The exit code is 1 if a case fails, expects nothing, breaks a property or cannot be read. An expectation
    that --update has changed no longer fails.
    """
    base, files = base_and_others(words, kb_path)
    kb = loaded(base)
    named = files or (_examples(base),)
    out = out_path(report, [*named, base], JUNIT)
    run = Run(kb, "columns" if columns else "experta")
    cases = accepted(read_cases(named, kb.questions), run.reject)
    chosen = _chosen(cases, only, run, named[0]) if only else cases
    run.outcomes += _with_progress(outcomes(chosen, kb, run.target))
    run.violated += violated(kb, [outcome.case for outcome in run.outcomes])
    for each in rewritten(run.outcomes) if update else ():
        if each.changed:
            write(each)
        run.rewritten.append(each)
    if out is not None:
        _write(out, run)
    (print_document if as_document else print_text)(run)
    sys.exit(run.code())


def _examples(base: str) -> str:
    """The folder of cases of a knowledge base; if there is none, report that and end the command."""
    folder = Path(base, "cases")
    if not os.path.isdir(folder):
        help = "write cases in that folder, or name files: `cartsign test FILE...`"
        end(Problem("no-cases", "the knowledge base has no folder `cases`", Span(base), help))
    return str(folder)


def _chosen(cases: Iterable[Case], only: tuple[str, ...], run: Run, file: str) -> list[Case]:
    """The selected cases; problems of other unreadable cases are not reported."""
    read = list(cases)
    ids = [case.id for case in read]
    for wanted in only:
        if wanted not in ids and not any(fnmatchcase(id, wanted) for id in ids):
            help = suggest(wanted, ids, "cases") or f"{counted(len(ids), 'case')} could be read"
            unknown = Problem("unknown-case", f"there is no case {quote(wanted)}", Span(file), help)
            others = [problem for problems in run.unreadable for problem in problems]
            is_unread = any(isinstance(each, Unread) for each in run.unreadable)
            end(*others, unknown, code=UNREADABLE if is_unread else BROKEN)
    run.unreadable.clear()
    return [case for case in read if any(case.id == each or fnmatchcase(case.id, each) for each in only)]


def _with_progress(found: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes; in a terminal, their number so far is shown."""
    shows, said = sys.stderr.isatty(), monotonic()
    for number, outcome in enumerate(found, 1):
        if shows and monotonic() - said > EVERY:
            put(f"\r{counted(number, 'case')}", err=True)
            said = monotonic()
        yield outcome
    put("\r\x1b[K" if shows else "", err=True)


def _write(out: Path, run: Run) -> None:
    from engine.casetest.junit import junit

    write_whole(out, junit(run.outcomes, run.unreadable))
