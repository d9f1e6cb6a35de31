"""The command line. The only module that prints, reads arguments or exits.

Exit codes: 0 fine; 1 findings (rejected cases); 2 usage or a broken knowledge base; 3 could not finish.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

import click

from engine.assembly import assemble
from engine.batch import Assessed, Target, accepted, assessed
from engine.bundled import bundled
from engine.loading import read_knowledge_base
from engine.model import KnowledgeBase
from engine.output import DEFAULT, place, whole_file
from engine.valuation import prepare
from facts.case import Case
from facts.casefile import read_cases
from facts.problem import Problem, Span, render

FINE, FINDINGS, BROKEN, UNFINISHED = 0, 1, 2, 3
PAGE_WIDTH = 96
PIPE_WIDTH = 120

KB_OPTION = click.option(
    "--kb",
    "kb_path",
    metavar="PATH",
    help="The knowledge base, a folder or a file; the bundled one if left out.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cartsign", message="cartsign %(version)s")
def main() -> None:
    """A rule-based expert system for lower back pain when walking.

    It tells what four articles say about the answers of a person: information, and no diagnosis.

    Exit codes: 0 fine, 1 findings (such as rejected cases), 2 usage or a broken knowledge base, 3 could not
    finish.
    """


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help=f"Where the results go, ending in .jsonl. [many cases: {DEFAULT}; one case: nowhere]",
)
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
    as_lines: bool,
    everything: bool,
    target: Target | None,
    kb_path: str | None,
) -> None:
    """Assess the cases in FILE... (YAML, JSON, JSONL, CSV, folders; - for JSON lines on standard input).

    One case prints a page, many print a table and write their results.
    """
    kb = _load(kb_path)
    rejects = Rejects()
    cases = accepted(read_cases(files, kb.questions), rejects.add)
    first = list(islice(cases, 2))
    many = len(first) > 1 or target == "columns"
    saves = output is not None or (len(first) > 1 and not as_lines)
    out = _place(output, files) if first and saves else None
    with _failures(), whole_file(out) as results:
        if first and not many and not as_lines:
            _page(first[0], kb, everything, results)
        else:
            found = assessed(chain(first, cases), kb, target or ("columns" if many else "experta"))
            _many(found, kb, as_lines, results)
    if out is not None:
        click.echo(f"results in {out}", err=as_lines)
    rejects.summarise()
    sys.exit(FINDINGS if rejects.errors else FINE)


@main.command()
@click.argument("directory", required=False, metavar="[DIR]")
def check(directory: str | None) -> None:
    """Say what is wrong with a knowledge base.

    DIR is its folder or file; the bundled one if left out. The cases in its `cases` folder are read, too.
    """
    path = directory if directory is not None else str(bundled())
    kb, problems = read_knowledge_base(path)
    examples = Path(path, "cases")
    if kb is not None and examples.is_dir():
        cases = list(read_cases([examples], kb.questions))
        problems = [problem for each in cases if not isinstance(each, Case) for problem in each]
    for problem in problems:
        click.echo(render(problem) + "\n")
    if kb is None or problems:
        click.echo(f"{path}: {_count(len(problems), 'problem')}")
        sys.exit(BROKEN)
    sizes = (_count(len(kb.rules), "rule"), _count(len(kb.questions), "question"))
    click.echo(f"{path}: no problems in {' and '.join(sizes)} of {kb.name} {kb.version}")


@dataclass
class Rejects:
    """Prints problems as they come and counts what they cost."""

    errors: int = 0

    def add(self, problems: list[Problem]) -> None:
        """Take the problems of one case, row, column or file."""
        self.errors += any(problem.severity == "error" for problem in problems)
        for problem in problems:
            click.echo(render(problem), err=True)

    def summarise(self) -> None:
        """Say that something was left out."""
        if self.errors:
            left_out = _count(self.errors, "case, row or file", "cases, rows or files")
            click.echo(f"left out for the problems named above: {left_out}", err=True)


def _load(path: str | None) -> KnowledgeBase:
    kb, problems = read_knowledge_base(path if path is not None else bundled())
    if kb is None:
        for problem in problems:
            click.echo(render(problem), err=True)
        click.echo(f"the knowledge base has {_count(len(problems), 'problem')} and is not used", err=True)
        sys.exit(BROKEN)
    return kb


def _page(case: Case, kb: KnowledgeBase, everything: bool, results: IO[str] | None) -> None:
    """Fire the rules for one case and print its page."""
    from rich.console import Console

    from engine.experta_target import Engine
    from engine.page import page
    from engine.terminal import rendered

    assessment = assemble(Engine(prepare(kb)).fire(case.answers), case.id)
    if results is not None:
        results.write(assessment.to_json() + "\n")
    console = Console(highlight=False)
    sections = page(assessment, kb, case.about, everything)
    console.print(rendered(sections, min(console.width, PAGE_WIDTH)), end="")


def _many(found: Iterable[Assessed], kb: KnowledgeBase, as_lines: bool, results: IO[str] | None) -> None:
    """Print assessments as lines of JSON, or count them and print a table."""
    from rich.console import Console

    from engine.terminal import Overview

    overview = Overview(kb)
    for assessment in found:
        if results is not None:
            results.write(assessment.line + "\n")
        if as_lines:
            click.echo(assessment.line)
        else:
            overview.add(assessment)
    if overview.assessed:
        Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH).print(overview.table())
        click.echo(f"\n{kb.notice}" if kb.notice else "")
        click.echo(f"{_count(overview.assessed, 'case')} assessed")


def _place(output: str | None, files: tuple[str, ...]) -> Path:
    path = place(output, files)
    if isinstance(path, Problem):
        click.echo(render(path), err=True)
        sys.exit(BROKEN)
    return path


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what the machine cannot do into words."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        place = Span(str(error.filename or "output"))
        said = (error.strerror or "failed").lower()
        click.echo(
            render(Problem("cannot-write", said, place, "see to the disk, then run it again")), err=True
        )
        sys.exit(UNFINISHED)


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"
