"""`cartsign test`: whether the cases of a knowledge base give what they must."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from engine.batch import accepted
from engine.casetest.report import heading, paragraph, summary
from engine.casetest.running import Verdict, tested
from engine.commands.shared import BROKEN, FINDINGS, FINE, KB_OPTION, given_or_bundled, loaded, say, tell
from facts.casefile import read_cases
from facts.problem import Problem, Span


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--columns", is_flag=True, help="Evaluate the rules in columns instead of firing experta.")
@KB_OPTION
def test(files: tuple[str, ...], columns: bool, kb_path: str | None) -> None:
    """Run the cases in FILE... and say what does not come out as they expect, and why.

    Without FILE, the `cases` folder of the knowledge base.
    """
    base = given_or_bundled(kb_path)
    kb = loaded(base)
    unreadable: list[Problem] = []
    cases = accepted(read_cases(files or [_cases_of(base)], kb.questions), unreadable.extend)
    counts: Counter[Verdict] = Counter()
    for outcome in tested(cases, kb, "columns" if columns else "experta"):
        counts[outcome.verdict] += 1
        if outcome.verdict != "passed":
            say(heading(outcome))
            say("".join(f"  {line}\n" for line in paragraph(outcome)))
    tell(unreadable)
    say(summary(counts, len(unreadable)))
    fails = unreadable or counts["failed"] or counts["done"] or counts["untested"]
    sys.exit(FINDINGS if fails else FINE)


def _cases_of(base: str) -> Path:
    """The folder of cases of a knowledge base."""
    folder = Path(base, "cases")
    if not folder.is_dir():
        help = "write cases there, or name files: `cartsign test FILE...`"
        tell([Problem("no-cases", "the knowledge base has no folder `cases`", Span(base), help)])
        sys.exit(BROKEN)
    return folder
