"""Read the footer of a Parquet file, and write one footer for several files joined together.

In: the bytes of footers. Out: the outline of a file, or the closing bytes of a file that holds the data of
several. So a long output is written piece by piece, no piece is encoded twice, and an interrupted run resumes
after the last complete piece. Raises `Damaged` if the bytes are not a footer. All field numbers come from the
format definition (parquet.thrift).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import BinaryIO

from facts.parquet.thrift import I16, I64, LIST, NUMBERS, STRUCT, Damaged, Fields, Reader, Value, written

__all__ = ["Damaged", "Outline", "Piece", "joined", "outline", "read_footer", "split"]

MAGIC = b"PAR1"
MAX_FOOTER = 256 * 1024 * 1024
MOST_NUMBERED = 0x7FFF
MOST_ITEMS = 2**26
"""Maximum number of list items in a row group, unless `USUAL_ITEMS` per row is more."""
USUAL_ITEMS = 64

SCHEMA, ROWS, ROW_GROUPS, KEY_VALUES = 2, 3, 4, 5
COLUMN_REPETITION, COLUMN_NAME, COLUMN_CHILDREN = 3, 4, 5
REPEATED = 2
GROUP_COLUMNS, GROUP_ROWS, GROUP_OFFSET, GROUP_ORDINAL = 1, 3, 5, 7
DATA_VALUES = 5
CHUNK_OFFSET, CHUNK_DATA, CHUNK_OFFSET_INDEX, CHUNK_COLUMN_INDEX = 2, 3, 4, 6
DATA_OFFSETS = (9, 10, 11, 14)


@dataclass(frozen=True, slots=True)
class Outline:
    """The metadata of a file: column names, number of rows, and number of rows in the first row group.

    Files with the same `form` have the same columns and types; an empty form is unknown. `crowded` columns
    have more list items than fit in memory: a billion repeated items take almost no space in the file. If the
    footer was only read up to the row groups, `whole` is false and `form` is the schema alone.
    """

    columns: tuple[str, ...] = ()
    rows: int = 0
    group: int = 0
    form: bytes = field(default=b"", compare=False, repr=False)
    crowded: frozenset[str] = frozenset()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A complete Parquet file inside an output: the offset of its data there, and its footer."""

    start: int
    footer: bytes


def read_footer(file: BinaryIO) -> bytes:
    """Return the footer of an open Parquet file. Raises `Damaged`, and `OSError` if reading fails."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(4) != MAGIC:
        raise Damaged("it does not begin like a Parquet file")
    file.seek(max(size - 8, 0))
    end = file.read(8)
    if size < 12 or end[4:] != MAGIC:
        raise Damaged("it does not end like a Parquet file: a part of it is missing")
    (length,) = struct.unpack("<I", end[:4])
    if length > min(size - 12, MAX_FOOTER):
        raise Damaged("it is shorter than its footer says: a part of it is missing")
    file.seek(size - 8 - length)
    return file.read(length)


def outline(footer: bytes, few: int = 0) -> Outline:
    """Return the outline of a file from its footer. Raises `Damaged`, also for contradictory metadata.

    For a file of at most `few` rows without lists, the row groups are neither read nor checked, because they
    may make the footer a thousand times as long.
    """
    reader, id, found, groups = Reader(footer), 0, Outline(), list[int]()
    while header := reader.header(id):
        id, kind = header
        if id == ROW_GROUPS and kind == LIST:
            leaves = _leaves(found.form)
            if 0 < found.rows <= few and not leaves:
                return replace(found, whole=False)
            groups, crowded = _groups(reader, leaves)
            found = replace(found, crowded=crowded)
            break
        if id == ROWS:
            found = replace(found, rows=_number({id: (kind, reader.value(kind, 0))}, ROWS))
        else:
            said = reader.skipped(kind)
            if id == SCHEMA:
                found = replace(found, columns=_names(kind, said), form=said)
    return _held(replace(found, form=_form(found.form, reader, id)), groups)


def _groups(reader: Reader, leaves: Sequence[str]) -> tuple[list[int], frozenset[str]]:
    """Return the number of rows of each row group, and the columns that are crowded in any of them."""
    groups = range(reader.length()[0])
    if not leaves:
        return [reader.field(GROUP_ROWS) for _ in groups], frozenset()
    read = [_group(reader) for _ in groups]
    crowded = (
        leaf
        for rows, values in read
        for leaf, count in zip(leaves, values, strict=False)
        if count > max(MOST_ITEMS, USUAL_ITEMS * rows)
    )
    return [rows for rows, _ in read], frozenset(crowded)


def _group(reader: Reader) -> tuple[int, list[int]]:
    """Return the number of rows of a row group, and the number of values in each of its column chunks."""
    id, rows = 0, 0
    values: list[int] = []
    while header := reader.header(id):
        id, kind = header
        if id == GROUP_COLUMNS and kind == LIST:
            values = [reader.field(CHUNK_DATA, DATA_VALUES) for _ in range(reader.length()[0])]
        elif id == GROUP_ROWS and kind in NUMBERS:
            rows = _number({id: (kind, reader.value(kind, 0))}, id)
        else:
            reader.skipped(kind)
    return rows, values


@lru_cache(maxsize=8)
def _leaves(schema: bytes) -> tuple[str, ...]:
    """Return the top-level column of each chunk of a row group, or () if the schema has no lists."""
    if not schema:
        return ()
    fields: Fields = {SCHEMA: (LIST, Reader(schema).value(LIST, 0))}
    elements = list(map(_struct, _items(fields, SCHEMA)[1:]))
    if all(_number(each, COLUMN_REPETITION) != REPEATED for each in elements):
        return ()
    leaves: list[str] = []
    top, inside, tops = "", 0, _columns(fields)
    for element in elements:
        top = top if inside else next(tops)
        children = _number(element, COLUMN_CHILDREN)
        inside = max(inside - 1, 0) + children
        leaves += [] if children else [top]
    return tuple(leaves)


def _form(schema: bytes, reader: Reader, id: int) -> bytes:
    """Return the form of a file from the rest of its footer after field `id`, or b"" if it cannot be read.
    The key-value metadata belongs to the form, because writers store their own types there.
    """
    noted = b""
    try:
        while header := reader.header(id):
            id, kind = header
            said = reader.skipped(kind)
            noted = said if id == KEY_VALUES else noted
    except Damaged:
        return b""
    return form_of(schema, noted)


def form_of(schema: bytes, noted: bytes) -> bytes:
    """Return the form of a file from its schema and its writer's key-value metadata."""
    return b"%d %b%b" % (len(schema), schema, noted)


def _held(found: Outline, groups: Sequence[int]) -> Outline:
    """Complete the outline, after checking that the row groups add up to the rows of the file."""
    if min(groups, default=0) < 0 or sum(groups) != found.rows:
        raise Damaged(f"its footer says {found.rows:,} rows, but its parts have {sum(groups):,}")
    return replace(found, group=groups[0] if groups else 0)


@lru_cache(maxsize=8)
def _names(kind: int, said: bytes) -> tuple[str, ...]:
    return tuple(_columns({SCHEMA: (kind, Reader(said).value(kind, 0))}))


def _columns(fields: Fields) -> Iterator[str]:
    """Yield the names of top-level columns; in the schema each element is followed by its children."""
    inside = 0
    for element in map(_struct, _items(fields, SCHEMA)[1:]):
        if not inside:
            name = element[COLUMN_NAME][1] if COLUMN_NAME in element else b""
            yield name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
        inside = max(inside - 1, 0) + _number(element, COLUMN_CHILDREN)


def split(data: bytes) -> tuple[bytes, bytes]:
    """Split a complete Parquet file in memory into its data, without the leading magic number, and its
    footer.
    """
    (length,) = struct.unpack("<I", data[-8:-4])
    return data[len(MAGIC) : -8 - length], data[-8 - length : -8]


def joined(pieces: Sequence[Piece], with_arrow: bool = True) -> bytes:
    """Return the closing bytes, magic number included, of a file that holds the data of at least one piece.

    All pieces have the same columns. `with_arrow` keeps the Arrow schema, and with it types that only Arrow
    has. Raises `Damaged`.
    """
    first, *others = pieces
    if with_arrow and not others and first.start == len(MAGIC):
        return _end(first.footer)
    groups = [group for piece in pieces for group in _moved(piece)]
    for at, group in enumerate(groups):
        group.pop(GROUP_ORDINAL, None)
        if at <= MOST_NUMBERED:
            group[GROUP_ORDINAL] = (I16, at)
    rows = sum(_number(group, GROUP_ROWS) for group in groups)
    fields = Reader(first.footer).struct()
    if not with_arrow:
        fields.pop(KEY_VALUES, None)
    return _end(b"".join(written(fields | {ROWS: (I64, rows), ROW_GROUPS: (LIST, (STRUCT, list(groups)))})))


def _end(footer: bytes) -> bytes:
    return footer + struct.pack("<I", len(footer)) + MAGIC


def _moved(piece: Piece) -> Iterator[Fields]:
    """Yield the row groups of a piece with offsets adjusted to its position."""
    shift = piece.start - len(MAGIC)
    for group in map(_struct, _items(Reader(piece.footer).struct(), ROW_GROUPS)):
        _shift(group, (GROUP_OFFSET,), shift)
        for chunk in map(_struct, _items(group, GROUP_COLUMNS)):
            _shift(chunk, (CHUNK_OFFSET, CHUNK_OFFSET_INDEX, CHUNK_COLUMN_INDEX), shift)
            if CHUNK_DATA in chunk:
                _shift(_struct(chunk[CHUNK_DATA][1]), DATA_OFFSETS, shift)
        yield group


def _shift(fields: Fields, ids: Sequence[int], shift: int) -> None:
    for id in ids:
        # Writers use 0 for an absent offset.
        if id in fields and _number(fields, id) > 0:
            fields[id] = (fields[id][0], _number(fields, id) + shift)


def _items(fields: Fields, id: int) -> list[Value]:
    value = fields[id][1] if id in fields else (STRUCT, [])
    if not isinstance(value, tuple):
        raise Damaged("its footer is damaged: a list is missing")
    return value[1]


def _struct(value: Value) -> Fields:
    if not isinstance(value, dict):
        raise Damaged("its footer is damaged: a text is missing")
    return value


def _number(fields: Fields, id: int) -> int:
    value = fields[id][1] if id in fields else 0
    if not isinstance(value, int):
        raise Damaged("its footer is damaged: a number is missing")
    return value
