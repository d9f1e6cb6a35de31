"""`cartsign verify`: prove what must hold for every possible case, or show a case for which it does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.check import FORMATS, formatted
from engine.commands.grammar import base_named
from engine.commands.sample import whole_number
from engine.commands.shared import (
    FINDINGS,
    FINE,
    KB_OPTION,
    UNFINISHED,
    counted,
    end,
    loaded,
    placed,
    say,
    say_document,
)
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import Form, place, write_whole
from facts.problem import Problem, Span

if TYPE_CHECKING:
    from engine.proofs.result import Result

CASES = Form("YAML", (".yaml",), "--write-cases")
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
    "--deep", is_flag=True, help="Look for what stays open although it is decided, too; takes minutes."
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
    if find_spec("z3") is None:
        help = "run `pip install 'cartsign[author]'`"
        end(Problem("no-solver", "proofs need the solver z3, which is not installed", Span("verify"), help))
    kb = loaded(path)
    out = None if folder is None else _place(folder)
    from engine.checks.examination import examination
    from engine.proofs import verify as verified

    results = verified(examination(kb, path, None), seconds, deep)
    if out is not None:
        _write(out, results, kb)
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
    proved = sum(each.status == "proved" for each in results)
    allowed = sum(each.status == "proved" and each.problem is not None for each in results)
    sizes = f"{counted(len(kb.rules), 'rule')} and {counted(len(kb.questions), 'question')}"
    told = f"{counted(proved, 'property', 'properties')} of {sizes} proved for every possible case"
    say(f"{path}: {told}" + (f", {allowed} of them allowed by a comment" if allowed else ""))
    if violated:
        say(f"{path}: {len(violated):,} violated; `cartsign check --explain ID` explains why each matters")


def _write(out: Path, results: Sequence[Result], kb: KnowledgeBase) -> None:
    """Write a case for each violation that a case shows; no file if there is none."""
    from engine.proofs.terminal import case_texts

    texts = list(case_texts(results, kb))
    if texts:
        write_whole(out, "\n".join(texts))
    where = f" to {out}" if texts else ""
    say(f"{counted(len(texts), 'case')} written{where}", err=True)


def _place(folder: str) -> Path:
    """The file of the cases in a folder, which must not be there yet: a person may have completed it."""
    path = Path(folder) / FILE
    if path.exists():
        help = "complete these cases and rename the file, or move it away"
        end(Problem("output-place", "this file has cases from an earlier run", Span(str(path)), help))
    return placed(place(str(path), [], CASES))
