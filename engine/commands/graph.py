"""`cartsign graph`: the rules as a picture, all of them or those around a name."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from engine.commands.choosing import chosen_case
from engine.commands.grammar import base_and_others, help_for_path, out_path
from engine.commands.shared import (
    CODES,
    FINDINGS,
    KB_OPTION,
    UNFINISHED,
    counted,
    end,
    loaded,
    say,
)
from engine.graph import MOST_DRAWN, Graph, graph_of, graph_of_case, mermaid, svg
from engine.graph.layout import is_installed
from engine.graph.part import DRAWN, nodes_of
from engine.meaning.valuation import Prepared, Valuation, prepare
from engine.output.files import Form, write_whole
from engine.words.subjects import subjects
from facts.case import Case
from facts.problem import Problem, Rejected, Span

PICTURE = Form("SVG or Mermaid", (".svg", ".mmd", ".mermaid"), "-o")


@click.command(short_help="Draw the rules as a graph.", epilog=CODES)
@click.argument("words", nargs=-1, metavar="[KB] [NAME]...")
@click.option("-o", "out", metavar="OUT", help="Write to this file: .svg for a picture, .mmd for Mermaid.")
@click.option(
    "--format", "form", type=click.Choice(["svg", "mermaid"]), help="The format of the output. [mermaid]"
)
@click.option(
    "--of", "case", metavar="CASE", help="Show which rules fire in CASE, a file of cases or the id of a case."
)
@click.option("--case", "id", metavar="ID", help="With --of, use the case with this id.")
@click.option(
    "--row",
    type=click.IntRange(min=1),
    metavar="N",
    help="With --of, use the N-th case of the file, counted from 1.",
)
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

    NAME is a rule, finding, condition, level, item of advice or question. The graph shows everything that
    leads to NAME, and what follows directly from NAME. Without NAME, it shows the whole knowledge base with
    rules as arrows, or with --of what fires in the case.
    """
    base, names = base_and_others(words, kb_path)
    inputs = [base, *([case] if case is not None and os.path.exists(case) else [])]
    path = out_path(out, inputs, PICTURE)
    if case is None and (id is not None or row is not None):
        message, help = "`--case` and `--row` need a file of cases", "name the file with `--of`"
        end(Problem("no-case", message, Span("graph"), help))
    prepared = prepare(loaded(base))
    about = _about(names, prepared)
    drawn = _drawn(prepared, about, None if case is None else chosen_case(case, id, row, base, prepared.kb))
    if not drawn.nodes and case is not None:
        message = "this case reaches no finding, condition or level, and comes near none"
        help = "name what to draw, such as a condition: `cartsign graph NAME --of CASE`"
        end(Problem("empty-graph", message, Span("graph"), help), code=FINDINGS)
    as_svg = path.suffix == ".svg" if path is not None else form == "svg"
    if path is not None and form is not None and as_svg != (form == "svg"):
        message = f"the name of the file does not fit the format {form}"
        end(Problem("output-kind", message, Span(str(path)), "remove `--format`, or name another file"))
    _write(_picture(drawn) if as_svg else mermaid(drawn), path, drawn)


def _about(names: tuple[str, ...], prepared: Prepared) -> list[str] | None:
    """The names of the graph, or None for everything."""
    try:
        found = subjects(dict.fromkeys(names), prepared.kb, DRAWN)
    except Rejected as rejected:
        end(*(replace(each, help=help_for_path(each.subject) or each.help) for each in rejected.problems))
    return [name for each in found for name in nodes_of(each, prepared)] if names else None


def _drawn(prepared: Prepared, about: list[str] | None, case: Case | None) -> Graph:
    if case is None:
        return graph_of(prepared, about)
    return graph_of_case(prepared, Valuation(prepared, case.answers), case.id, about)


def _picture(drawn: Graph) -> str:
    """The SVG; if igraph is missing or the graph is too large, report that and end the command."""
    if not is_installed():
        help = "run `pip install 'cartsign[author]'`, or remove `--format` to get Mermaid"
        end(Problem("not-installed", "a picture needs igraph", Span("svg"), help), code=UNFINISHED)
    size = len(drawn.nodes) + len(drawn.edges)
    if size > MOST_DRAWN:
        message = f"{size:,} boxes and arrows are too many for a readable picture"
        help = (
            f"name a part of the graph, such as a condition, or use Mermaid; at most {MOST_DRAWN:,} are drawn"
        )
        end(Problem("too-large", message, Span("svg"), help), code=UNFINISHED)
    return svg(drawn)


def _write(text: str, path: Path | None, drawn: Graph) -> None:
    if path is None:
        say(text, end="")
        return
    write_whole(path, text)
    boxes, arrows = counted(len(drawn.nodes), "box", "boxes"), counted(len(drawn.edges), "arrow")
    say(f"{boxes} and {arrows} in {path}")
