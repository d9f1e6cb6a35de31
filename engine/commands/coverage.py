"""`cartsign coverage`: which rules and parts the cases exercise, and which they do not."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.grammar import base_and_others, out_path
from engine.commands.lacking import case_file, need_solver
from engine.commands.printing import show_table
from engine.commands.shared import (
    CODES,
    FINDINGS,
    FINE,
    KB_OPTION,
    UNREADABLE,
    LeftOut,
    counted,
    end,
    example_cases,
    loaded,
    say,
    say_document,
    tell,
)
from engine.coverage.document import as_plain
from engine.coverage.gaps import gaps
from engine.coverage.measure import Coverage, measured
from engine.coverage.summary import missed, summed
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import HTML, write_whole
from facts.answer import NUMERAL
from facts.case import Case, accepted
from facts.files.cases import read_cases
from facts.problem import Problem, Span, quote, render, suggest

if TYPE_CHECKING:
    from engine.coverage.deeper import Deeper, Found

FILE = "missing.yaml"
MOST_GAPS = 10
"""Maximum number of gaps named, unless `--all` is given."""


def percent(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    """A click callback for a number from 0 to 100, with an optional `%`."""
    if value is None:
        return None
    number = value.strip().removesuffix("%").rstrip()
    if not NUMERAL.fullmatch(number) or not 0 <= Decimal(number) <= 100:
        raise click.BadParameter(
            f"{quote(value)} is not a percentage: write a number from 0 to 100", ctx, param
        )
    return Decimal(number)


@click.command(short_help="Show which rules and parts the cases exercise.", epilog=CODES)
@click.argument("words", nargs=-1, metavar="[KB] [FILE]...")
@click.option(
    "--rule", "only", multiple=True, metavar="ID", help="Show all parts of this rule; may be repeated."
)
@click.option(
    "--threshold", callback=percent, metavar="PERCENT", help="Exit with code 1 if fewer parts are covered."
)
@click.option(
    "--red-flags",
    callback=percent,
    metavar="PERCENT",
    help="The same, but only for red flags: rules for a level with `red_flag: true`.",
)
@click.option(
    "--mcdc",
    is_flag=True,
    help="Measure which parts, options and bounds decide alone (MC/DC), and find the missing cases.",
)
@click.option(
    "--mcdc-threshold",
    callback=percent,
    metavar="PERCENT",
    help="Exit with code 1 if the cases show less of MC/DC. With --mcdc, --red-flags applies to it, too.",
)
@click.option(
    "--mutate", is_flag=True, help="Measure how many small changes of the knowledge base the cases notice."
)
@click.option(
    "--mutate-threshold",
    callback=percent,
    metavar="PERCENT",
    help="Exit with code 1 if the cases notice fewer of the changes.",
)
@click.option(
    "--write-cases",
    "folder",
    metavar="DIR",
    help="With --mcdc or --mutate, write the missing cases to this folder, to be confirmed.",
)
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
@click.option(
    "--html", "page", metavar="OUT", help="Write the rules, with every part marked, to this .html file."
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=f"Show every rule and every gap instead of the first {MOST_GAPS}.",
)
@KB_OPTION
def coverage(
    words: tuple[str, ...],
    only: tuple[str, ...],
    threshold: Decimal | None,
    red_flags: Decimal | None,
    mcdc: bool,
    mcdc_threshold: Decimal | None,
    mutate: bool,
    mutate_threshold: Decimal | None,
    folder: str | None,
    as_document: bool,
    page: str | None,
    everything: bool,
    kb_path: str | None,
) -> None:
    """Show which rules of the knowledge base KB the cases fire and block, and which parts decide.

    FILE is any file or folder that `assess` reads; the default is the folder `cases` of the knowledge base. A
    part is covered if it decides its rule by being true in one case and by being false in another.

    --mcdc asks for more: for each part, option and bound, cases in which the rule depends on it alone, also
    with the value on the bound and one step off. --mutate makes small changes to the knowledge base, one at a
    time, and shows those that no case and no property notices. What is proved to be impossible is not
    counted.
    """
    base, files = base_and_others(words, kb_path)
    mcdc, mutate = mcdc or mcdc_threshold is not None, mutate or mutate_threshold is not None
    if mcdc or mutate:
        need_solver("coverage")
    elif folder is not None:
        help = "add `--mcdc`, `--mutate` or both"
        message = "only --mcdc and --mutate find cases to write"
        end(Problem("nothing-to-write", message, Span("--write-cases"), help))
    kb = loaded(base)
    left_out = LeftOut()
    chosen = _chosen(only, base, kb, red_flags is not None)
    out = out_path(page, [*files, base], HTML)
    to = None if folder is None else case_file(folder, FILE)
    cases = list(_cases(files, base, kb, left_out)) if mcdc or mutate else _cases(files, base, kb, left_out)
    found = _measured(cases, base, kb, chosen, left_out)
    if out is not None:
        _write(out, found, base, kb)
        say(f"{_covered(found)}, as shown in {out}", err=as_document)
    shown = out is None and not as_document
    if shown:
        _show(found, base, bool(only), everything)
    deeper, lacking = None, []
    if mcdc or mutate:
        from engine.commands.deeper import measured_deeper, show_deeper, write_missing

        deeper = measured_deeper(kb, list(cases), chosen, mcdc, mutate)
        lacking = list(deeper.found(None if everything or to else MOST_GAPS))
        if shown:
            show_deeper(deeper, lacking)
        if to is not None:
            write_missing(to, lacking, kb)
    if as_document:
        say_document(_document(found, kb, deeper, lacking))
    few = list(missed(found, threshold, red_flags, Span(base)))
    few += [] if deeper is None else _too_few(deeper, mcdc_threshold, mutate_threshold, red_flags, base)
    tell(few)
    left_out.summarise()
    code = left_out.code(assessed=True)
    sys.exit(FINDINGS if few and code == FINE else code)


def _document(
    found: Coverage, kb: KnowledgeBase, deeper: Deeper | None, lacking: Sequence[Found]
) -> dict[str, object]:
    if deeper is None:
        return as_plain(found, kb)
    from engine.coverage.deeper import document

    return as_plain(found, kb, document(deeper, lacking))


def _too_few(
    deeper: Deeper, mcdc: Decimal | None, mutants: Decimal | None, red_flags: Decimal | None, base: str
) -> list[Problem]:
    from engine.coverage.deeper import too_few

    return list(too_few(deeper, mcdc, mutants, red_flags, Span(base)))


def _chosen(only: Sequence[str], base: str, kb: KnowledgeBase, for_red_flags: bool) -> set[str]:
    """The selected rules, by default all; there must be at least one, and red flags if `for_red_flags`."""
    unknown = [_unknown(id, base, kb) for id in dict.fromkeys(only) if id not in kb.rules]
    if unknown:
        end(*unknown)
    chosen = set(only or kb.rules)
    if not chosen:
        message = "the knowledge base has no rules, so there is nothing to cover"
        end(Problem("no-rules", message, Span(base), "write a rule in a section `rules`"))
    if for_red_flags and not any(kb.is_red_flag(kb.rules[id]) for id in chosen):
        help = "mark the levels of red flags with `red_flag: true`, or remove `--red-flags`"
        end(Problem("no-red-flags", "no rule is a red flag", Span(base), help))
    return chosen


def _unknown(id: str, base: str, kb: KnowledgeBase) -> Problem:
    help = suggest(id, list(kb.rules), "rules")
    return Problem("unknown-rule", f"there is no rule {quote(id)}", Span(base), help, subject=id)


def _cases(files: Sequence[str], base: str, kb: KnowledgeBase, left_out: LeftOut) -> Iterator[Case]:
    """The cases in the files, or in the `cases` folder of the knowledge base without files."""
    read = read_cases(files, kb.questions) if files else example_cases(base, kb)
    return accepted(read, left_out.add)


def _measured(
    cases: Iterable[Case], base: str, kb: KnowledgeBase, chosen: Collection[str], left_out: LeftOut
) -> Coverage:
    """The coverage of the chosen rules by the cases."""
    found = measured(kb, cases)
    if not found.cases and left_out.errors:
        left_out.summarise()
        sys.exit(UNREADABLE)
    if not found.cases:
        help = "name a file of cases, or write cases in the folder `cases` of the knowledge base"
        end(Problem("no-cases", "there are no cases", Span(base), help))
    lines = found.lines if len(chosen) == len(kb.rules) else ()
    return replace(found, rules=tuple(rule for rule in found.rules if rule.rule.id in chosen), lines=lines)


def _show(found: Coverage, base: str, each_part: bool, everything: bool) -> None:
    """Print the tables of files and rules, or of the parts of each rule, and the gaps."""
    from engine.coverage.terminal import overview, rule_table, rules_table

    rules = [rules_table(found)] if everything else []
    tables = [rule_table(rule) for rule in found.rules] if each_part else [overview(found, base), *rules]
    for table in tables:
        show_table(table)
        say("")
    lacking = list(gaps(found.rules, found.lines))
    named = lacking if everything else lacking[:MOST_GAPS]
    for gap in named:
        say(render(gap) + "\n")
    if len(lacking) > len(named):
        say(f"and {len(lacking) - len(named):,} more, which `--all` shows\n")
    say(_covered(found))


def _covered(found: Coverage) -> str:
    total = summed(found.rules, found.lines)
    parts = f"{total.covered:,} of {counted(total.parts, 'part')}"
    return f"{parts} covered ({total.percent} %) by {counted(found.cases, 'case')}"


def _write(out: Path, found: Coverage, base: str, kb: KnowledgeBase) -> None:
    from engine.coverage.html import coverage_page, source_lines

    lines = source_lines(base, found.rules)
    if isinstance(lines, Problem):
        end(lines)
    write_whole(out, coverage_page(found, kb, base, lines))
