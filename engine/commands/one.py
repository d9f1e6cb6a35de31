"""One case: print its page or its line of JSON, and write its results and its page if files are named for
them.

A written file contains this case only. Files of an earlier run are replaced, or set aside if this one ends
without results.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.job import NESTED, Job
from engine.commands.asked import Asked
from engine.commands.choosing import called
from engine.commands.grammar import out_path
from engine.commands.printing import show_page
from engine.commands.shared import FINE, UNREADABLE, end, placed, say, say_json
from engine.meaning.assembly import assemble
from engine.meaning.valuation import prepare
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import HTML, place, write_whole
from facts.case import Case, Read
from facts.problem import Problem, Span
from facts.tables.segment import Wanted

if TYPE_CHECKING:
    from engine.commands.teller import Teller


@dataclass(frozen=True, slots=True)
class Places:
    """The output paths of the assessment of one case and of its page; None if not written."""

    results: Path | None
    page: Path | None


def saved(asked: Asked, base: str) -> Places:
    """The output paths for one case; an unusable path is reported and ends the command."""
    inputs = [*asked.files, base]
    page = out_path(asked.html, inputs, HTML)
    if asked.output is None:
        return Places(None, page)
    out = placed(place(asked.output, inputs))
    if out.suffix not in NESTED:
        help = "name a file that ends in `.jsonl`"
        message = "the assessment of one case can only be written as JSON lines"
        end(Problem("output-shape", message, Span(str(out)), help))
    return Places(out, page)


def chosen_one(read: Iterable[Read], asked: Asked, kb: KnowledgeBase, places: Places) -> int:
    """Assess the case with the requested id, and return the exit code.

    If a file could not be read and no other file has the case, earlier results are renamed, so that none
    remain in their place.
    """
    try:
        case = called(asked.only or "", read, Span(asked.files[0]))
    except SystemExit as ended:
        if places.results is not None and ended.code == UNREADABLE:
            from engine.batch.placing import set_aside

            set_aside(_job(asked, places.results, kb), _teller())
        raise
    return one(case, asked, kb, places)


def one(case: Case, asked: Asked, kb: KnowledgeBase, places: Places) -> int:
    """Fire the rules for one case, print or write its page or line, and return the exit code."""
    from engine.experta_target import Engine
    from engine.page import page

    out, paper = places.results, places.page
    valuation = Engine(prepare(kb)).fire(case.answers)
    assessment = assemble(valuation, case.id)
    shown = assessment
    if asked.prove:
        from engine.explanation.ask import what_to_ask

        shown = replace(assessment, ask_next=what_to_ask(assessment, valuation).questions)
    sections = page(shown, valuation, case.about, asked.everything, asked.view)
    if out is not None:
        _write(assessment.to_json(), asked, out, kb)
    if paper is not None:
        from engine.page.html import document

        write_whole(paper, document(sections, kb, asked.view))
    if asked.as_lines:
        say_json(assessment.to_json())
    elif paper is None:
        show_page(sections)
    if paper is not None:
        say(f"page of case {case.id} in {paper}", err=asked.as_lines)
    if out is not None:
        say(f"results in {out}", err=asked.as_lines)
    return FINE


def _write(line: str, asked: Asked, out: Path, kb: KnowledgeBase) -> None:
    """Write the results, replacing everything that an earlier run wrote."""
    from engine.batch.placing import no_results_but_new_ones

    job = _job(asked, out, kb)
    with no_results_but_new_ones(job, _teller()):
        write_whole(out, f"{line}\n")
        for earlier in (job.manifest, job.rejects):
            earlier.unlink(missing_ok=True)


def _job(asked: Asked, out: Path, kb: KnowledgeBase) -> Job:
    return Job(asked.files, out, Wanted(kb.questions))


def _teller() -> Teller:
    from engine.commands.teller import Teller

    return Teller()
