"""Lines of the journal of a run: what each segment added to the results and the rejects.

In: entries. Out: lines of JSON, each preceded by the checksum of all lines up to and including it, which
reveals lines that were damaged, lost, repeated or moved; and the values of all intact lines of a journal.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any

Counted = Mapping[str, object]
"""The counts of a step, as plain values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The record of a segment: the range of its results, the footer of its Parquet piece, the end of its
    rejects, and the checksums of all results and rejects up to there.
    """

    start: int
    end: int
    rejects: int
    sha256: str
    rejects_sha256: str
    footer: bytes
    counted: Counted

    def to_plain(self) -> dict[str, object]:
        """The entry as plain values."""
        return asdict(replace(self, footer=b"")) | {"footer": b64encode(self.footer).decode()}


def entry_from_plain(values: Mapping[str, Any]) -> Entry:
    """The inverse of `Entry.to_plain`."""
    known = {each.name: values[each.name] for each in fields(Entry)}
    return Entry(**known | {"footer": b64decode(known["footer"])})


def line(values: Mapping[str, object], before: str) -> tuple[bytes, str]:
    """A line that follows lines with the checksum `before`, and the new checksum."""
    text = json.dumps(values).encode()
    checksum = sha256(before.encode() + text).hexdigest()
    return b"%s %s\n" % (checksum.encode(), text), checksum


def whole_lines(data: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The values of the intact lines, up to the first that is damaged or out of order."""
    before = ""
    for each in data:
        checksum, _, text = each.removesuffix(b"\n").partition(b" ")
        before = sha256(before.encode() + text).hexdigest()
        if checksum != before.encode() or not each.endswith(b"\n"):
            return
        yield json.loads(text)
