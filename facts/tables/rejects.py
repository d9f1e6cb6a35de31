"""Turn invalid rows of a frame into rejects, and into their JSON lines column by column.

In: invalid rows of a user's frame, with a column for their places, one for each failed check (`failed`), and
one that names a column with a text that is too long. Out: groups of rejects. The lines equal those of
`facts.reject.Reject.to_json` byte for byte.
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
"""Maximum number of rows written at once."""
MOST_WORDS = 65_536
"""Maximum number of cells, per check, whose JSON text is cached."""
DAY = 24 * 60 * 60
SECONDS = (-719_161 * DAY, 2_932_895 * DAY)
"""The range of Python dates in seconds since 1970, less a day at both ends for time zones."""
OURS = "\0"
"""Prefix of columns that are not from the user's frame."""


def failed(check: int) -> str:
    """Return the name of the column that marks the rows in which a check failed."""
    return f"{OURS}failed:{check}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem of several rows: a mask of the rows, and a function that returns its JSON text for each of
    them, null elsewhere.
    """

    kind: Kind
    rows: pl.Series
    texts: Callable[[], pl.Series]


@dataclass(frozen=True)
class RowRejects:
    """Makes the rejects of invalid rows of a file.

    `most` is the maximum number of bytes of a text, by column; `today` replaces old option names in the rows,
    which is the form that the checks read.
    """

    file: str
    checks: Sequence[Check]
    most: Mapping[str, int]
    today: Callable[[pl.DataFrame], pl.DataFrame]

    def groups(self, bad: pl.DataFrame) -> Iterator[Group]:
        """Yield the rejects of the rows in groups of up to `TOGETHER`."""
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
    """Yield the user's columns, with the beginnings of texts that are too long."""
    names = set(rows.columns)
    for column in rows:
        if beginning(column.name) in names:
            begins = rows[beginning(column.name)]
            yield begins.zip_with(begins.is_not_null(), column.cast(pl.String)).alias(column.name)
        elif not column.name.startswith(OURS):
            yield _with_times_of_python(column.alias("cell")).alias(column.name)


def _with_times_of_python(column: pl.Series) -> pl.Series:
    """Return the column, or text if Python cannot represent one of its dates, with a number for each such
    cell.
    """
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
    """Count the rows by the first fault of each, ordered by first occurrence."""
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
