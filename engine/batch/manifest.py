"""What a run was: of which files which results came, by which rules and versions, and how many rows.

In: a job and its outcome. Out: a document, the same for the same run, however often it was broken off. It has
no date for that reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, BinaryIO

from engine.assembly import identity
from engine.batch.job import Job, versions
from engine.model import KnowledgeBase

if TYPE_CHECKING:
    from hashlib import _Hash

FORMAT = "cartsign.manifest/1"
READ_AT_ONCE = 1 << 20

Plain = dict[str, object]


def manifest(
    job: Job,
    kb: KnowledgeBase,
    inputs: Mapping[str, Plain],
    counts: Plain,
    audit: Plain,
    checksums: Mapping[Path, str],
    summary: Plain,
) -> Plain:
    """The document. `inputs` has the size and checksum of each file, `checksums` those of the results."""
    return {
        "format": FORMAT,
        "kb": identity(kb),
        "made_by": versions(),
        "options": job.options,
        "inputs": [{"file": file, **known} for file, known in inputs.items()],
        "outputs": [
            {"file": path.name, "bytes": path.stat().st_size, "sha256": checksum}
            for path, checksum in checksums.items()
        ],
        **counts,
        "audit": audit,
        "summary": summary,
    }


class Hashed:
    """A stream that is hashed as it is read: standard input cannot be read twice."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.checksum: _Hash = sha256()
        self.size = 0

    def read(self, size: int, /) -> bytes:
        """So many bytes."""
        return self._hashed(self.stream.read(size))

    def readline(self, size: int, /) -> bytes:
        """The next line, or so many bytes of it."""
        return self._hashed(self.stream.readline(size))

    def _hashed(self, data: bytes) -> bytes:
        self.checksum.update(data)
        self.size += len(data)
        return data

    def measured(self) -> Plain:
        """The size and the checksum of what was read."""
        return {"bytes": self.size, "sha256": self.checksum.hexdigest()}


def measured(file: str, stop: Event | None = None) -> Plain:
    """The size and the checksum of a file, null where it cannot be read, or is not to be read on."""
    checksum, size = sha256(), 0
    try:
        with open(file, "rb") as stream:
            while (data := stream.read(READ_AT_ONCE)) and not (stop and stop.is_set()):
                checksum.update(data)
                size += len(data)
    except OSError:
        return {"bytes": None, "sha256": None}
    return {"bytes": size, "sha256": checksum.hexdigest()}
