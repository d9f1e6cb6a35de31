"""`cartsign verify`: prove what must hold for every possible case, or show a case for which it does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from engine.commands.check import FORMATS, formatted
from engine.commands.grammar import base_named
from engine.commands.lacking import case_file, need_solver, write_cases
from engine.commands.sample import whole_number
from engine.commands.shared import (
    FINDINGS,
    FINE,
    KB_OPTION,
    UNFINISHED,
    counted,
    loaded,
    say,
    say_document,
)
from engine.model.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from engine.proofs.result import Result

FILE = "verified.yaml"
SECONDS = "120"


@click.command(short_help="Prove what must hold for every possible case.")
@click.argument("named", required=False, metavar="[KB]")
@click.option(
    "--seconds",
    default=SECONDS,
    show_default=True,
    metavar="N",
    callback=whole_number(1, "number of seconds"),
    help="Stop after this time; what is not proved by then is undecided.",
)
@click.option(
    "--deep",
    is_flag=True,
    help="Also look for what stays open although all further answers decide it alike; takes minutes.",
)
@click.option(
    "--write-cases",
    "folder",
    metavar="DIR",
    help="Write cases that show violations to this folder, to complete as tests.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="pretty", show_default=True, help="Output."
)
@click.option("--json", "as_document", is_flag=True, help="Short for `--format json`.")
@KB_OPTION
def verify(
    named: str | None,
    seconds: int,
    deep: bool,
    folder: str | None,
    form: str,
    as_document: bool,
    kb_path: str | None,
) -> None:
    """Prove what must hold for every possible case of the knowledge base KB, including cases with open
    answers.

    The command proves that every property of `safety` holds; that no further answer and no red flag lowers
    the level; that every rule can fire, can be ruled out and concludes something that the others do not, and
    that every part of it matters; that every finding, condition, level, text and advice item can be reached
    and ruled out; and that there are no gaps between bounds.

    For each violation, the command shows a smallest case. To allow a violation in an entry, write a comment
    `# cartsign: allow ID because REASON`. `cartsign check --explain ID` explains why it matters.

    Exit codes: 0 proved, 1 violated, 2 broken knowledge base or wrong usage, 3 undecided in the given time.
    """
    path = base_named([each for each in (named, kb_path) if each is not None])
    need_solver("verify")
    kb = loaded(path)
    out = None if folder is None else case_file(folder, FILE)
    from engine.checks.examination import examination
    from engine.proofs import verify as verified
    from engine.proofs.terminal import case_texts

    results = verified(examination(kb, path, None), seconds, deep)
    if out is not None:
        write_cases(out, list(case_texts(results, kb)))
    _show("json" if as_document else form, results, kb, path)
    statuses = {each.status for each in results}
    sys.exit(FINDINGS if "violated" in statuses else UNFINISHED if "undecided" in statuses else FINE)


def _show(form: str, results: Sequence[Result], kb: KnowledgeBase, path: str) -> None:
    from engine.checks import PROVED
    from engine.proofs.document import as_plain

    if form == "pretty":
        _pretty(results, kb, path)
    elif form == "json":
        say_document(as_plain(results, kb, os.getcwd()))
    else:
        violated = [each.problem for each in results if each.status == "violated"]
        formatted(form, [each for each in violated if each is not None], PROVED)


def _pretty(results: Sequence[Result], kb: KnowledgeBase, path: str) -> None:
    from engine.proofs.terminal import undecided, violation

    violated = [each for each in results if each.status == "violated"]
    for each in violated:
        say(violation(each, kb) + "\n")
    if left := undecided(results):
        say(left)
    holding = [each for each in results if each.status == "proved"]
    allowed = sum(each.problem is not None for each in holding)
    sizes = f"{counted(len(kb.rules), 'rule')} and {counted(len(kb.questions), 'question')}"
    proved = counted(len(holding) - allowed, "property", "properties")
    say(f"{path}: {proved} of {sizes} proved for every possible case")
    if allowed:
        say(f"{path}: {allowed:,} not true for every case, but allowed by a comment with the reason")
    if violated:
        say(f"{path}: {len(violated):,} violated; `cartsign check --explain ID` explains why each matters")
