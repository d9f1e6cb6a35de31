"""`cartsign coverage`: which rules and parts the cases exercise, and which they leave out."""

from __future__ import annotations

import json
import sys
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

import click

from engine.batch import accepted
from engine.commands.assess import Rejects
from engine.commands.printing import show_table
from engine.commands.shared import (
    BROKEN,
    FINDINGS,
    FINE,
    KB_OPTION,
    counted,
    example_cases,
    given_or_bundled,
    loaded,
    placed,
    say,
    tell,
)
from engine.coverage.document import as_plain
from engine.coverage.gaps import gaps
from engine.coverage.measure import Coverage, measured
from engine.coverage.summary import summed
from engine.model import KnowledgeBase
from engine.output import HTML, place, whole_file
from facts.answer import NUMERAL
from facts.casefile import read_cases
from facts.problem import Problem, Span, quote, render, suggest

MOST_GAPS = 10
"""How many gaps are named unless all are wanted."""


def percent(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    """The number from 0 to 100 that was written, with or without a `%` behind it."""
    if value is None:
        return None
    number = value.strip().removesuffix("%").rstrip()
    if not NUMERAL.fullmatch(number) or not 0 <= Decimal(number) <= 100:
        raise click.BadParameter(f"{quote(value)} is no share: write a number from 0 to 100", ctx, param)
    return Decimal(number)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--rule", "only", multiple=True, metavar="ID", help="Show all parts of this rule; may be repeated."
)
@click.option(
    "--threshold", callback=percent, metavar="PERCENT", help="Exit with 1 if fewer parts are covered."
)
@click.option("--red-flags", callback=percent, metavar="PERCENT", help="The same for the red flags alone.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
@click.option(
    "--html", "page", metavar="OUT", help="Write the rules with every part marked, ending in .html."
)
@click.option("--all", "everything", is_flag=True, help=f"Name all that is missing, not only {MOST_GAPS}.")
@KB_OPTION
def coverage(
    files: tuple[str, ...],
    only: tuple[str, ...],
    threshold: Decimal | None,
    red_flags: Decimal | None,
    as_document: bool,
    page: str | None,
    everything: bool,
    kb_path: str | None,
) -> None:
    """Say which rules the cases in FILE... fire and block, and which parts decide.

    FILE is whatever `assess` reads; the `cases` folder of the knowledge base if left out. A part is covered
    when it decided its rule as true in one case and as false in another.
    """
    base = given_or_bundled(kb_path)
    kb = loaded(base)
    rejects = Rejects()
    chosen = _chosen(only, base, kb)
    out = placed(place(page, [*files, base], HTML)) if page is not None else None
    found = _measured(files, base, kb, chosen, rejects)
    if out is not None:
        _write(out, found, base, kb)
    if as_document:
        say(json.dumps(as_plain(found, kb), ensure_ascii=False, indent=2))
    elif only and out is None:
        _show_rules(found)
    elif out is None:
        _show_all(found, everything)
    if out is not None:
        say(f"{counted(len(found.rules), 'rule')} in {out}", err=as_document)
    missed = list(_missed(found, threshold, red_flags, base))
    tell(missed)
    rejects.summarise()
    sys.exit(FINDINGS if missed or rejects.errors else FINE)


def _chosen(only: Sequence[str], base: str, kb: KnowledgeBase) -> set[str]:
    """The rules that are asked for, all where none is named."""
    problems = [_unknown(id, base, kb) for id in dict.fromkeys(only) if id not in kb.rules]
    if not kb.rules:
        problems = [
            Problem("no-rules", "the knowledge base has no rules to cover", Span(base), "write `rules:`")
        ]
    _stop_at(problems)
    return set(only or kb.rules)


def _unknown(id: str, base: str, kb: KnowledgeBase) -> Problem:
    help = suggest(id, list(kb.rules), "rules")
    return Problem("unknown-rule", f"no rule is called {quote(id)}", Span(base), help, subject=id)


def _measured(
    files: Sequence[str], base: str, kb: KnowledgeBase, chosen: Container[str], rejects: Rejects
) -> Coverage:
    """What the cases show of the chosen rules; without files, those that come with the knowledge base."""
    read = read_cases(files, kb.questions) if files else example_cases(base, kb)
    found = measured(kb, accepted(read, rejects.add))
    if not found.cases:
        help = "name a file of cases, or write some in the folder `cases` of the knowledge base"
        tell([Problem("no-cases", "there is no case to cover the rules with", Span(base), help)])
        rejects.summarise()
        sys.exit(FINDINGS if rejects.errors else BROKEN)
    return replace(found, rules=tuple(rule for rule in found.rules if rule.rule.id in chosen))


def _stop_at(problems: Sequence[Problem]) -> None:
    """End the run where something is wrong with what was asked."""
    if problems:
        tell(problems)
        sys.exit(BROKEN)


def _show_all(found: Coverage, everything: bool) -> None:
    """Print the table, and what is not covered."""
    from engine.coverage.terminal import overview

    show_table(overview(found))
    lacking = list(islice(gaps(found.rules), None if everything else MOST_GAPS))
    for gap in lacking:
        say("\n" + render(gap))
    say(f"\n{_said(found)}")


def _said(found: Coverage) -> str:
    """The result in a line."""
    total = summed(found.rules)
    lacking = total.parts - total.covered
    more = f"; `--all` names all, {MOST_GAPS} are above" if lacking > MOST_GAPS else ""
    return (
        f"{counted(found.cases, 'case')}: {total.covered:,} of {counted(total.parts, 'part')} covered "
        f"({total.percent} %){more}"
    )


def _show_rules(found: Coverage) -> None:
    """Print every part of each rule."""
    from engine.coverage.terminal import rule_table

    for at, rule in enumerate(found.rules):
        say("\n" if at else "", end="")
        show_table(rule_table(rule))


def _write(out: Path, found: Coverage, base: str, kb: KnowledgeBase) -> None:
    """Write the page."""
    from engine.coverage.html import coverage_page
    from engine.coverage.sources import source_lines

    lines = source_lines(base, found.rules)
    if isinstance(lines, Problem):
        _stop_at([lines])
        return
    text = coverage_page(found, kb, lines)
    with whole_file(out) as file:
        assert file is not None
        file.write(text)


def _missed(
    found: Coverage, threshold: Decimal | None, red_flags: Decimal | None, base: str
) -> Iterator[Problem]:
    """The thresholds that are not reached."""
    flagged = [rule for rule in found.rules if rule.is_red_flag]
    for least, rules, of in (
        (threshold, found.rules, "parts"),
        (red_flags, flagged, "parts of the red flags"),
    ):
        total = summed(rules)
        if least is not None and not total.reaches(least):
            message = f"{total.percent} % of the {of} are covered, fewer than {least} %"
            help = "add the cases that are named as missing"
            yield Problem("threshold", message, Span(base), help)
