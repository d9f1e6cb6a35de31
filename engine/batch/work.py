"""Processing of one segment: its results, its rejects, and its counts.

In: a segment. Out: bytes of results, rejects, a tally, and candidates for the sample. Several threads can
process segments, unless ids are compared, which requires their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from engine.batch.audit import draw
from engine.batch.counts import Counts
from engine.batch.job import Job
from engine.batch.unique import Ids
from engine.columns.wide import WidePlan, compile_wide
from engine.experta_target import Engine
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Prepared
from engine.tally.counting import Counting, counting
from facts.case import Case
from facts.parquet.footer import Piece
from facts.plain import json_text
from facts.problem import Problem
from facts.reject import Rejects
from facts.tables.frame import cases_of
from facts.tables.segment import Segment, Table, carried, nothing
from facts.tables.sinks import LINES, PARQUET, Sink, Written, nested_sink, sink

if TYPE_CHECKING:
    import polars as pl

    from engine.assessments.complete import Complete

TOGETHER = 500
"""Number of lines written at a time."""


@dataclass(frozen=True, slots=True)
class Worked:
    """The results of a segment."""

    file: str
    share: float
    written: Written
    rejects: Rejects
    counts: Counts
    """The counts of the assessed rows; rejects are counted as they are written."""
    notes: tuple[Problem, ...] = ()
    """Warnings about old names and about ignored keys."""
    read: Callable[[], str] = str
    """Returns the checksum of everything read for the segments up to this one."""


@dataclass
class Limit:
    """An upper limit for the random numbers of rows in the sample; it only falls."""

    lot: float = 1

    def lower(self, counts: Counts, audit: int) -> None:
        """Lower the limit to the highest number of a full sample."""
        if audit and len(counts.sample) == audit:
            self.lot = counts.sample[-1].lot


@dataclass(frozen=True, slots=True)
class Worker:
    """A job compiled for a knowledge base.

    `full` makes complete assessments in columns, `engine` makes them on experta; both are None if not needed.
    """

    prepared: Prepared
    job: Job
    sink: Sink
    wide: WidePlan
    full: Complete | None
    counting: Counting
    engine: Engine | None
    ids: Ids | None
    limit: Limit = field(default_factory=Limit)

    @property
    def needs_order(self) -> bool:
        """Whether segments must be processed one after the other."""
        return self.ids is not None or self.engine is not None

    @property
    def taken(self) -> list[str]:
        """Names of result columns that are also to be kept from the input."""
        if self.writes_lines:
            return []
        return [name for name in self.job.wanted.keep if name in self.names]

    @property
    def names(self) -> Sequence[str]:
        """The result columns, without `id` and kept columns."""
        return self.wide.names if self.full is None else self.full.names

    @property
    def writes_lines(self) -> bool:
        """Whether complete assessments are written as lines of JSON."""
        return self.job.shape == "full" and self.sink is LINES

    def work(self, segment: Segment, number: int) -> Worked:
        """Read a segment, the `number`-th of the run, assess its rows, and format the results."""
        table = self.read(segment)
        along = [carried(name) for name in self.job.wanted.carry]
        found = self.wide.results_of(table.frame, along)
        expect = found[carried(self.job.wanted.expect)]
        tally = self.counting.tally(found, table.frame, expect if expect.count() else None)
        names = [*self.wide.names, *self.wide.truths]
        seed = f"{self.job.settings.seed}:{number}"
        results, questions = found.select(names), self.prepared.kb.questions
        sample = draw(table.frame, results, questions, self.job.settings.audit, seed, self.limit.lot)
        counts = Counts(tally, found.height, sample=sample, blank=len(table.blank))
        written = self._written(found, table)
        return Worked(segment.file, segment.share, written, table.rejects, counts, table.notes)

    def read(self, segment: Segment) -> Table:
        """The rows of a segment, without repeated ids if `unique`."""
        table = segment.read()
        return table if self.ids is None else self.ids.once(table, segment.file)

    def opening(self) -> bytes:
        """The first bytes of the results."""
        return self.sink.opening(["id", *self.job.wanted.keep, *self.names])

    def closing(self, pieces: Sequence[Piece]) -> bytes:
        """The last bytes of the results; a Parquet file without pieces still has its columns."""
        if pieces or self.sink.name != PARQUET.name:
            return self.sink.closing(pieces)
        table, along = Table(nothing(self.job.wanted)), [carried(name) for name in self.job.wanted.carry]
        written = self.sink.piece(self._results(self.wide.nothing(table.frame, along), table))
        return b"".join(written.data) + self.sink.closing([Piece(len(self.opening()), written.footer)])

    def _written(self, found: pl.DataFrame, table: Table) -> Written:
        if not found.height:
            return Written(())
        if self.engine is not None:
            return Written(self._fired(self.engine, found, table))
        if self.full is not None and self.sink is LINES:
            return Written(_joined(self._with_kept(self.full.lines(table.frame), found)))
        return self.sink.piece(self._results(found, table))

    def _fired(self, engine: Engine, found: pl.DataFrame, table: Table) -> Iterator[bytes]:
        cases = cases_of(table.frame, self.prepared.kb.questions)
        made = (assemble(engine.fire(case.answers), case.id).to_json() for case in cases)
        return _joined(self._with_kept(made, found))

    def _with_kept(self, made: Iterator[str], found: pl.DataFrame) -> Iterator[str]:
        """Lines of JSON with the kept columns added to each, as `kept`."""
        kept = self._kept(found)
        if not kept.width:
            return made
        along = (json_text(row) for row in kept.iter_rows(named=True))
        return (f'{line[:-1]},"kept":{row}}}' for line, row in zip(made, along, strict=True))

    def in_full(self, cases: Sequence[Case]) -> list[dict[str, object]]:
        """The complete assessments of cases as plain values; empty mappings if none are made."""
        return [{} for _ in cases] if self.full is None else self.full.of_cases(cases)

    def _results(self, found: pl.DataFrame, table: Table) -> pl.DataFrame:
        """The columns to write: `id`, the kept columns, and the results."""
        rest = found.select(self.wide.names) if self.full is None else self.full.columns(table.frame)
        return found.select("id").hstack(self._kept(found)).hstack(rest)

    def _kept(self, found: pl.DataFrame) -> pl.DataFrame:
        keep = self.job.wanted.keep
        return found.select([carried(name) for name in keep]).rename({carried(name): name for name in keep})


def _joined(lines: Iterator[str]) -> Iterator[bytes]:
    """Lines joined into blocks of `TOGETHER`."""
    while some := list(islice(lines, TOGETHER)):
        yield "".join(f"{line}\n" for line in some).encode()


def worker(prepared: Prepared, job: Job) -> Worker:
    """The worker of a job."""
    suffix, settings, full = job.out.suffix, job.settings, None
    if job.shape == "full":
        form = nested_sink(suffix, job.wanted.kept.values())
    else:
        form = sink(suffix, settings.formulas)
    if job.shape == "full" and job.target == "columns":
        from engine.assessments.complete import complete

        full = complete(prepared, form is LINES)
    wide = compile_wide(prepared)
    return Worker(
        prepared=prepared,
        job=job,
        sink=form,
        wide=wide,
        full=full,
        counting=counting(wide, settings.near_misses),
        engine=Engine(prepared) if job.target == "experta" else None,
        ids=Ids(prepared.kb.questions) if settings.unique_id else None,
    )
