"""The journal: what a run has written so far, so that a killed run can be resumed.

In: steps, each with the bytes that it adds to results and rejects. Out: hidden files next to the output
(`.OUT.part`, `.OUT.rejects.jsonl.part`, `.OUT.journal`) for the duration of the run. The journal records the
length and checksum of both files after each step; anything torn beyond that is cut off and done again. Only
one run at a time may write them.

Each line of the journal is preceded by the checksum of all lines up to and including it, which reveals lines
that were damaged, lost, repeated or moved.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.batch.hidden import is_there
from engine.batch.hidden import opened as opened_hidden
from engine.batch.job import Job, journal_of, part_of
from facts.parquet.footer import Piece
from facts.tables.sinks import Written

if TYPE_CHECKING:
    from hashlib import _Hash

FORMAT = "cartsign.journal/2"
READ_AT_ONCE = 1 << 20
PLACED = "placed"
"""Key of the last line of a journal: the files that are complete and only need their final names."""

Counted = Mapping[str, object]
"""The counts of a step, as plain values."""


class Busy(Exception):
    """Raised when another run is writing the same output."""


class Changed(Exception):
    """Raised when an interrupted run cannot be resumed: it had other files, rules, versions or options, or
    `file` has changed.
    """

    def __init__(self, file: str = "") -> None:
        super().__init__(file)
        self.file = file


@dataclass(frozen=True, slots=True)
class Entry:
    """The record of a segment: the range of its results, the footer of its Parquet piece, the end of its
    rejects, and the checksums of all results and rejects up to there.
    """

    start: int
    end: int
    rejects: int
    sha256: str
    rejects_sha256: str
    footer: bytes
    counted: Counted

    def to_plain(self) -> dict[str, object]:
        """The entry as plain values."""
        return asdict(replace(self, footer=b"")) | {"footer": b64encode(self.footer).decode()}


def entry_from_plain(values: Mapping[str, Any]) -> Entry:
    """The inverse of `Entry.to_plain`."""
    known = {each.name: values[each.name] for each in fields(Entry)}
    return Entry(**known | {"footer": b64decode(known["footer"])})


def line(values: Mapping[str, object], before: str) -> tuple[bytes, str]:
    """A line that follows lines with the checksum `before`, and the new checksum."""
    text = json.dumps(values).encode()
    checksum = sha256(before.encode() + text).hexdigest()
    return b"%s %s\n" % (checksum.encode(), text), checksum


def whole_lines(data: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The values of the intact lines, up to the first that is damaged or out of order."""
    before = ""
    for each in data:
        checksum, _, text = each.removesuffix(b"\n").partition(b" ")
        before = sha256(before.encode() + text).hexdigest()
        if checksum != before.encode() or not each.endswith(b"\n"):
            return
        yield json.loads(text)


@dataclass
class Part:
    """A growing file, and the checksum of its contents."""

    file: BinaryIO
    checksum: _Hash = field(default_factory=sha256)

    def write(self, data: bytes) -> None:
        """Append data. Raises `OSError`."""
        self.file.write(data)
        self.checksum.update(data)

    def reaches(self, end: int, checksum: str) -> bool:
        """Read on to position `end`, and return whether everything up to there has this checksum.

        If not, `self.checksum` is unchanged.
        """
        found, at = self.checksum.copy(), self.file.tell()
        while at < end and (data := self.file.read(min(end - at, READ_AT_ONCE))):
            found.update(data)
            at += len(data)
        if at != end or found.hexdigest() != checksum:
            return False
        self.checksum = found
        return True

    def cut(self, end: int) -> None:
        """Truncate the file at `end`. Raises `OSError`."""
        self.file.truncate(end)
        self.file.seek(0, os.SEEK_END)


@dataclass
class Journal:
    """An open journal, and the files that it describes.

    If files only need their final names, `placed` maps these names to checksums, None for a file that must
    not exist.
    """

    job: Job
    log: BinaryIO
    results: Part
    rejects: Part
    entries: list[Entry] = field(default_factory=list)
    placed: dict[str, str | None] | None = None
    last: str = ""
    """The checksum of the last line of the journal."""

    def reject(self, lines: Iterable[bytes]) -> None:
        """Write the rejects of a segment, before its results. Raises `OSError`, as `add` does."""
        for each in lines:
            self.rejects.write(each)

    def add(self, written: Written, counted: Counted) -> None:
        """Write the results of a segment. Raises `OSError`."""
        start = self.results.file.tell()
        for part in written.data:
            self.write(part)
        self.results.file.flush()
        self.rejects.file.flush()
        ends = self.results.file.tell(), self.rejects.file.tell()
        checksums = self.results.checksum.hexdigest(), self.rejects.checksum.hexdigest()
        entry = Entry(start, *ends, *checksums, written.footer, counted)
        self.entries.append(entry)
        self.log_line(entry.to_plain())

    def write(self, data: bytes) -> None:
        """Write the opening or closing of the results, which belong to no segment."""
        self.results.write(data)

    def pieces(self) -> list[Piece]:
        """The positions of the pieces of the results."""
        return [Piece(each.start, each.footer) for each in self.entries if each.footer]

    def log_line(self, values: Counted) -> None:
        """Write a line of the journal. Raises `OSError`."""
        data, self.last = line(values, self.last)
        self.log.write(data)
        self.log.flush()

    def discard(self) -> None:
        """Remove all traces of the run."""
        for path in (self.job.out, self.job.rejects, self.job.manifest):
            part_of(path).unlink(missing_ok=True)
        self.forget()

    def forget(self) -> None:
        """Remove the journal of a finished run."""
        journal_of(self.job).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files in their current state; a later run verifies their content."""
        for file in (self.results.file, self.rejects.file, self.log):
            with suppress(OSError):
                file.close()


def opened(job: Job, run: Counted, resume: bool, opening: bytes) -> Journal:
    """The journal of a run, new or resumed. Raises `Busy`, `Changed` and `OSError`."""
    log = _locked(job)
    try:
        head = json.loads(json.dumps({"format": FORMAT, "run": run}))
        log.seek(0)
        lines = list(whole_lines(log)) if resume else []
        if lines and lines[0] != head:
            raise Changed
        results, rejects = (Part(opened_hidden(part_of(path))) for path in (job.out, job.rejects))
        journal = Journal(job, log, results, rejects)
        _restore(journal, lines[1:])
        log.truncate(0)
        journal.log_line(head)
        if not journal.entries and journal.placed is None:
            journal.write(opening)
        for entry in journal.entries:
            journal.log_line(entry.to_plain())
        if journal.placed is not None:
            journal.log_line({PLACED: journal.placed})
    except BaseException:
        log.close()
        raise
    return journal


def _locked(job: Job) -> BinaryIO:
    """The journal file, locked for this run; opened again if another run removes it at the same moment."""
    path = journal_of(job)
    while True:
        log = opened_hidden(path)
        try:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            log.close()
            raise Busy from error
        if is_there(path, log):
            return log
        log.close()


def _restore(journal: Journal, lines: list[dict[str, Any]]) -> None:
    """Return to the last entry whose results and rejects are intact."""
    if lines and PLACED in lines[-1]:
        *lines, last = lines
        if all(_is_somewhere(journal.job, name, checksum) for name, checksum in last[PLACED].items()):
            journal.placed = last[PLACED]
            journal.entries = list(map(entry_from_plain, lines))
            return
    ends, parts = (0, 0), (journal.results, journal.rejects)
    for part in parts:
        part.file.seek(0)
    for values in lines:
        entry = entry_from_plain(values)
        before = [part.checksum for part in parts]
        if not (
            journal.results.reaches(entry.end, entry.sha256)
            and journal.rejects.reaches(entry.rejects, entry.rejects_sha256)
        ):
            journal.results.checksum, journal.rejects.checksum = before
            break
        ends = entry.end, entry.rejects
        journal.entries.append(entry)
    for part, end in zip(parts, ends, strict=True):
        part.cut(end)


def _is_somewhere(job: Job, name: str, checksum: str | None) -> bool:
    """Whether a file with this checksum has its final name, or still its hidden one."""
    path = job.out.with_name(name)
    return checksum is None or checksum in (checksum_of(part_of(path)), checksum_of(path))


def checksum_of(path: Path) -> str | None:
    """The checksum of a file; None if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
