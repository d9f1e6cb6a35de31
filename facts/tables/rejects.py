"""Rows of a frame that are no cases, to their rejects, and to the lines of these, column by column.

In: a user's frame of such rows, with a column that says where they stand, one for each check that failed
(`failed`), and one that names a text that is too long. Out: groups of rejects. The lines are those of
`facts.reject.Reject.to_json`, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import polars as pl

from facts.problem import Problem, Span
from facts.reject import Group, Kind, Reject
from facts.tables.bounds import LONG, beginning, in_slices, problem_of
from facts.tables.json_cells import IN_QUOTES, joined, json_objects
from facts.tables.problems import PLACE, fields_text, kind_of, problem_in, problem_texts
from facts.tables.readings import Check

TOGETHER = 8_192
"""Number of rows that are written together."""
MOST_WORDS = 65_536
"""Number of cells that fail a check whose words are remembered."""
DAY = 24 * 60 * 60
SECONDS = (-719_161 * DAY, 2_932_895 * DAY)
"""Before and after 1970: so far the dates of Python reach, less a day for zones of time."""
OURS = "\0"
"""What the names of columns begin with that are not in the user's frame."""


def failed(check: int) -> str:
    """The name of the column that says in which rows a check failed."""
    return f"{OURS}failed:{check}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with some rows: which, and what is said of each of them as JSON, null for the others."""

    kind: Kind
    rows: pl.Series
    texts: Callable[[], pl.Series]


@dataclass(frozen=True)
class RowRejects:
    """The rejects of rows of a file. `most` has the maximum number of bytes of a text by column; `today`
    gives the rows with the names that options have today, as the checks read them.
    """

    file: str
    checks: Sequence[Check]
    most: Mapping[str, int]
    today: Callable[[pl.DataFrame], pl.DataFrame]

    def groups(self, bad: pl.DataFrame) -> Iterator[Group]:
        """The rejects of rows, some thousand together."""
        for rows in in_slices(bad, TOGETHER):
            faults = list(self._faults(rows))
            yield Group(_counted(faults), 0, partial(self._lines, rows, faults), partial(self._each, rows))

    def _faults(self, rows: pl.DataFrame) -> Iterator[Fault]:
        read = self.today(rows)
        for at, check in enumerate(self.checks):
            if failed(at) in rows.columns and rows[failed(at)].any():
                where = rows[failed(at)]
                yield Fault(kind_of(check), where, partial(self._texts, at, read[check.column], where))
        for name in rows[LONG].unique(maintain_order=True).drop_nulls() if LONG in rows.columns else ():
            where, problem = rows[LONG] == name, self._long(name, 0)
            said = pl.Series([fields_text(problem)]).new_from_index(0, rows.height)
            kind = Kind(problem.code, problem.subject)
            yield Fault(kind, where.fill_null(False), partial(said.zip_with, where, NOTHING))

    def _texts(self, check: int, column: pl.Series, where: pl.Series) -> pl.Series:
        text, said = self._words[check], column.filter(where).to_list()
        texts = [text(tuple(each) if isinstance(each, list) else str(each)) for each in said]
        found: pl.Series = NOTHING.new_from_index(0, column.len()).scatter(where.arg_true(), texts)
        return found

    @cached_property
    def _words(self) -> list[Callable[[object], str]]:
        return [lru_cache(MOST_WORDS)(problem_texts(check)) for check in self.checks]

    def _lines(self, rows: pl.DataFrame, faults: Sequence[Fault]) -> bytes:
        said = [fault.texts() for fault in faults]
        earlier, also = faults[0].rows, []
        for fault, text in zip(faults[1:], said[1:], strict=True):
            others = pl.concat_str(pl.lit("{"), text, pl.lit("}"))
            also.append(pl.when(earlier & fault.rows).then(others))
            earlier = earlier | fault.rows
        columns = list(_theirs(rows))
        head = f'{{"file": {IN_QUOTES(self.file)}, "line": '.encode("utf-8", "replace").decode()
        parts = (
            pl.lit(head),
            rows[PLACE],
            pl.lit(', "rows": 1, '),
            pl.coalesce(said),
            pl.lit(', "also": ['),
            joined(also),
            pl.lit('], "content": '),
            json_objects(columns),
            pl.lit("}\n"),
        )
        return b"".join(pl.select(pl.concat_str(parts)).to_series().cast(pl.Binary))

    def _each(self, rows: pl.DataFrame) -> Iterator[Reject]:
        contents = pl.DataFrame(list(_theirs(rows))).iter_rows(named=True)
        checked = {check.column for check in self.checks}
        ours = [each for each in self.today(rows) if each.name in checked or each.name.startswith(OURS)]
        for row, given in zip(pl.DataFrame(ours).iter_rows(named=True), contents, strict=True):
            place = row[PLACE]
            failures = [
                problem_in(check, row[check.column], Span(self.file, place))
                for at, check in enumerate(self.checks)
                if row.get(failed(at))
            ]
            long = [self._long(row[LONG], place)] if row.get(LONG) else []
            content = {name: said for name, said in given.items() if said is not None}
            yield Reject(self.file, place, [*failures, *long], content)

    def _long(self, column: str, place: int) -> Problem:
        return problem_of(column, self.most[column], self.file, place)


NOTHING = pl.Series([None], dtype=pl.String)
NEVER = pl.Series([False])


def _theirs(rows: pl.DataFrame) -> Iterator[pl.Series]:
    """The columns of the user's frame, with the beginnings of texts that are too long."""
    names = set(rows.columns)
    for column in rows:
        if beginning(column.name) in names:
            begins = rows[beginning(column.name)]
            yield begins.zip_with(begins.is_not_null(), column.cast(pl.String)).alias(column.name)
        elif not column.name.startswith(OURS):
            yield _with_times_of_python(column.alias("cell")).alias(column.name)


def _with_times_of_python(column: pl.Series) -> pl.Series:
    """The column, or if Python has no date for one of its cells, text, and the number for such a cell."""
    match column.dtype:
        case pl.Date():
            number, a_second = column.to_physical().cast(pl.Int64) * DAY, 1
        case pl.Datetime(time_unit=unit) | pl.Duration(time_unit=unit):
            number, a_second = column.to_physical(), {"ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
        case _:
            return column
    known = (number // a_second).is_between(*SECONDS).fill_null(True)
    if known.all():
        return column
    said = pl.Series([str(each) for each in column.filter(known).to_list()], dtype=pl.String)
    text: pl.Series = column.to_physical().cast(pl.String)
    text = text.scatter(known.arg_true(), said).zip_with(column.is_not_null(), NOTHING)
    return text.alias(column.name)


def _counted(faults: Sequence[Fault]) -> Counter[Kind]:
    """How many rows there are by the first fault of each, in the order of the rows."""
    found: list[tuple[int, Kind, int]] = []
    earlier = NEVER.new_from_index(0, faults[0].rows.len())
    for fault in faults:
        rows = fault.rows & ~earlier
        if rows.any():
            found.append((rows.arg_max() or 0, fault.kind, int(rows.sum())))
        earlier = earlier | fault.rows
    counted: Counter[Kind] = Counter()
    for _, kind, count in sorted(found):
        counted[kind] += count
    return counted
