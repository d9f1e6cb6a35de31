"""A line of the journal of a run: what one segment added to the results and the rejects.

In: where both files ended, and what was counted. Out: plain values for a line of JSON, and back.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass

Counted = Mapping[str, object]
"""What was counted in a step, as plain values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment: where its results begin and end, the footer of a piece of Parquet, where the rejects end
    with it, and the checksum of all results up to there.
    """

    start: int
    end: int
    rejects: int
    sha256: str
    footer: bytes
    counted: Counted

    def to_plain(self) -> dict[str, object]:
        """The entry as plain values."""
        return {
            "start": self.start,
            "end": self.end,
            "rejects": self.rejects,
            "sha256": self.sha256,
            "footer": b64encode(self.footer).decode(),
            "counted": self.counted,
        }


def entry_from_plain(values: Mapping[str, object]) -> Entry:
    """What `Entry.to_plain` undoes."""
    start, end, rejects, counted = (values[key] for key in ("start", "end", "rejects", "counted"))
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert isinstance(rejects, int)
    assert isinstance(counted, dict)
    return Entry(start, end, rejects, str(values["sha256"]), b64decode(str(values["footer"])), counted)
