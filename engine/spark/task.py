"""The work of a task: batches of Arrow in, batches of results and rejects out.

Spark passes few rows at a time, so batches are combined first to spread the fixed cost of a query. Kept
columns bypass the query unchanged. A row that is not a case has null results, and its record in the column
`reject` (see `facts.reject`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa

from engine.assessments.arrow import ArrowPlan, Split
from engine.model.assessment import Shape
from engine.model.knowledge_base import KnowledgeBase
from engine.spark.columns import portable
from facts.other_names.renaming import Renaming
from facts.tables.segment import ROWS

REJECT = "reject"
"""Name of the column with the records of rejects."""
MOST_BYTES = 256 * 2**20
"""Maximum number of bytes of combined batches, for long rows."""


@dataclass(frozen=True)
class Task:
    """Turns rows with these columns into results of a shape; `schema` describes the answer columns."""

    kb: KnowledgeBase
    shape: Shape
    columns: tuple[str, ...]
    keep: tuple[str, ...]
    schema: pa.Schema
    renaming: Renaming
    name: str

    @cached_property
    def plan(self) -> ArrowPlan:
        """The plan from answers to results."""
        return ArrowPlan(self.kb, self.shape, self.schema, self.renaming, self.name)

    @cached_property
    def result_schema(self) -> pa.Schema:
        """The Arrow schema of the results, with types that Spark supports."""
        return pa.schema([(field.name, portable(field.type)) for field in self.plan.result_schema])

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Assess the rows of batches, and yield batches with the results and rejects."""
        for together in gathered(batches):
            rows = pa.Table.from_batches(together).rename_columns(list(self.columns))
            yield from self._assessed(rows).to_batches()

    def _assessed(self, rows: pa.Table) -> pa.Table:
        """The results of the rows that are cases, followed by the rejects."""
        kept = rows.select(list(self.keep))
        split = self.plan.apply(rows.select(self.schema.names))
        split = replace(split, results=split.results.cast(self.result_schema))
        none = pa.nulls(split.results.num_rows, pa.string())
        if not split.missed:
            return _beside(split.results, kept, none)
        bad = {each.index for each in split.missed}
        cases = kept.filter(pa.array(at not in bad for at in range(rows.num_rows)))
        results = _beside(split.results, cases, none)
        return pa.concat_tables([results, _rejects(split, kept)])


def gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches combined until the fixed cost of a query is negligible."""
    together: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        together.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= ROWS // 2 or size >= MOST_BYTES:
            yield together
            together, rows, size = [], 0, 0
    if rows:
        yield together


def _rejects(split: Split, kept: pa.Table) -> pa.Table:
    missed, schema = split.missed, split.results.schema
    places = pa.array([each.index for each in missed], pa.int64())
    records = pa.array([each.reject.to_json() for each in missed], pa.string())
    ids = pa.array([each.id for each in missed], schema.types[0])
    nothing = (pa.nulls(len(ids), dtype) for dtype in schema.types[1:])
    return _beside(pa.Table.from_arrays([ids, *nothing], schema=schema), kept.take(places), records)


def _beside(results: pa.Table, kept: pa.Table, records: pa.Array) -> pa.Table:
    """`id`, the kept columns, the results, and the record of a reject."""
    names = [results.column_names[0], *kept.column_names, *results.column_names[1:], REJECT]
    columns = [results.columns[0], *kept.columns, *results.columns[1:], records]
    return pa.Table.from_arrays(columns, names)
