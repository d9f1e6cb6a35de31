"""One case: its page or its line of JSON, and its results where a file is named for them.

A file that is written holds this case alone. What an earlier run has written there is replaced, or set aside
where this one ends without results.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.assembly import assemble
from engine.commands.asked import NESTED, Asked
from engine.commands.choosing import called
from engine.commands.printing import show_page
from engine.commands.shared import BROKEN, FINE, UNREADABLE, placed, say, say_json, tell
from engine.model import KnowledgeBase
from engine.output import place, write_whole
from engine.valuation import prepare
from facts.case import Case, Read
from facts.problem import Problem, Span

if TYPE_CHECKING:
    from engine.batch.job import Job
    from engine.commands.teller import Teller


def saved(asked: Asked, base: str) -> Path | None:
    """Where the assessment of one case goes, None for nowhere; why it cannot go there is printed."""
    if asked.output is None:
        return None
    out = placed(place(asked.output, [*asked.files, base]))
    if out.suffix not in NESTED:
        help = "name a file that ends in `.jsonl`"
        tell([Problem("output-shape", "one case is written as lines of JSON", Span(str(out)), help)])
        sys.exit(BROKEN)
    return out


def chosen_one(read: Iterable[Read], asked: Asked, kb: KnowledgeBase, out: Path | None) -> int:
    """Assess the case with the id that was asked for. Where a file could not be read, and no other has the
    case, there are no results, not even earlier ones.
    """
    try:
        case = called(asked.only or "", read, Span(asked.files[0]))
    except SystemExit as ended:
        if out is not None and ended.code == UNREADABLE:
            from engine.batch.placing import set_aside

            set_aside(_job(asked, out, kb), _teller())
        raise
    return one(case, asked, kb, out)


def one(case: Case, asked: Asked, kb: KnowledgeBase, out: Path | None) -> int:
    """Fire the rules for one case and print its page, or its line."""
    from engine.experta_target import Engine
    from engine.page import page

    valuation = Engine(prepare(kb)).fire(case.answers)
    assessment = assemble(valuation, case.id)
    if out is not None:
        _write(assessment.to_json(), asked, out, kb)
    if asked.as_lines:
        say_json(assessment.to_json())
    else:
        show_page(page(assessment, valuation, case.about, asked.everything))
    if out is not None:
        say(f"results in {out}", err=asked.as_lines)
    return FINE


def _write(line: str, asked: Asked, out: Path, kb: KnowledgeBase) -> None:
    """Write the results, in the place of all that an earlier run has written."""
    from engine.batch.placing import no_results_but_new_ones

    job = _job(asked, out, kb)
    with no_results_but_new_ones(job, _teller()):
        write_whole(out, f"{line}\n")
        for earlier in (job.manifest, job.rejects):
            earlier.unlink(missing_ok=True)


def _job(asked: Asked, out: Path, kb: KnowledgeBase) -> Job:
    from engine.batch.job import Job
    from facts.table_segment import Wanted

    return Job(asked.files, out, "full", Wanted(kb.questions))


def _teller() -> Teller:
    from engine.commands.teller import Teller

    return Teller()
