"""`cartsign graph`: the rules as a picture, all of them or those around a name."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from engine.commands.choosing import chosen_case
from engine.commands.grammar import base_and_others, help_for_path
from engine.commands.shared import (
    BROKEN,
    CODES,
    FINDINGS,
    KB_OPTION,
    UNFINISHED,
    counted,
    loaded,
    placed,
    say,
    tell,
)
from engine.graph import MOST_DRAWN, Graph, graph_of, graph_of_case, mermaid, svg
from engine.graph.layout import is_installed
from engine.graph.part import DRAWN, nodes_of
from engine.meaning.valuation import Prepared, Valuation, prepare
from engine.output.files import Form, place, write_whole
from engine.words.subjects import subjects
from facts.case import Case
from facts.problem import Problem, Rejected, Span

PICTURE = Form("SVG or Mermaid", (".svg", ".mmd", ".mermaid"), "-o")


@click.command(short_help="Draw the rules as a graph.", epilog=CODES)
@click.argument("words", nargs=-1, metavar="[KB] [NAME]...")
@click.option("-o", "out", metavar="OUT", help="Write a file, ending in .svg, or in .mmd for Mermaid.")
@click.option(
    "--format", "form", type=click.Choice(["svg", "mermaid"]), help="The form; Mermaid if left out."
)
@click.option(
    "--of", "case", metavar="CASE", help="Show which rules fire in CASE, a file or the id of a case."
)
@click.option("--case", "id", metavar="ID", help="The case with this id, out of all in the file.")
@click.option("--row", type=click.IntRange(min=1), metavar="N", help="The N-th case of the file, from 1.")
@KB_OPTION
def graph(
    words: tuple[str, ...],
    out: str | None,
    form: str | None,
    case: str | None,
    id: str | None,
    row: int | None,
    kb_path: str | None,
) -> None:
    """Draw the rules of the knowledge base KB as a graph: answers, findings, conditions, triage.

    NAME is a rule, finding, condition, level, item of advice or question: what leads to it is drawn, and what
    it leads to next. Without any, the whole knowledge base is drawn, its rules as edges; with a case, what
    fires in it.
    """
    base, names = base_and_others(words, kb_path)
    inputs = [base, *([case] if case is not None and os.path.exists(case) else [])]
    path = placed(place(out, inputs, PICTURE)) if out is not None else None
    if case is None and (id is not None or row is not None):
        _end(Problem("no-case", "there is no file to take a case from", Span("graph"), "name it with `--of`"))
    prepared = prepare(loaded(base))
    about = _about(names, prepared)
    drawn = _drawn(prepared, about, None if case is None else chosen_case(case, id, row, base, prepared.kb))
    if not drawn.nodes and case is not None:
        message = "no finding, condition or level is reached in this case, and none is near"
        help = "name what the graph shall be about, such as a condition: `cartsign graph NAME --of CASE`"
        _end(Problem("empty-graph", message, Span("graph"), help), FINDINGS)
    as_svg = path.suffix == ".svg" if path is not None else form == "svg"
    if path is not None and form is not None and as_svg != (form == "svg"):
        help = "leave out `--format`, or name another file"
        _end(Problem("output-kind", f"the file does not end as {form} does", Span(str(path)), help))
    _write(_picture(drawn) if as_svg else mermaid(drawn), path, drawn)


def _about(names: tuple[str, ...], prepared: Prepared) -> list[str] | None:
    """The names of the graph, or None for everything."""
    try:
        found = subjects(dict.fromkeys(names), prepared.kb, DRAWN)
    except Rejected as rejected:
        tell(replace(each, help=help_for_path(each.subject) or each.help) for each in rejected.problems)
        sys.exit(BROKEN)
    return [name for each in found for name in nodes_of(each, prepared)] if names else None


def _drawn(prepared: Prepared, about: list[str] | None, case: Case | None) -> Graph:
    if case is None:
        return graph_of(prepared, about)
    return graph_of_case(prepared, Valuation(prepared, case.answers), case.id, about)


def _picture(drawn: Graph) -> str:
    """The SVG; if igraph is missing or the graph is too large, report that and end the command."""
    if not is_installed():
        help = "run `pip install 'cartsign[author]'`, or leave out `--format` for Mermaid"
        _end(Problem("not-installed", "a picture needs igraph", Span("svg"), help), UNFINISHED)
    size = len(drawn.nodes) + len(drawn.edges)
    if size > MOST_DRAWN:
        message = f"{size:,} boxes and arrows are too many for a picture that people can read"
        help = f"name a part of it, such as a condition; at most {MOST_DRAWN:,} are drawn, Mermaid takes all"
        _end(Problem("too-large", message, Span("svg"), help), UNFINISHED)
    return svg(drawn)


def _write(text: str, path: Path | None, drawn: Graph) -> None:
    if path is None:
        say(text, end="")
        return
    write_whole(path, text)
    boxes, arrows = counted(len(drawn.nodes), "box", "boxes"), counted(len(drawn.edges), "arrow")
    say(f"{boxes} and {arrows} in {path}")


def _end(problem: Problem, code: int = BROKEN) -> NoReturn:
    tell([problem])
    sys.exit(code)
