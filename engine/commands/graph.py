"""`cartsign graph`: the rules as a picture, all of them or what belongs to something."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from engine.commands.shared import (
    BROKEN,
    KB_OPTION,
    UNFINISHED,
    counted,
    given_or_bundled,
    loaded,
    placed,
    say,
    tell,
)
from engine.graph import Graph, graph_of, graph_of_case, mermaid, svg
from engine.graph.layout import is_installed
from engine.graph.names import names_for
from engine.model import KnowledgeBase
from engine.output import Form, place, whole_file
from engine.valuation import Prepared, Valuation, prepare
from facts.case import Case
from facts.casefile import read_cases
from facts.problem import Problem, Span, quote, quoted, suggest

PICTURE = Form("SVG or Mermaid", (".svg", ".mmd", ".mermaid"), "-o")
MOST_DRAWN = 3_000
"""How many nodes and edges together a picture may have."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-o", "out", metavar="OUT", help="Write a file, ending in .svg, or in .mmd for Mermaid.")
@click.option(
    "--format", "form", type=click.Choice(["svg", "mermaid"]), help="The form; Mermaid if left out."
)
@click.option("--case", "case_path", metavar="FILE", help="Show what fires in a case, and what is open.")
@click.option("--id", "case_id", metavar="ID", help="Which case of the file.")
@KB_OPTION
def graph(
    names: tuple[str, ...],
    out: str | None,
    form: str | None,
    case_path: str | None,
    case_id: str | None,
    kb_path: str | None,
) -> None:
    """Draw the rules as a graph: answers, findings, conditions, triage.

    NAME is a rule, finding, condition, level, item of advice or question: what leads to it is drawn, and what
    it leads to next. Without any, the whole knowledge base is drawn, its rules as edges; with a case, what
    fires in it.
    """
    base = given_or_bundled(kb_path)
    inputs = [base, *([case_path] if case_path else [])]
    path = placed(place(out, inputs, PICTURE)) if out is not None else None
    if case_id is not None and case_path is None:
        _end(Problem("usage", "`--id` needs a file of cases", Span("--id"), "name it with `--case`"))
    prepared = prepare(loaded(base))
    about = _about(names, prepared)
    case = _case(case_path, case_id, prepared.kb) if case_path is not None else None
    drawn = _drawn(prepared, about, case)
    as_svg = path.suffix == ".svg" if path is not None else form == "svg"
    if path is not None and form is not None and as_svg != (form == "svg"):
        help = "leave out `--format`, or name another file"
        _end(Problem("output-kind", f"the file does not end as {form} does", Span(str(path)), help))
    _write(_picture(drawn) if as_svg else mermaid(drawn), path, drawn)


def _about(names: tuple[str, ...], prepared: Prepared) -> list[str] | None:
    """What the graph is about, None for all."""
    found = [names_for(name, prepared) for name in dict.fromkeys(names)]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        tell(problems)
        sys.exit(BROKEN)
    return [name for each in found if not isinstance(each, Problem) for name in each] if names else None


def _case(path: str, id: str | None, kb: KnowledgeBase) -> Case:
    """The one case of a file that is meant."""
    read = list(read_cases([path], kb.questions))
    cases = {each.id: each for each in read if isinstance(each, Case)}
    if id in cases or (id is None and len(cases) == 1 and len(read) == 1):
        return cases[id] if id is not None else next(iter(cases.values()))
    tell(problem for each in read if not isinstance(each, Case) for problem in each)
    if id is not None and cases:
        help = suggest(id, list(cases), "cases") or "see which ids the file has"
        _end(Problem("unknown-case", f"no case is called {quote(id)}", Span(path), help))
    if cases:
        few = f": {quoted(list(cases)[:5])}{', …' if len(cases) > 5 else ''}"
        _end(
            Problem(
                "many-cases",
                f"there are {counted(len(cases), 'case')}{few}",
                Span(path),
                "name one with `--id`",
            )
        )
    sys.exit(BROKEN)


def _drawn(prepared: Prepared, about: list[str] | None, case: Case | None) -> Graph:
    if case is None:
        return graph_of(prepared, about)
    return graph_of_case(prepared, Valuation(prepared, case.answers), case.id, about)


def _picture(drawn: Graph) -> str:
    """The SVG, where it can be laid out."""
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
    with whole_file(path) as file:
        assert file is not None
        file.write(text)
    boxes, arrows = counted(len(drawn.nodes), "box", "boxes"), counted(len(drawn.edges), "arrow")
    say(f"{boxes} and {arrows} in {path}")


def _end(problem: Problem, code: int = BROKEN) -> NoReturn:
    tell([problem])
    sys.exit(code)
