"""From Arrow rows to Arrow results, for machines that receive rows in batches.

In: Arrow tables with a user's columns (`facts.tables.canonical`), all with the same schema. Out: for each
table the results of the rows that are cases, in types that every Arrow reader knows (text instead of a Polars
Enum, signed integers), and the rejected rows. The id of a row without one is `row-` and a hash of its
content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import polars as pl
import polars.selectors as cs

from engine.assessments.complete import compile_plan, stored
from engine.columns.wide import compile_wide
from engine.meaning.valuation import Prepared, prepare
from engine.model.assessment import Shape
from engine.model.knowledge_base import KnowledgeBase
from facts.other_names.renaming import Renaming
from facts.problem import Problem
from facts.reject import Reject
from facts.tables.frame import schema_of
from facts.tables.frame_reader import FrameReader
from facts.tables.segment import Wanted, renamed

Assess = Callable[[pl.LazyFrame], pl.LazyFrame]
"""From a canonical frame to `id` and the results."""


def _wide(prepared: Prepared) -> Assess:
    plan = compile_wide(prepared)
    return lambda frame: plan.apply(frame).select("id", *plan.names)


def _full(prepared: Prepared) -> Assess:
    return compile_plan(prepared, stored).apply


SHAPES: Mapping[Shape, Callable[[Prepared], Assess]] = {"wide": _wide, "full": _full}


@dataclass(frozen=True, slots=True)
class Missed:
    """A rejected row: its index (from 0), its id and its problems."""

    index: int
    id: str
    reject: Reject


@dataclass(frozen=True, slots=True)
class Split:
    """The results as an Arrow table, and the rejected rows, both in the order of the rows."""

    results: Any
    missed: tuple[Missed, ...]


@dataclass(frozen=True)
class ArrowPlan:
    """Assesses rows with this Arrow schema, whose columns have the user's names."""

    kb: KnowledgeBase
    shape: Shape
    schema: Any
    renaming: Renaming
    name: str

    @cached_property
    def _assess(self) -> Assess:
        return SHAPES[self.shape](prepare(self.kb))

    @cached_property
    def _reader(self) -> FrameReader:
        wanted = Wanted(self.kb.questions, renaming=self.renaming)
        return reader_of(_identified(_frame(self.schema.empty_table())), wanted, self.name)

    @cached_property
    def result_schema(self) -> Any:
        """The Arrow schema of the results."""
        return self._results(pl.DataFrame(schema=schema_of(self.kb.questions))).schema

    def apply(self, rows: Any) -> Split:
        """The results of an Arrow table, and its rejected rows."""
        given = _identified(_frame(rows))
        table = self._reader.table(renamed(given.lazy(), self._reader.wanted), 0)
        missed = (
            Missed(each.place - 1, given["id"][each.place - 1], replace(each, place=0))
            for each in table.rejects
        )
        return Split(self._results(table.frame), tuple(missed))

    def _results(self, frame: pl.DataFrame) -> Any:
        found = self._assess(frame.lazy()).collect()
        found = found.with_columns(cs.enum().cast(pl.String), cs.unsigned_integer().cast(pl.Int32))
        return found.to_arrow(compat_level=pl.CompatLevel.oldest())


def column_problems(schema: Any, wanted: Wanted, name: str) -> Iterator[Problem]:
    """The problems of an Arrow schema, whatever the rows contain."""
    yield from reader_of(_frame(schema.empty_table()), wanted, name).problems()


def reader_of(empty: pl.DataFrame, wanted: Wanted, name: str) -> FrameReader:
    """A reader of frames with the columns of `empty`, after renaming."""
    return FrameReader(renamed(empty.lazy(), wanted).collect_schema(), wanted, name, name)


def _identified(given: pl.DataFrame) -> pl.DataFrame:
    """The rows with ids; a missing id is made from the content of the row, so that it does not depend on its
    place.
    """
    ids = given["id"].cast(pl.String) if "id" in given.columns else pl.Series([None], dtype=pl.String)
    ids = ids if ids.len() == given.height else ids.new_from_index(0, given.height)
    lacking = ids.is_null() | (ids == "")
    if lacking.any():
        said = given.filter(lacking).select(pl.struct(pl.exclude("id")).struct.json_encode()).to_series()
        named = [f"row-{sha256(each.encode()).hexdigest()[:32]}" for each in said]
        ids = ids.scatter(lacking.arg_true(), named)
    return given.with_columns(ids.alias("id"))


def _frame(rows: Any) -> pl.DataFrame:
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame
