"""Coverage in the terminal: a table of files, one of rules, and one of the parts of a rule.

In: the coverage of rules. Out: renderables of rich.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.coverage.deeper import Part
from engine.coverage.measure import Coverage, PartCoverage, RuleCoverage, Tally
from engine.coverage.summary import Summary, below, by_file, red_flags, summed
from engine.words.rule_text import headed
from facts.problem import printable


def overview(coverage: Coverage, base: str) -> RenderableType:
    """The coverage per file, in total, and of the red flags."""
    table = _table("file", "rules", "fired", "blocked", "parts", "covered", "%")
    for file, rules in by_file(coverage.rules).items():
        table.add_row(Text(printable(below(file, base))), *_counts(summed(rules)))
    if coverage.lines:
        table.add_row(Text("lines of scores"), *_counts(summed((), coverage.lines)))
    table.add_row(Text("all"), *_counts(summed(coverage.rules, coverage.lines)), style="bold")
    if flagged := red_flags(coverage.rules):
        table.add_row(Text("red flags"), *_counts(summed(flagged)), style="bold")
    return table


def figures(rows: Iterable[Part], heading: str, counted: str, covered: str) -> RenderableType:
    """Rows of figures: how many there are, how many of them count, and how many are covered."""
    table = _table(heading, "all", counted, covered, "%")
    for row in rows:
        style = "yellow" if row.covered < row.counted else ""
        numbers = (Text(f"{row.all:,}"), Text(f"{row.counted:,}"), Text(f"{row.covered:,}", style))
        whole = "bold" if row.name in ("all", "red flags") else ""
        table.add_row(Text(row.name), *numbers, Text(f"{row.percent}"), style=whole)
    return table


def _counts(found: Summary) -> Iterator[Text]:
    """The cells of a row; incomplete counts are highlighted."""
    cells = (
        (found.rules, found.rules),
        (found.fired, found.rules),
        (found.blocked, found.rules - found.for_everybody),
        (found.parts, found.parts),
        (found.covered, found.parts),
    )
    yield from (Text(f"{number:,}", "yellow" if number < most else "") for number, most in cells)
    yield Text(f"{found.percent}")


def rules_table(coverage: Coverage) -> RenderableType:
    """In how many cases each rule fired, was blocked or stayed open, and how many parts are covered."""
    table = _table("rule", "fired in", "blocked in", "open in", "parts", "covered")
    for rule in coverage.rules:
        style = "" if rule.covered else "yellow"
        parts = rule.counted
        counts = (rule.fired.cases, rule.blocked.cases, rule.open.cases)
        numbers = (*counts, len(parts), sum(part.covered for part in parts))
        table.add_row(Text(rule.rule.id, style), *(f"{number:,}" if number else "-" for number in numbers))
    return table


def rule_table(rule: RuleCoverage) -> RenderableType:
    """Every part of a rule with, for each truth value, the number of cases, the number that it decides, and
    an example.
    """
    flag = ", a red flag" if rule.is_red_flag else ""
    title = Text(printable(f"{rule.rule.id}{flag} ({rule.rule.span})"), "bold")
    table = _table("part", "decides as true", "as false", "as unknown", "for example")
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
    for part in rule.parts:
        words = "  " * len(part.placed.above) + headed(part.placed.part)
        cells = (_decided(part.true), _decided(part.false), _decided(part.unknown))
        example = _example(part) if part.placed.is_innermost else ""
        table.add_row(Text(printable(words), _style(part)), *cells, Text(example, "dim"))
    return Group(title, table)


def _decided(tally: Tally) -> Text:
    return Text(f"{tally.decided:,} of {tally.cases:,}" if tally.cases else "-")


def _style(part: PartCoverage) -> str:
    return "yellow" if part.counts and not (part.covered and all(each.covered for each in part.edges)) else ""


def _example(part: PartCoverage) -> str:
    named = [("true", part.true), ("false", part.false)]
    named += [(f"at {each.edge.value}", each.tally) for each in part.edges]
    return "\n".join(f"{where}: {printable(tally.witness)}" for where, tally in named if tally.decided)


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for at, heading in enumerate(headings):
        table.add_column(heading, justify="right" if at else "left", overflow="fold", no_wrap=at > 0)
    return table
