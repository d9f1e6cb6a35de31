"""List columns whose members are constants of the knowledge base.

In: truths, each with what stands in a list where it holds. Out: list columns of a frame that the truths were
packed in (`engine.assessments.slots`). While lists are made, names are numbers; `named` gives an expression
that turns them into names, which costs no more than a change of type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataTypeClass

from engine.assessments.slots import Slots, lists

DataType = pl.DataType | DataTypeClass


@dataclass(frozen=True, slots=True)
class Listed:
    """Lists of constants: for each column the value of each slot. Columns of the same slots cost little."""

    slots: Slots
    values: Mapping[str, pl.Series]

    @property
    def dtypes(self) -> dict[str, DataType]:
        """What the columns hold once they are named."""
        return {name: pl.List(values.dtype) for name, values in self.values.items()}

    def packed(self) -> Iterator[pl.Expr]:
        """The columns that `read` reads, over the truth columns."""
        return self.slots.packed()

    def read(self, frame: pl.DataFrame) -> Iterator[pl.Series]:
        """The columns, as numbers."""
        held = self.slots.held(frame)
        for name, values in self.values.items():
            yield lists(held.starts, values.to_physical().gather(held.numbers)).alias(name)


def named(value: pl.Expr, dtype: DataType) -> pl.Expr:
    """Numbers as the names of a type, however deep they are inside of it."""
    match dtype:
        case pl.Enum():
            return value.cat.to(dtype)
        case pl.List(inner=inner):
            return value.list.eval(named(pl.element(), inner))
        case pl.Struct(fields=fields):
            return record({each.name: named(value.struct.field(each.name), each.dtype) for each in fields})
        case _:
            return value


def names_of(values: Iterable[str]) -> pl.Series:
    """Each value, of a type that knows them all."""
    each = list(values)
    return pl.Series(each, dtype=pl.Enum(list(dict.fromkeys(each))))


def record(fields: Mapping[str, pl.Expr]) -> pl.Expr:
    """A struct of these fields, whatever they are called."""
    return pl.struct([value.alias(name) for name, value in fields.items()])
