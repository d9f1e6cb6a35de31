"""`cartsign explain`: why a case has its result, why not another, and what other answers would change."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.commands.choosing import chosen_case
from engine.commands.grammar import base_beside_cases, out_path
from engine.commands.printing import show_table
from engine.commands.shared import (
    CODES,
    FINE,
    KB_OPTION,
    UNFINISHED,
    end,
    loaded,
    say,
    say_json,
)
from engine.explanation import Explanation, explained
from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import HTML, write_whole
from engine.words.subjects import EXPLAINED, FLIPPED, Subject, subjects
from facts.cases.text import assigned
from facts.problem import Problem, Rejected, Span, quote
from facts.vocabulary import Answer

F = TypeVar("F", bound=Callable[..., Any])


def _asked(name: str, help: str) -> Callable[[F], F]:
    """An option with an optional name; without a name it means the default subjects."""
    return click.option(name, is_flag=False, flag_value="", multiple=True, metavar="[X]", help=help)


@click.command(short_help="Explain the assessment of one case.", epilog=CODES)
@click.argument("case", metavar="CASE")
@click.option("--case", "id", metavar="ID", help="Explain the case with this id.")
@click.option(
    "--row",
    type=click.IntRange(min=1),
    metavar="N",
    help="Explain the N-th case of the file, counted from 1.",
)
@_asked("--why", "Prove X, or the level if X is left out.")
@_asked(
    "--why-not",
    (
        "Show what could conclude X, what keeps it from doing so, and the"
        " smallest change of answers that would give X."
    ),
)
@click.option(
    "--flip",
    multiple=True,
    metavar="X",
    help=(
        "Show the smallest change of answers that would make the level exactly X,"
        " or a condition X suspected, or no longer suspected if it is."
    ),
)
@click.option(
    "--ask",
    is_flag=True,
    help="Show which open questions can still change something, and the fewest that can settle the level.",
)
@click.option(
    "--what-if", multiple=True, metavar="QUESTION=ANSWER", help="Show what would change with this answer."
)
@click.option(
    "--all", "everything", is_flag=True, help="With --why-not, show every part, even if it decides nothing."
)
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
@click.option("--html", "page", metavar="OUT", help="Write a page to read and print to this .html file.")
@KB_OPTION
def explain(
    case: str,
    id: str | None,
    row: int | None,
    why: tuple[str, ...],
    why_not: tuple[str, ...],
    flip: tuple[str, ...],
    ask: bool,
    what_if: tuple[str, ...],
    everything: bool,
    as_document: bool,
    page: str | None,
    kb_path: str | None,
) -> None:
    """Explain the assessment of one case.

    CASE is a file of cases, - for JSON lines on standard input, or the id of a case of the knowledge base.
    Write CASE before the options. X is a rule, a finding, a condition, a level, an item of advice or a text;
    with --flip, a level or a condition. Without options, the command proves the level.
    """
    base = base_beside_cases([case], kb_path)
    kb = loaded(base)
    proofs, opened = _subjects(why, kb), _subjects(why_not, kb)
    flipped, otherwise = _subjects(flip, kb, FLIPPED) or [], _answers(what_if, kb)
    if proofs is None and opened is None and otherwise is None and not flipped and not ask:
        proofs, opened = [], None if page is None else []
    out = out_path(page, [case, base] if os.path.exists(case) else [base], HTML)
    brief = not (everything or as_document or out)
    chosen = chosen_case(case, id, row, base, kb)
    explanation = explained(prepare(kb), chosen, proofs, opened, otherwise, flipped, ask=ask, brief=brief)
    if out is not None:
        _write(out, explanation, kb)
    _show(explanation, kb, as_document, out)
    sys.exit(UNFINISHED if _ran_out(explanation) else FINE)


def _subjects(
    words: Sequence[str], kb: KnowledgeBase, kinds: Collection[str] = EXPLAINED
) -> list[Subject] | None:
    """The subjects of an option; None if it is not given, empty for the default subjects."""
    try:
        return subjects(filter(None, words), kb, kinds) if words else None
    except Rejected as rejected:
        end(*rejected.problems)


def _answers(words: Iterable[str], kb: KnowledgeBase) -> dict[str, Answer | None] | None:
    found = [assigned(word, kb.questions) for word in words]
    problems = [each for each in found if isinstance(each, Problem)]
    named = Counter(each[0] for each in found if not isinstance(each, Problem))
    for name in (name for name, times in named.items() if times > 1):
        message = f"{quote(name)} is answered twice"
        problems.append(Problem("two-answers", message, Span("--what-if"), "give one answer", subject=name))
    if problems:
        end(*problems)
    return dict(each for each in found if not isinstance(each, Problem)) or None


def _show(explanation: Explanation, kb: KnowledgeBase, as_document: bool, page: Path | None) -> None:
    """Print the document, or the explanation if no page is written."""
    if as_document:
        from engine.explanation.document import document

        say_json(document(explanation, kb))
    elif page is None:
        from engine.explanation.terminal import needed_width, printed

        show_table(printed(explanation, kb), needed_width(explanation))
    if page is not None:
        say(f"case {explanation.case.id} explained in {page}", err=as_document)


def _write(out: Path, explanation: Explanation, kb: KnowledgeBase) -> None:
    from engine.explanation.html import page_of

    write_whole(out, page_of(explanation, kb))


def _ran_out(explanation: Explanation) -> bool:
    """Whether the search for a smallest change was abandoned."""
    found = [each.changes for each in explanation.why_not] + [each.changes for each in explanation.flip]
    return any(each is not None and not each.decided for each in found)
