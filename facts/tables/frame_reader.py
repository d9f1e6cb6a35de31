"""Turn a user's frame into a table of valid cases in canonical form, and rejects.

In: a frame with a column per question, in any form that `facts.tables.canonical` supports. Rows whose text is
in its usual form are read fast; all others are read again carefully. An invalid row is returned whole, with
all its problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import polars as pl
from polars.selectors import by_name

from facts.other_names.columns import (
    known_names,
    missing_columns,
    no_question,
    strange_columns,
    without_column,
)
from facts.other_names.formerly import as_read, left_out, old_columns
from facts.problem import Problem, Span
from facts.reject import Rejects
from facts.tables.bounds import ANSWER, ID, KEPT, LONG, bounded, is_unbounded
from facts.tables.canonical import Columns, read_columns
from facts.tables.formerly import in_words_of_today, old_words
from facts.tables.frame import flag_of
from facts.tables.problems import PLACE
from facts.tables.rejects import RowRejects, failed
from facts.tables.segment import Table, Wanted, carried

AGAIN = 65_536
"""Number of rows read carefully at once."""
BAD = "\0bad"


@dataclass(frozen=True, slots=True)
class SortedOut:
    """Valid rows in canonical form, the other rows unchanged, and warnings about old names."""

    fine: pl.DataFrame
    bad: pl.DataFrame
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class FrameReader:
    """Reads frames with these columns, which are already renamed; `name` is the prefix of default ids.

    A row with a value in one of the `never` columns is invalid. With `objects`, text may be a JSON object,
    and rows not in the usual form are left to the caller.
    """

    schema: pl.Schema
    wanted: Wanted
    file: str
    name: str
    never: tuple[str, ...] = ()
    objects: bool = False

    def of_file(self, file: str, name: str) -> FrameReader:
        """Return a reader for another file with the same columns, which shares the cached properties."""
        other = replace(self, file=file, name=name)
        vars(other).update(vars(self) | vars(other))
        return other

    @cached_property
    def quick(self) -> Columns:
        """Return the expressions that read the columns in their usual form."""
        return self._columns(quick=True)

    @cached_property
    def careful(self) -> Columns:
        """Return the expressions that read the columns in any form."""
        return self._columns(quick=False)

    def _columns(self, quick: bool) -> Columns:
        others = self.schema.keys() - set(self._known)
        return read_columns(self.schema, self.wanted.questions, others, quick, self.objects)

    @cached_property
    def _known(self) -> list[str]:
        questions = self.wanted.questions
        return [*known_names(questions), *map(flag_of, as_read(questions).values())]

    def problems(self) -> list[Problem]:
        """Return the problems with the columns: errors, and warnings about unread or missing columns."""
        return [replace(problem, span=Span(self.file)) for problem in self._problems]

    @cached_property
    def _problems(self) -> list[Problem]:
        names, place = self.schema.names(), Span(self.file)
        found = [replace(problem, span=place) for problem in self.quick.problems]
        missing = list(missing_columns(names, self.wanted.needed, place))
        questions = self.wanted.questions
        known = [*self._known, *left_out(names, questions)]
        found += missing or strange_columns(names, known, self.wanted.carry, lambda index: place)
        if any(problem.severity == "error" for problem in found):
            return found
        unread = list(no_question(names, questions, place))
        found += old_columns(names, questions, lambda index: place)
        return unread or [*found, *without_column(names, questions, place)]

    @cached_property
    def used(self) -> list[str]:
        """The columns that are read."""
        used = {*self._known, *self.wanted.carry} - {"about"}
        return [name for name in self.schema if name in used]

    @cached_property
    def _most(self) -> dict[str, int]:
        """The maximum number of bytes per text, for each column that is read and holds text."""
        texts = [name for name in self.used if is_unbounded(self.schema[name])]
        own = dict.fromkeys(self.wanted.carry, KEPT) | {"id": ID}
        return {name: own.get(name, ANSWER) for name in texts}

    @cached_property
    def _others(self) -> list[str]:
        """The columns that are not read."""
        used = set(self.used)
        return [name for name in self.schema if name not in used]

    def table(self, given: pl.LazyFrame, first: int) -> Table:
        """Return the table of rows that come after `first` other rows. Polars errors are not caught."""
        found = self.sorted_out(given, first, is_bounded=False)
        today = partial(in_words_of_today, questions=self.wanted.questions)
        rows = RowRejects(self.file, self.careful.checks, self._most, today)
        rejects = Rejects(found.bad.height, found.bad[PLACE], partial(rows.groups, found.bad))
        return Table(found.fine.drop(PLACE), rejects, first + 1, notes=found.notes)

    def usual(
        self, given: pl.LazyFrame, files: Sequence[tuple[str, Sequence[int]]], is_bounded: bool = True
    ) -> pl.DataFrame | None:
        """Return the rows of several files with these columns, or None unless all of them are valid.

        `files` gives, for each file, the prefix of default ids and the places of its rows.
        """
        names = pl.Series([name for name, places in files for _ in places], dtype=pl.String)
        places = pl.Series([place for _, places in files for place in places], dtype=pl.Int64)
        source = given if is_bounded else self._bounded(given)
        read = self._canonical(source, pl.lit(places).alias(PLACE), self.quick).collect()
        if read[BAD].any():
            return None
        name = pl.format("{}:{}", pl.lit(names), PLACE)
        return read.with_columns(pl.col("id").fill_null(name)).drop(PLACE, BAD)

    def sorted_out(
        self,
        given: pl.LazyFrame,
        first: int = 0,
        places: pl.Series | None = None,
        is_bounded: bool = True,
    ) -> SortedOut:
        """Separate valid rows from the others, and add their places: `places` if given, else numbers from
        `first` + 1.

        `is_bounded` says that cells cannot be larger than the file, as in text files.
        """
        numbers = pl.int_range(first + 1, first + 1 + pl.len()) if places is None else pl.lit(places)
        place = numbers.alias(PLACE)
        source = given if is_bounded else self._bounded(given)
        read = self._named(self._canonical(source, place, self.quick).collect(engine="streaming"))
        if not read[BAD].any():
            return SortedOut(read.drop(BAD), pl.DataFrame(schema={PLACE: read.schema[PLACE]}))
        fine = read.filter(~pl.col(BAD)).drop(BAD)
        doubtful = given.select(place, pl.all()).collect().filter(read[BAD])
        if self.objects:
            return SortedOut(fine, doubtful)
        doubtful = doubtful if is_bounded else bounded(doubtful, self._most, self._others)
        again = pl.concat(map(self._again, doubtful.iter_slices(AGAIN)))
        checks = [name for name in self._checked if again[name].any()]
        mended = again.filter(~pl.col(BAD)).drop(BAD, *self._checked)
        bad = doubtful.hstack(again.select(checks)).filter(again[BAD])
        notes = old_words(doubtful.filter(~again[BAD]), self.wanted.questions, self.file)
        return SortedOut(pl.concat([fine, mended]).sort(PLACE), bad, tuple(notes))

    @cached_property
    def _checked(self) -> list[str]:
        """The columns that mark the rows in which each careful check failed."""
        return list(map(failed, range(len(self.careful.checks))))

    def _again(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Read rows carefully, and mark where each check failed."""
        checks = [
            check.bad.fill_null(False).alias(name)
            for check, name in zip(self.careful.checks, self._checked, strict=True)
        ]
        careful, today = replace(self.careful, checks=()), in_words_of_today(rows, self.wanted.questions)
        read = self._canonical(today.lazy(), pl.col(PLACE), careful, checks)
        bad = pl.any_horizontal(BAD, *self._checked)
        return self._named(read.with_columns(bad.alias(BAD)).collect())

    def _bounded(self, given: pl.LazyFrame) -> pl.LazyFrame:
        """Limit the cells of the columns that are read, if any holds text other than ids; the length of an id
        is checked anyway.
        """
        if not self._most.keys() - {"id"} and self.schema.get("id", pl.String) == pl.String:
            return given
        return bounded(given.select(map(by_name, self.used)).collect(engine="streaming"), self._most).lazy()

    def _canonical(
        self, given: pl.LazyFrame, place: pl.Expr, columns: Columns, more: Iterable[pl.Expr] = ()
    ) -> pl.LazyFrame:
        """Return one row per given row. Selecting the place keeps the row count when all other columns are
        literals.
        """
        along = [self._carried(name).alias(carried(name)) for name in self.wanted.carry]
        never = [*self.never, *([LONG] if LONG in given.collect_schema() else [])]
        bad = pl.any_horizontal([columns.bad, *(pl.col(name).is_not_null() for name in never)])
        return given.select(place, columns.id, *columns.values, *along, bad.alias(BAD), *more)

    def _carried(self, name: str) -> pl.Expr:
        """Return a carried column: unchanged if it has its own type, else as stripped text, null if empty."""
        column = by_name(name) if name in self.schema else pl.lit(None)
        value = column.cast(self.wanted.dtype(name), strict=False)
        if name in self.wanted.kept:
            return value
        text = value.str.strip_chars()
        return pl.when(text != "").then(text)

    def _named(self, read: pl.DataFrame) -> pl.DataFrame:
        """Give rows without an id the id `name:place`."""
        if not read["id"].null_count():
            return read
        name = pl.format("{}:{}", pl.lit(self.name), PLACE)
        return read.with_columns(pl.col("id").fill_null(name))
