"""Detection of repeated ids over any number of rows.

In: tables in the order of the files. Out: the tables without rows whose id occurred before; these are
rejects. Up to a million ids are kept in memory, more in a temporary SQLite file.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from facts.problem import Problem, Span, quote
from facts.reject import Reject
from facts.tables.frame import cases_of
from facts.tables.segment import Table
from facts.vocabulary import Questionnaire

IN_MEMORY = 1_000_000


@dataclass
class Ids:
    """The ids seen so far. Must be used by one thread at a time."""

    questions: Questionnaire
    limit: int = IN_MEMORY
    seen: set[str] = field(default_factory=set)
    disk: sqlite3.Connection | None = None

    def once(self, table: Table, file: str) -> Table:
        """The table with only the first row of each id that has not occurred before."""
        rows = self._repeated(table.frame["id"].to_list())
        return table.without(rows, partial(self._rejects, table, rows, file)) if rows else table

    def _rejects(self, table: Table, rows: Sequence[int], file: str) -> Iterator[Reject]:
        cases = cases_of(table.frame[rows], self.questions)
        for case, (name, place) in zip(cases, table.where(rows, file), strict=True):
            message = f"two cases have the id {quote(case.id)}"
            problem = Problem(
                "duplicate-id", message, Span(name, place), "give each case its own id", subject="id"
            )
            yield Reject(name, place, [problem], {"id": case.id, "answers": case.to_mapping()})

    def _repeated(self, ids: Sequence[str]) -> list[int]:
        """The rows whose id occurred before, here or in an earlier call."""
        if self.disk is None and len(self.seen) + len(ids) > self.limit:
            self._move()
        if self.disk is not None:
            return self._on_disk(self.disk, ids)
        found = []
        for row, id in enumerate(ids):
            if id in self.seen:
                found.append(row)
            self.seen.add(id)
        return found

    def _move(self) -> None:
        """Move the ids to a file, which SQLite removes by itself."""
        self.disk = sqlite3.connect("", check_same_thread=False)
        self.disk.execute("PRAGMA journal_mode = OFF")
        self.disk.execute("PRAGMA synchronous = OFF")
        self.disk.execute("CREATE TABLE ids (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._on_disk(self.disk, sorted(self.seen))
        self.seen = set()

    def _on_disk(self, disk: sqlite3.Connection, ids: Iterable[str]) -> list[int]:
        found = []
        try:
            for row, id in enumerate(ids):
                if not disk.execute("INSERT OR IGNORE INTO ids VALUES (?)", (id,)).rowcount:
                    found.append(row)
        except sqlite3.OperationalError as error:
            raise OSError(errno.ENOSPC, str(error), "--unique-id") from error
        return found
