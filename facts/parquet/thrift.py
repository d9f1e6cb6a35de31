"""Read and write Thrift's compact protocol, except maps, which Parquet metadata does not use.

In: bytes. Out: a struct as {field id: (kind, value)}, and the bytes of such a struct. Raises `Damaged` for
invalid bytes. Source: the protocol specification (thrift-compact-protocol.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

DEEPEST = 32
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
NUMBERS = (I16, I32, I64)

Fields: TypeAlias = "dict[int, tuple[int, Value]]"
Items: TypeAlias = "tuple[int, list[Value]]"
Value: TypeAlias = "bool | int | bytes | Fields | Items"


class Damaged(ValueError):
    """The bytes are invalid or incomplete."""


class Reader:
    """Reads values from bytes one after another; `at` is the position. Methods raise `Damaged`."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self, depth: int = 0) -> Fields:
        """Read a struct."""
        fields: Fields = {}
        if depth > DEEPEST:
            raise Damaged("it is nested too deeply")
        id = 0
        while header := self.header(id):
            id, kind = header
            fields[id] = (kind, self.value(kind, depth + 1))
        return fields

    def header(self, before: int) -> tuple[int, int] | None:
        """Read the header of the next field and return its id and kind, or None at the end of the struct.
        `before` is the id of the previous field.
        """
        byte = self._byte()
        if not byte:
            return None
        return before + (byte >> 4) if byte >> 4 else self._number(), byte & 0x0F

    def length(self, depth: int = 0) -> tuple[int, int]:
        """Read a list header and return the number and kind of the items."""
        if depth > DEEPEST:
            raise Damaged("it is nested too deeply")
        header = self._byte()
        count = self._varint() if header >> 4 == 15 else header >> 4
        if count > len(self.data) - self.at:
            raise Damaged("it ends too early")
        return count, header & 0x0F

    def field(self, *path: int) -> int:
        """Read a struct and return the number at a path of field ids in nested structs, or 0 if it is absent.

        Other fields are skipped without decoding, for speed.
        """
        found = id = 0
        while header := self.header(id):
            id, kind = header
            if id == path[0] and kind in NUMBERS and not path[1:]:
                found = self._number()
            elif id == path[0] and kind == STRUCT and path[1:]:
                found = self.field(*path[1:])
            else:
                self.skipped(kind)
        return found

    def _end_of(self, kind: int, at: int, depth: int) -> int:
        """Return the position after the value at `at`. Written for speed: the footer of a wide file has
        hundreds of thousands of values.
        """
        data = self.data
        try:
            if kind == STRUCT and depth < DEEPEST:
                while byte := data[at]:
                    at += 1
                    if not byte >> 4:
                        at = self._end_of(I16, at, depth)
                    inner = byte & 0x0F
                    if inner in NUMBERS:
                        while data[at] & 0x80:
                            at += 1
                        at += 1
                    elif inner == BINARY and data[at] < 0x80:
                        at += 1 + data[at]
                    elif inner not in (TRUE, FALSE):
                        at = self._end_of(inner, at, depth + 1)
                return at + 1
            if kind in NUMBERS:
                while data[at] & 0x80:
                    at += 1
                return at + 1
        except IndexError:
            raise Damaged("it ends too early") from None
        self.at = at
        if kind in (LIST, SET):
            count, inner = self.length(depth)
            at = self.at
            if inner in NUMBERS and not any(byte & 0x80 for byte in data[at : at + count]):
                return at + count
            for _ in range(count):
                at = at + 1 if inner in (TRUE, FALSE) else self._end_of(inner, at, depth + 1)
            return at
        self.value(kind, depth)
        return self.at

    def skipped(self, kind: int) -> bytes:
        """Skip a value of the given kind and return its bytes."""
        start, self.at = self.at, self._end_of(kind, self.at, 1)
        return self.data[start : self.at]

    def value(self, kind: int, depth: int) -> Value:
        """Read a value of the given kind."""
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind in NUMBERS:
            return self._number()
        if kind == STRUCT:
            return self.struct(depth)
        if kind in (LIST, SET):
            count, inner = self.length(depth)
            return inner, [
                self._byte() if inner in (TRUE, FALSE) else self.value(inner, depth + 1) for _ in range(count)
            ]
        if kind not in (BYTE, DOUBLE, BINARY):
            raise Damaged("it has a value of an unknown kind")
        return self._take(self._varint() if kind == BINARY else 8 if kind == DOUBLE else 1)

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        self.at += count
        if self.at > len(self.data):
            raise Damaged("it ends too early")
        return self.data[self.at - count : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise Damaged("it has a number that is too long")
        return value | byte << shift

    def _number(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)


def written(fields: Fields) -> Iterator[bytes]:
    """Yield the bytes of a struct."""
    before = 0
    for id, (kind, value) in sorted(fields.items()):
        kind = (TRUE if value else FALSE) if kind in (TRUE, FALSE) else kind
        if 0 < id - before < 16:
            yield bytes([(id - before) << 4 | kind])
        else:
            yield bytes([kind]) + _number(id)
        if kind not in (TRUE, FALSE):
            yield from _written(kind, value)
        before = id
    yield b"\0"


def _written(kind: int, value: Value) -> Iterator[bytes]:
    match value:
        case dict():
            yield from written(value)
        case tuple():
            inner, items = value
            count = len(items)
            yield bytes([count << 4 | inner]) if count < 15 else bytes([0xF0 | inner]) + _varint(count)
            for item in items:
                yield from _written(inner, item)
        case bytes():
            yield _varint(len(value)) + value if kind == BINARY else value
        case _:
            yield bytes([value]) if kind in (TRUE, FALSE) else _number(value)


def _number(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
