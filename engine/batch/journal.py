"""What a run has written so far, step by step, beside its output: so that a run that was killed goes on.

In: steps, each with the bytes it adds to the results and to the rejects. Out: hidden files next to the output
(`.OUT.part`, `.OUT.rejects.jsonl.part`, `.OUT.journal`) while the run lasts, and in the end the results and
the rejects under their own names, whole. The journal says of each step how long both files were after it,
with the checksum of the results, so that whatever was torn is cut off and done again. Only one run at a time
writes them.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from engine.batch.entry import Counted, Entry, entry_from_plain
from engine.batch.job import Job
from engine.output import settle
from facts.parquet_footer import Piece
from facts.table_sinks import Written

if TYPE_CHECKING:
    from hashlib import _Hash

FORMAT = "cartsign.journal/1"
READ_AT_ONCE = 1 << 20


class Busy(Exception):
    """Another run writes the same output."""


class Changed(Exception):
    """The run that was broken off was another one: other files, rules, versions or options."""


@dataclass
class Journal:
    """An open journal, and the files that it tells of."""

    job: Job
    log: BinaryIO
    results: BinaryIO
    rejects: BinaryIO
    entries: list[Entry] = field(default_factory=list)
    checksum: _Hash = field(default_factory=sha256)

    def reject(self, lines: Iterable[bytes]) -> None:
        """Write the rejects of a segment, before what else it gave. Raises `OSError` as `add` does."""
        self.rejects.writelines(lines)

    def add(self, written: Written, counted: Counted) -> None:
        """Write what a segment gave. Raises `OSError` where it cannot be written."""
        start = self.results.tell()
        for part in written.data:
            self.write(part)
        self.results.flush()
        self.rejects.flush()
        end, sum_here = self.results.tell(), self.checksum.hexdigest()
        entry = Entry(start, end, self.rejects.tell(), sum_here, written.footer, counted)
        self.entries.append(entry)
        _log(self.log, entry.to_plain())

    def write(self, data: bytes) -> None:
        """Write what belongs to no segment: the opening and the closing of the results."""
        self.results.write(data)
        self.checksum.update(data)

    def pieces(self) -> list[Piece]:
        """Where the pieces of the results lie."""
        return [Piece(each.start, each.footer) for each in self.entries if each.footer]

    def place(self, has_results: bool) -> None:
        """Give the results their own name, and the rejects, where there are any."""
        for file in (self.results, self.rejects):
            file.flush()
            os.fsync(file.fileno())
        if self.rejects.tell():
            settle(part_of(self.job.rejects), self.job.rejects)
        else:
            part_of(self.job.rejects).unlink(missing_ok=True)
            self.job.rejects.unlink(missing_ok=True)
        if has_results:
            settle(part_of(self.job.out), self.job.out)
        else:
            part_of(self.job.out).unlink(missing_ok=True)

    def discard(self) -> None:
        """Leave nothing of the run."""
        for path in (self.job.out, self.job.rejects):
            part_of(path).unlink(missing_ok=True)
        self.forget()

    def forget(self) -> None:
        """Remove the journal: all is done."""
        journal_of(self.job).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files, as far as they got."""
        for file in (self.results, self.rejects, self.log):
            file.close()


def part_of(path: Path) -> Path:
    """The file that becomes this one."""
    return path.with_name(f".{path.name}.part")


def journal_of(job: Job) -> Path:
    """The journal of a job."""
    return job.out.with_name(f".{job.out.name}.journal")


def opened(job: Job, run: Counted, resume: bool, opening: bytes) -> Journal:
    """The journal of a run, new or as it was left. Raises `Busy`, `Changed`, and `OSError`."""
    try:
        log = _locked(journal_of(job))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(job.out)) from error
    head = json.loads(json.dumps({"format": FORMAT, "run": run}))
    lines = list(_lines(log)) if resume else []
    if lines and lines[0] != head:
        log.close()
        raise Changed
    journal = Journal(job, log, part_of(job.out).open("a+b"), part_of(job.rejects).open("a+b"))
    _restore(journal, map(entry_from_plain, lines[1:]))
    log.truncate(0)
    _log(log, head)
    if not journal.entries:
        journal.write(opening)
    for entry in journal.entries:
        _log(log, entry.to_plain())
    return journal


def _locked(path: Path) -> BinaryIO:
    log = path.open("a+b")
    try:
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        log.close()
        raise Busy from error
    return log


def _log(log: BinaryIO, entry: Counted) -> None:
    log.write(json.dumps(entry).encode() + b"\n")
    log.flush()


def _lines(log: BinaryIO) -> Iterator[Counted]:
    """The lines of a journal that are whole."""
    log.seek(0)
    for line in log:
        try:
            read = json.loads(line)
        except ValueError:
            return
        if not isinstance(read, dict):
            return
        yield read


def _restore(journal: Journal, entries: Iterable[Entry]) -> None:
    """Go back to the last entry whose results are there as they were written."""
    rejects, end = 0, 0
    available = os.fstat(journal.rejects.fileno()).st_size
    journal.results.seek(0)
    for entry in entries:
        sum_here = journal.checksum.copy()
        is_whole = _hashed(journal.results, entry.end - end, sum_here)
        if not is_whole or sum_here.hexdigest() != entry.sha256 or entry.rejects > available:
            break
        journal.checksum, end, rejects = sum_here, entry.end, entry.rejects
        journal.entries.append(entry)
    for file, size in ((journal.results, end), (journal.rejects, rejects)):
        file.truncate(size)
        file.seek(0, os.SEEK_END)


def _hashed(file: BinaryIO, length: int, checksum: _Hash) -> bool:
    """Read on so many bytes, and say whether they were there."""
    while length and (data := file.read(min(length, READ_AT_ONCE))):
        checksum.update(data)
        length -= len(data)
    return not length
