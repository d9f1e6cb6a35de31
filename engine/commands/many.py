"""Many cases: a run with its progress, and the messages at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engine.batch.counts import Counts, Outcome
from engine.batch.inputs import InputChanged
from engine.batch.job import Job
from engine.batch.journal import Busy, Changed
from engine.batch.placing import InTheWay
from engine.batch.run import Disagrees, NothingAssessed, Taken, TooManyRejects, printed, run
from engine.commands.asked import Asked, job_of, spare_inputs
from engine.commands.ending import BROKEN_OFF
from engine.commands.grammar import out_path
from engine.commands.printing import show_table
from engine.commands.shared import (
    BROKEN,
    FINDINGS,
    UNFINISHED,
    UNREADABLE,
    counted,
    end,
    exit_code,
    placed,
    say,
    say_json,
    tell,
)
from engine.commands.teller import TOLD, Teller, progress
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import DEFAULT, HTML, place, write_whole
from engine.summary.tables import MOST_ROWS, cases_table, levels_table
from engine.summary.terminal import table
from facts.problem import Problem, Span, quote, quoted
from facts.tables.segment import RowsLost, Wanted

MOST_KINDS = 3
ENDINGS = (Taken, Busy, Changed, InputChanged, TooManyRejects, Disagrees, NothingAssessed)
"""Exceptions that end a run early."""


def many(asked: Asked, wanted: Wanted, kb: KnowledgeBase, base: str, stdin: BinaryIO) -> int:
    """Run the job described by the arguments, print its outcome, and return the exit code."""
    if asked.as_lines and asked.output is None:
        return _lines(job_of(asked, wanted, Path(DEFAULT), kb), kb, stdin)
    out = placed(place(asked.output, [*asked.files, base]))
    report = out_path(asked.report, [*asked.files, base], HTML)
    job, teller = job_of(asked, wanted, out, kb), Teller()
    spare_inputs(job)
    if report is not None:
        _need_charts()
    try:
        with _naming(job.out), progress(job, teller):
            outcome = run(job, kb, stdin, teller, asked.resume)
    except RowsLost as error:
        tell(error.problems)
        return UNFINISHED
    except InTheWay as error:
        tell(error.problems)
        return BROKEN
    except (*ENDINGS, KeyboardInterrupt) as error:
        return _broken_off(error, job, teller)
    _shown(job, kb, outcome, teller, asked.as_lines)
    if report is not None:
        from engine.summary.html import page

        write_whole(report, page(outcome.counts.summary, kb, _about(job, outcome)))
        say(f"report in {report}", err=asked.as_lines)
    counts = outcome.counts
    return exit_code(counts.rejected > 0, counts.unread > 0, counts.assessed > 0)


@contextmanager
def _naming(out: Path) -> Iterator[None]:
    """Name the results in a write error that names no file."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(out)
        raise


def _need_charts() -> None:
    from engine.summary.html import is_installed

    if not is_installed():
        message, help = (
            "the library for the charts of a report is not installed",
            "install `cartsign[report]`",
        )
        end(Problem("extra", message, Span("--report"), help))


def _broken_off(error: BaseException, job: Job, teller: Teller) -> int:
    """Print why a run ended early, and return the exit code."""
    match error:
        case Taken(names=names):
            help = "give the column another name with `--map`"
            return _ended("kept-twice", f"the results already have {quoted(names)}", job, help, BROKEN)
        case Busy():
            help = "wait until the other run has ended, or name another file"
            return _ended("output-busy", "another run is writing to this file", job, help, BROKEN)
        case Changed(file=file):
            message = "the interrupted run had other files, rules, versions or options"
            message = f"{quote(file)} has changed since the interrupted run" if file else message
            help = "start again without `--resume`"
            return _ended("resume-other", message, job, help, BROKEN)
        case InputChanged(file=file):
            message = f"{quote(file)} changed while it was read, so there are no results"
            return _ended(
                "input-changed",
                message,
                job,
                "run the command again when no other program writes to the file",
                UNFINISHED,
            )
        case TooManyRejects():
            _left_out(job, teller, whole=False)
            most = counted(job.settings.max_rejects or 0, "row")
            message = f"more than {most} were rejected, so the run stopped"
            help = "fix the rejected rows, or allow more with `--max-rejects` and continue with `--resume`"
            return _ended("too-many-rejects", message, job, help, UNFINISHED)
        case NothingAssessed():
            _left_out(job, teller, whole=True)
            message = "nothing could be assessed, so there are no results"
            return _ended("nothing-assessed", message, job, "fix the problems above", UNREADABLE)
        case Disagrees(differing=differing):
            names = quoted(sorted({name for each in differing for name in each.names}))
            message = f"experta and the columns differ in {names} of {quoted(each.id for each in differing)}"
            help = "nothing was written, because one of the two is wrong; please report the problem"
            return _ended("audit", message, job, help, FINDINGS)
    say(f"{BROKEN_OFF}; to continue, run the same command with `--resume`", err=True)
    return UNFINISHED


def _lines(job: Job, kb: KnowledgeBase, stdin: BinaryIO) -> int:
    """Print the assessments as lines of JSON, and write no files."""
    teller, assessed, rejected, unread, blank = Teller(told=sys.maxsize), 0, 0, 0, 0
    most = job.settings.max_rejects
    try:
        for worked in printed(job, kb, stdin, teller):
            blank += worked.counts.blank
            for group in worked.rejects.groups():
                teller.reject(group)
                rejected += group.rows.total()
                unread += group.unread
            assessed += worked.counts.assessed
            for part in worked.written.data:
                say_json(part.decode(), end="")
            if most is not None and rejected > most:
                return _broken_off(TooManyRejects(), job, teller)
    except RowsLost as error:
        tell(error.problems)
        return UNFINISHED
    except InputChanged as error:
        return _broken_off(error, job, teller)
    except KeyboardInterrupt:
        say(BROKEN_OFF, err=True)
        return UNFINISHED
    _blank(blank)
    if not assessed and not rejected:
        say("0 cases assessed", err=True)
    _left_out(job, teller, whole=False)
    return exit_code(rejected > 0, unread > 0, assessed > 0)


def _shown(job: Job, kb: KnowledgeBase, outcome: Outcome, teller: Teller, as_lines: bool) -> None:
    """Print the outcome of a run: every case if there are few, else the summary."""
    counts = outcome.counts
    has_summary = job.settings.near_misses or counts.tally.below("expected")
    if as_lines:
        with open(job.out, encoding="utf-8") as results:
            for line in results:
                say_json(line, end="")
    elif 0 < counts.assessed <= MOST_ROWS and not has_summary:
        if len(teller.first) == counts.assessed:
            show_table(cases_table(teller.first, kb))
            say("", end="\n" if kb.levels else "")
        if kb.levels:
            show_table(levels_table(counts.tally, kb))
    elif counts.assessed:
        show_table(table(counts.summary, kb))
    if counts.assessed and not as_lines:
        say(f"\n{kb.notice}" if kb.notice else "")
        say(f"{counted(counts.assessed, 'case')} assessed{_checked(counts)}")
    if not counts.assessed:
        say("0 cases assessed", err=as_lines)
    say(f"results in {job.out}", err=as_lines)
    if job.wanted.expects and counts.assessed and not counts.tally.below("expected"):
        message = f"no case has a level in {quote(job.wanted.expect)}, so nothing can be compared"
        help = f"levels: {quoted(kb.levels)}, or `none`"
        tell([Problem("no-expectation", message, Span("--expect"), help, severity="warning")])
    _blank(counts.blank)
    teller.left_out = counts.rejected
    _left_out(job, teller, whole=True)


def _checked(counts: Counts) -> str:
    rows = len(counts.sample)
    return f", {rows:,} of them checked on experta with the same result" if rows else ""


def _blank(rows: int) -> None:
    """Print the number of rows left out because all their cells are empty."""
    if rows:
        say(f"{counted(rows, 'empty row')} skipped", err=True)


def _left_out(job: Job, teller: Teller, whole: bool) -> None:
    """Print the number of rows missing from the results."""
    if not teller.left_out:
        return
    left_out = counted(teller.left_out, "case, row or file", "cases, rows or files")
    where = f"; see {job.rejects}" if whole else ""
    if teller.named == teller.left_out:
        named = "the problems above"
    else:
        above = f", of which the first {TOLD} are named above" if teller.named else ""
        most = ", ".join(f"{kind} ({rows:,})" for kind, rows in teller.kinds.most_common(MOST_KINDS))
        named = f"problems{above}{f', most often {most}' if most else ''}"
    say(f"rejected because of {named}: {left_out}{where}", err=True)


def _ended(code: str, message: str, job: Job, help: str, exit: int) -> int:
    tell([Problem(code, message, Span(str(job.out)), help)])
    return exit


def _about(job: Job, outcome: Outcome) -> list[tuple[str, str]]:
    files = ", ".join(job.files)
    counts = outcome.counts
    return [
        ("files", files),
        ("results", str(job.out)),
        ("rows read", f"{counts.rows:,}"),
        *([("of which empty", f"{counts.blank:,}")] if counts.blank else []),
        ("checked on experta", f"{len(counts.sample):,}"),
    ]
