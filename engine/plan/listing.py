"""List columns whose members are constants of the knowledge base, and lists inside of them.

In: truths, each with what stands in a list where it holds. Out: list columns of a frame that the truths were
packed in (`engine.plan.slots`). While lists are made, names are numbers; `named` gives an expression that
turns them into names, which costs no more than a change of type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.plan.slots import Slots, Starts, lists

DataType = pl.DataType | type[pl.DataType]


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
        held, starts = self.slots.held(frame), self.slots.starts(frame)
        for name, values in self.values.items():
            yield lists(starts, values.to_physical().gather(held)).alias(name)


@dataclass(frozen=True, slots=True)
class Entry:
    """A struct that may stand in a list. Each head is a truth with the constants that go with it, and no two
    are true at once; a member of an inner list has a truth that is true only where a head is.
    """

    heads: Sequence[tuple[pl.Expr, Mapping[str, object]]]
    members: Mapping[str, Sequence[tuple[pl.Expr, str]]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """An order of entries other than that of their slots: for each slot the place of its entry."""

    slots: Slots
    places: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Nested:
    """Lists of structs of constants and of lists of their own.

    A slot is a head, and then each of `constants` has a value for it, or a member, and then one of `members`
    has; `places` has the place of its entry. The members of an entry follow its heads.
    """

    name: str
    slots: Slots
    constants: Mapping[str, pl.Series]
    members: Mapping[str, pl.Series]
    places: NDArray[np.uint32]
    ranking: Ranking | None

    @property
    def dtypes(self) -> dict[str, DataType]:
        """What the column holds once it is named."""
        fields = {name: values.dtype for name, values in self.constants.items()}
        inner = {name: pl.List(values.dtype) for name, values in self.members.items()}
        return {self.name: pl.List(pl.Struct({**fields, **inner}))}

    def packed(self) -> Iterator[pl.Expr]:
        """The columns that `read` reads, over the truth columns."""
        yield from self.slots.packed()
        if self.ranking is not None:
            yield from self.ranking.slots.packed()

    def read(self, frame: pl.DataFrame) -> Iterator[pl.Series]:
        """The column, as numbers."""
        held, starts = self.slots.held(frame), self.slots.starts(frame)
        is_head = pl.Series(self.slots.counted, dtype=pl.Boolean).gather(held)
        heads = held.filter(is_head)
        fields = [values.to_physical().gather(heads).alias(name) for name, values in self.constants.items()]
        fields += (_inside(values, held, is_head).alias(name) for name, values in self.members.items())
        entries = pl.DataFrame(fields).to_struct()
        if self.ranking is not None and len(heads):
            entries = entries.gather(self._ranked(self.ranking, frame, heads, starts))
        yield lists(starts, entries).alias(self.name)

    def _ranked(self, ranking: Ranking, frame: pl.DataFrame, heads: pl.Series, starts: Starts) -> pl.Series:
        """The entries in the order of the ranking, row by row."""
        width = int(self.places.max()) + 1
        row = np.repeat(np.arange(0, width * frame.height, width), np.diff(starts))
        found = np.empty(width * frame.height, dtype=np.uint32)
        found[row + self.places[heads.to_numpy()]] = np.arange(len(row), dtype=np.uint32)
        return pl.Series(found[row + ranking.places[ranking.slots.held(frame).to_numpy()]])


def nested(
    name: str,
    entries: Sequence[Entry],
    constants: Mapping[str, DataType],
    members: Mapping[str, DataType],
    ranked: Sequence[tuple[pl.Expr, int]] | None = None,
) -> Nested:
    """Lists of entries, in their order, or ranked by truths with the place of the entry that they bring.

    `constants` and `members` have the type of each field, and of what stands in each inner list.
    """
    slots = [slot for place, entry in enumerate(entries) for slot in _slots(place, entry)]
    truths, heads, places, values = zip(*slots, strict=True) if slots else ((), (), (), ())
    ranking = None
    if ranked is not None:
        order = np.array([place for _, place in ranked], dtype=np.uint32)
        ranking = Ranking(Slots(f"{name}:ranked", tuple(truth for truth, _ in ranked)), order)
    return Nested(
        name,
        Slots(name, truths, heads),
        {field: _by_slot(field, values, dtype) for field, dtype in constants.items()},
        {field: _by_slot(field, values, dtype) for field, dtype in members.items()},
        np.array(places, dtype=np.uint32),
        ranking,
    )


def _slots(place: int, entry: Entry) -> Iterator[tuple[pl.Expr, bool, int, Mapping[str, object]]]:
    for truth, constants in entry.heads:
        yield truth, True, place, constants
    for field, members in entry.members.items():
        for truth, value in members:
            yield truth, False, place, {field: value}


def _by_slot(field: str, values: Iterable[Mapping[str, object]], dtype: DataType) -> pl.Series:
    return pl.Series([each.get(field) for each in values], dtype=dtype)


def _inside(values: pl.Series, held: pl.Series, is_head: pl.Series) -> pl.Series:
    """The lists that stand inside the entries."""
    found = values.to_physical().gather(held)
    is_member = found.is_not_null()
    before = is_member.cast(pl.UInt32).cum_sum().filter(is_head)
    starts = np.append(before.to_numpy().astype(np.int64), is_member.sum())
    return lists(starts, found.drop_nulls())


def named(value: pl.Expr, dtype: DataType) -> pl.Expr:
    """Numbers as the names of a type, however deep they are inside of it."""
    match dtype:
        case pl.Enum():
            return value.cat.to(dtype)
        case pl.List(inner=inner):
            return value.list.eval(named(pl.element(), inner))
        case pl.Struct(fields=fields):
            inside = {each.name: named(value.struct.field(each.name), each.dtype) for each in fields}
            return pl.struct(**inside)
        case _:
            return value
