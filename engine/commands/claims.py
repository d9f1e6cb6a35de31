"""`cartsign claims`: what the articles say, what cites each claim, and which claims are not used."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from engine.claims.ledger import Ledger, as_plain, ledger, uncited
from engine.claims.review import claim_said
from engine.commands.grammar import base_and_others, help_for_path, out_path
from engine.commands.printing import show_page, show_table
from engine.commands.shared import (
    CODES,
    FINDINGS,
    FINE,
    KB_OPTION,
    counted,
    end,
    example_cases,
    loaded,
    say,
    say_document,
    tell,
)
from engine.meaning.definitions import conclusions
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import HTML, write_whole
from facts.case import accepted
from facts.problem import Problem, Span, quote, suggest

Cases = Mapping[str, tuple[str, ...]]


@click.command(short_help="List the claims of the sources and the rules that use them.", epilog=CODES)
@click.argument("words", nargs=-1, metavar="[KB] [ID]...")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
@click.option("--html", "page", metavar="OUT", help="Write a page for review to this .html file.")
@KB_OPTION
def claims(words: tuple[str, ...], as_document: bool, page: str | None, kb_path: str | None) -> None:
    """List what the sources of the knowledge base KB claim, and which rules, advice and texts use each claim.

    ID is a claim, or a source for all of its claims. Without an ID, the command shows how many claims are
    used and which are not. Unused claims give exit code 1.
    """
    base, ids = base_and_others(words, kb_path)
    kb = loaded(base)
    entries = ledger(kb)
    wanted = _wanted(ids, kb)
    out = out_path(page, [base], HTML)
    if out is not None:
        _write(out, kb, entries, wanted)
    if as_document:
        chosen = {id: entry for id, entry in entries.items() if id in wanted}
        plain = as_plain(chosen.values(), _exercised(base, kb, chosen))
        say_document(plain)
    elif out is None and ids:
        _some(ids, base, kb, entries)
    elif out is None:
        _overview(kb, entries)
    if out is not None:
        say(f"{counted(len(wanted), 'claim')} in {out}", err=as_document)
    sys.exit(FINDINGS if uncited(entries[id] for id in wanted) else FINE)


def _wanted(ids: Iterable[str], kb: KnowledgeBase) -> set[str]:
    """The selected claims; all claims if `ids` is empty."""
    named = dict.fromkeys(ids)
    unknown = [id for id in named if id not in kb.claims and id not in kb.sources]
    if unknown:
        end(*(_unknown(id, [*kb.claims, *kb.sources], kb) for id in unknown))
    return {id for id, claim in kb.claims.items() if not named or id in named or claim["source"] in named}


def _unknown(id: str, known: list[str], kb: KnowledgeBase) -> Problem:
    help = suggest(id, known, "claims and sources") or help_for_path(id)
    help = help or "`cartsign claims` shows the unused claims, `cartsign claims --json` all of them"
    return Problem("unknown-claim", f"there is no claim {quote(id)}", Span(kb.name), help, subject=id)


def _exercised(path: str, kb: KnowledgeBase, entries: Ledger) -> Cases:
    """The cases of the knowledge base that exercise each claim; an unreadable case gives a warning."""
    from engine.claims.exercise import exercised

    def warn(problems: list[Problem]) -> None:
        tell(replace(problem, severity="warning") for problem in problems)

    return exercised(kb, entries.values(), accepted(example_cases(path, kb), warn))


def _overview(kb: KnowledgeBase, entries: Ledger) -> None:
    from engine.claims.terminal import overview

    show_table(overview(kb, entries))


def _some(ids: Iterable[str], path: str, kb: KnowledgeBase, entries: Ledger) -> None:
    """Print claims in full, and articles in a compact form."""
    from engine.claims.terminal import article_table, claim_page

    named, rules = list(dict.fromkeys(ids)), conclusions(kb)
    cases = _exercised(path, kb, {id: entries[id] for id in named if id in entries})
    for at, id in enumerate(named):
        if at:
            say("")
        if id in entries:
            show_page(claim_page(claim_said(entries[id], kb, rules), kb, cases.get(id, ())))
        else:
            show_table(article_table(id, kb, entries))


def _write(out: Path, kb: KnowledgeBase, entries: Ledger, wanted: set[str]) -> None:
    from engine.claims.html import review_page

    write_whole(out, review_page(kb, entries, wanted))
