"""Lists of structs that contain lists, such as the conditions with their rules.

In: entries, with truths that say when each is in the list and what it then contains. Out: a list column of a
frame in which the truths are packed (`engine.assessments.slots`), in the order of the entries or ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.assessments.slots import DataType, Slots, Starts, lists


@dataclass(frozen=True, slots=True)
class Entry:
    """A struct that can be in a list. Each head is a truth with the constants to show when it holds; at most
    one is true. A member of an inner list may only be true if a head is.
    """

    heads: Sequence[tuple[pl.Expr, Mapping[str, object]]]
    members: Mapping[str, Sequence[tuple[pl.Expr, str]]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """An order of entries other than that of their slots. `slots` has the ranks, numbered by the places of
    their entries; `places` has the place of the entry of each head.
    """

    slots: Slots
    places: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Nested:
    """Lists of structs of constants and inner lists.

    A slot is a head or a member of an inner list. Heads have numbers below `heads`, followed by the members,
    list by list. `constants` has a value for each head, `members` for each member. In the order of slots, the
    members of an entry follow its heads.
    """

    name: str
    slots: Slots
    heads: int
    constants: Mapping[str, pl.Series]
    members: Mapping[str, pl.Series]
    ranking: Ranking | None

    @property
    def dtypes(self) -> dict[str, DataType]:
        """The type of the column, by its name, after `named` has put names in place of numbers."""
        fields = {name: values.dtype for name, values in self.constants.items()}
        inner = {name: pl.List(values.dtype) for name, values in self.members.items()}
        return {self.name: pl.List(pl.Struct({**fields, **inner}))}

    def packed(self) -> Iterator[pl.Expr]:
        """The columns that `read` reads, over the truth columns."""
        yield from self.slots.packed()
        if self.ranking is not None:
            yield from self.ranking.slots.packed()

    def read(self, frame: pl.DataFrame) -> Iterator[pl.Series]:
        """The column, with numbers in place of names."""
        held = self.slots.held(frame)
        heads = held.numbers.filter(held.numbers < self.heads)
        fields = [values.to_physical().gather(heads).alias(name) for name, values in self.constants.items()]
        first = self.heads
        for name, values in self.members.items():
            fields.append(self._inside(held.numbers, first, values).alias(name))
            first += len(values)
        entries = pl.DataFrame(fields).to_struct()
        if self.ranking is not None and len(heads):
            entries = entries.gather(_ranked(self.ranking, frame, heads.to_numpy(), held.starts))
        yield lists(held.starts, entries).alias(self.name)

    def _inside(self, numbers: pl.Series, first: int, values: pl.Series) -> pl.Series:
        """The inner lists whose members have numbers from `first`."""
        if len(self.members) > 1:
            is_ours = (numbers >= first) & (numbers < first + len(values))
            numbers = numbers.filter(is_ours | (numbers < self.heads))
        is_head = numbers < self.heads
        at = np.append(np.flatnonzero(is_head.to_numpy()), len(numbers))
        return lists(at - np.arange(len(at)), values.to_physical().gather(numbers.filter(~is_head) - first))


def _ranked(ranking: Ranking, frame: pl.DataFrame, heads: NDArray[np.uint8], starts: Starts) -> pl.Series:
    """The entries in the order of the ranking, row by row."""
    width = int(ranking.places.max()) + 1
    # At most `shape.ROOM`, which fits in 32 bits.
    row = np.repeat(np.arange(0, width * frame.height, width, dtype=np.uint32), np.diff(starts))
    found = np.empty(width * frame.height, dtype=np.uint32)
    found[row + ranking.places[heads]] = np.arange(len(row), dtype=np.uint32)
    return pl.Series(found[row + ranking.slots.held(frame).numbers.to_numpy()])


def nested(
    name: str,
    entries: Sequence[Entry],
    constants: Mapping[str, DataType],
    members: Mapping[str, DataType],
    ranked: Sequence[tuple[pl.Expr, int]] | None = None,
) -> Nested:
    """Lists of entries, in the given order or ranked.

    `constants` and `members` have the type of each field and of the members of each inner list. `ranked`
    lists truths from the first rank to the last, each with the place among `entries` of the entry that it
    puts there.
    """
    heads = [constants_of for entry in entries for _, constants_of in entry.heads]
    inside = {field: [value for entry in entries for _, value in entry.members[field]] for field in members}
    ranking = None
    if ranked is not None:
        slots = Slots(f"{name}:ranked", tuple(truth for truth, _ in ranked), [place for _, place in ranked])
        places = [place for place, entry in enumerate(entries) for _ in entry.heads]
        ranking = Ranking(slots, np.array(places, dtype=np.uint32))
    truths = [truth for entry in entries for truth in _truths(entry)]
    return Nested(
        name,
        Slots(name, tuple(truths), _numbers(entries, members), len(heads)),
        len(heads),
        {
            field: pl.Series([each[field] for each in heads], dtype=dtype)
            for field, dtype in constants.items()
        },
        {field: pl.Series(inside[field], dtype=kind) for field, kind in members.items()},
        ranking,
    )


def _truths(entry: Entry) -> Iterator[pl.Expr]:
    yield from (truth for truth, _ in entry.heads)
    for members in entry.members.values():
        yield from (truth for truth, _ in members)


def _numbers(entries: Sequence[Entry], fields: Iterable[str]) -> list[int]:
    """The number of each slot: heads first, then the members of each inner list."""
    sizes = [sum(len(entry.heads) for entry in entries)]
    sizes += [sum(len(entry.members[field]) for entry in entries) for field in fields]
    counters = [count(first) for first in accumulate(sizes, initial=0)]
    found: list[int] = []
    for entry in entries:
        for counter, each in zip(counters, [entry.heads, *entry.members.values()], strict=False):
            found += islice(counter, len(each))
    return found
