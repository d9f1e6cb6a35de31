"""The shape of results: columns to add to the truth columns, lists read from them, and fields made of both.

In: a frame with the truth columns. Out: a frame with the fields. Everything but the lists is expressions; the
lists are read in Python between two Polars queries, each on its own thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import polars as pl

from engine.assessments.nested import Nested
from engine.assessments.slots import Listed, named
from engine.columns.steps import applied

ORDER = (
    *("id", "in_scope", "triage", "conditions", "findings", "scores", "classes", "advice", "texts"),
    *("ask_next", "kept_open_by", "inconsistencies", "disagreements", "fired", "open", "reasons"),
)
OPTIONAL = ("classes",)
"""Fields that the results of a knowledge base without them do not have."""
INSIDE = {
    "triage": ("level", "ceiling", "settled", "rules", "by_source"),
    "advice": ("given", "given_unless", "held", "pending"),
}
ROOM = 1 << 30
"""Maximum number of slots, over all rows, whose lists are made at once."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How results are made from the truth columns. First `steps` are added, in order; then only `alone` and
    the bits of `lists` are kept, from which `fields` are made.
    """

    steps: tuple[tuple[pl.Expr, ...], ...]
    alone: Mapping[str, pl.Expr]
    lists: tuple[Listed | Nested, ...]
    fields: tuple[pl.Expr, ...]

    @property
    def slots(self) -> int:
        """Number of slots of all lists in a row."""
        return sum(len(each.slots.truths) for each in self.lists)

    def packed(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The columns that `read` reads, from the truth columns; a few hundred bytes per row."""
        bits = (column for each in self.lists for column in each.packed())
        return applied(frame, self.steps).select(
            *(value.alias(name) for name, value in self.alone.items()), *bits
        )

    def read(self, packed: pl.DataFrame) -> pl.DataFrame:
        """The fields, made for at most `ROOM` slots at a time."""
        rows = max(1, ROOM // max(1, self.slots))
        return pl.concat(map(self._read, packed.iter_slices(rows))) if packed.height else self._read(packed)

    def _read(self, packed: pl.DataFrame) -> pl.DataFrame:
        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
            found = pool.map(lambda each: list(each.read(packed)), self.lists)
            return packed.with_columns(chain.from_iterable(found)).select(self.fields)


def columns(alone: Iterable[str], lists: Iterable[Listed | Nested]) -> dict[str, pl.Expr]:
    """The columns from which fields can be made; lists have names instead of numbers."""
    found = {name: pl.col(name) for name in alone}
    for each in lists:
        found |= {name: named(pl.col(name), dtype) for name, dtype in each.dtypes.items()}
    return found


def fields(columns: Mapping[str, pl.Expr]) -> Iterator[pl.Expr]:
    """The fields in order; null if the knowledge base has nothing for a field, and no field at all for the
    classes of one that has none.
    """
    for field in ORDER:
        if field in OPTIONAL and field not in columns:
            continue
        inside = [f"{field}.{name}" for name in INSIDE.get(field, ())]
        if inside and inside[0] in columns:
            yield pl.struct([columns[name].alias(name.partition(".")[2]) for name in inside]).alias(field)
        else:
            yield columns.get(field, pl.lit(None)).alias(field)
