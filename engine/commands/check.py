"""`cartsign check`: what is wrong with a knowledge base, and what a knowledge engineer should look at."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.metadata import version

import click

from engine.commands.grammar import base_named
from engine.commands.shared import (
    BROKEN,
    FINDINGS,
    FINE,
    KB_OPTION,
    counted,
    end,
    example_cases,
    say,
    say_document,
)
from engine.loading import read_knowledge_base
from engine.model.knowledge_base import KnowledgeBase, identity
from facts.case import Case
from facts.problem import Problem, Span, gathered, quote, render, suggest

FORMATS = ("pretty", "compact", "json", "github", "sarif")


@click.command(short_help="Find errors in a knowledge base, and what deserves a look.")
@click.argument("named", required=False, metavar="[KB]")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="pretty",
    show_default=True,
    help="The format of the output.",
)
@click.option("--json", "as_document", is_flag=True, help="Short for `--format json`.")
@click.option("--explain", metavar="ID", help="Explain a check or the code of an error.")
@click.option("--list", "listed", is_flag=True, help="List all checks.")
@KB_OPTION
def check(
    named: str | None,
    form: str,
    as_document: bool,
    explain: str | None,
    listed: bool,
    kb_path: str | None,
) -> None:
    """Find errors in a knowledge base, and what deserves a look.

    KB is a folder or a file. The cases in its folder `cases` are checked, too.

    To allow what a check finds in an entry, write `# cartsign: allow ID because REASON` above the entry.

    Exit codes: 0 if nothing was found, 1 if checks found something, 2 if errors keep the knowledge base from
    being used.
    """
    if explain is not None or listed:
        _pages(explain)
    path = base_named([each for each in (named, kb_path) if each is not None])
    kb, problems = examined(path)
    form = "json" if as_document else form
    if form == "pretty":
        _pretty(path, kb, problems)
    elif form == "json":
        from engine.checks.report import as_json

        say_document(as_json(problems, path, None if kb is None else identity(kb), os.getcwd()))
    else:
        from engine.checks import CHECKS

        formatted(form, problems, [check.id for check in CHECKS])
    sys.exit(BROKEN if any(each.severity == "error" for each in problems) else FINDINGS if problems else FINE)


def examined(path: str) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The knowledge base (None if it does not load) and its problems: errors, or else problems of its cases
    and findings.

    If a case cannot be read, findings about missing cases are omitted.
    """
    kb, problems = read_knowledge_base(path)
    if kb is None:
        return None, problems
    reads = list(example_cases(path, kb))
    broken = [problem for each in reads if not isinstance(each, Case) for problem in each]
    from engine.checks import findings
    from engine.checks.examination import examination

    is_whole = all(problem.severity == "warning" for problem in broken)
    cases = [each for each in reads if isinstance(each, Case)] if is_whole else None
    return kb, [*broken, *findings(examination(kb, path, cases))]


def _pages(explain: str | None) -> None:
    """Print the page of a check or error code, or the list of all checks."""
    from engine.checks import CHECKS, PROVED
    from engine.checks.codes import CODES, meaning_of
    from engine.checks.page import explained, explained_code, page_of

    ids = [*(check.id for check in CHECKS), *PROVED]
    if explain is None:
        for id in ids:
            say(f"{id:<{max(map(len, ids))}}  {page_of(id).title}")
    elif explain in ids:
        say(explained(page_of(explain)))
    elif meaning_of(explain):
        say(explained_code(explain))
    else:
        help = suggest(explain, [*ids, *CODES], "checks") or "`cartsign check --list` lists all checks"
        message = f"there is no check {quote(explain)}"
        end(Problem("unknown-check", message, Span("--explain"), help, subject=explain))
    sys.exit(FINE)


def _pretty(path: str, kb: KnowledgeBase | None, problems: Sequence[Problem]) -> None:
    """Print each problem with its source line, then the number of each kind."""
    problems = gathered(problems)
    for problem in problems:
        say(render(problem) + "\n")
    if kb is not None and not problems:
        sizes = (counted(len(kb.rules), "rule"), counted(len(kb.questions), "question"))
        say(f"{path}: no problems in {' and '.join(sizes)} of {kb.name} {kb.version}")
        return
    times = Counter(problem.code for problem in problems).most_common()
    if times[1:]:
        widest = max(len(f"{number:,}") for _, number in times)
        say("\n".join(f"{number:>{widest},}  {code}" for code, number in times))
    say(f"{path}: {counted(len(problems), 'problem')}")
    if any(problem.severity == "warning" for problem in problems):
        say("`cartsign check --explain ID` explains a check and how to allow what it finds")


def formatted(form: str, problems: Sequence[Problem], checks: Iterable[str]) -> None:
    """Print problems as a SARIF log that describes these checks, or each in one line."""
    from engine.checks.page import page_of
    from engine.checks.report import as_sarif, compact, github

    here = os.getcwd()
    if form == "sarif":
        say_document(as_sarif(problems, [page_of(id) for id in checks], version("cartsign"), here))
        return
    for problem in problems:
        say(compact(problem) if form == "compact" else github(problem, here))
