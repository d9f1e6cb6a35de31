"""The input files of a run: checksums of their bytes, and detection of changes during the run.

In: a job. Out: streams that are hashed while they are read, so that a checksum is that of the bytes assessed
rather than of later contents; and `InputChanged` if a file differs from its state at the start of the run.
Files not read through this module (Parquet, which Polars opens itself) are hashed in a background thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BufferedReader, FileIO
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, BinaryIO

from engine.batch.job import STDIN, Job, State, inputs_of, state_of

if TYPE_CHECKING:
    from hashlib import _Hash

READ_AT_ONCE = 1 << 20

Plain = dict[str, object]


class InputChanged(Exception):
    """Raised when a file was written, replaced, removed or added during the run."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} changed while it was read")
        self.file = file


class Hashed:
    """The checksum and number of the bytes read so far."""

    def __init__(self) -> None:
        self.checksum: _Hash = sha256()
        self.size = 0

    def add(self, data: bytes) -> bytes:
        """Count and hash data, and return it."""
        self.checksum.update(data)
        self.size += len(data)
        return data


class HashedFile(BufferedReader):
    """An open file that is hashed as it is read."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path))
        self.hashed = Hashed()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes."""
        return self.hashed.add(super().read(size))

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read the next line, or its first `size` bytes."""
        return self.hashed.add(super().readline(size))


class HashedStream:
    """A stream that is hashed as it is read, because standard input cannot be read twice."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.hashed = Hashed()

    def read(self, size: int, /) -> bytes:
        """Read up to `size` bytes."""
        return self.hashed.add(self.stream.read(size))

    def readline(self, size: int, /) -> bytes:
        """Read the next line, or its first `size` bytes."""
        return self.hashed.add(self.stream.readline(size))


@dataclass
class Inputs:
    """The files of a job with their state at the start, and the checksums of what was read."""

    job: Job
    stdin: HashedStream
    states: dict[str, State]
    streams: dict[str, HashedFile] = field(default_factory=dict)
    current: HashedFile | None = None
    before: str = ""
    """The checksum of everything read before the current file."""
    aside: dict[str, Future[Plain]] = field(default_factory=dict)

    def opened(self, path: Path) -> HashedFile:
        """Open a file for hashed reading."""
        stream = HashedFile(path)
        if self.current is not None:
            self.before = sha256(
                f"{self.before} {self.current.hashed.checksum.hexdigest()}".encode()
            ).hexdigest()
        self.current = self.streams[str(path)] = stream
        return stream

    def read_for(self, *files: str) -> Callable[[], str]:
        """A function that returns the checksum of everything read so far, for rows of these files.

        It waits for files hashed in the background, and raises `InputChanged` if a file has changed.
        """
        read = [self.before, self.stdin.hashed.checksum.hexdigest()]
        read += [] if self.current is None else [self.current.hashed.checksum.hexdigest()]
        aside = [self.aside[file] for file in files if file in self.aside]

        def checked() -> str:
            sums = [str(each.result()["sha256"]) for each in aside]
            for file in files:
                self.check(file)
            return " ".join([*read, *sums])

        return checked

    def check(self, file: str) -> None:
        """Raise `InputChanged` if a file has changed."""
        if file in self.states and state_of(file) != self.states[file]:
            raise InputChanged(file)

    def check_all(self) -> None:
        """Raise `InputChanged` if any file has changed, or the set of files."""
        now = [file for file in inputs_of(self.job) if file != STDIN]
        for file in [*self.states, *now, *self.streams]:
            if file not in self.states or file not in now:
                raise InputChanged(file)
            self.check(file)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Raise `InputChanged` instead of any other error if a file has changed: reading a file that
        changes can fail in any way, also with a panic of Polars, which is no `Exception`.
        """
        try:
            yield
        except (InputChanged, KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException:
            self.check_all()
            raise

    def measured(self) -> dict[str, Plain]:
        """The size and checksum of every file as read; null if it could not be read."""
        found = {file: self._measured(file) for file in self.states}
        if STDIN in self.job.files:
            read = self.stdin.hashed
            found[STDIN] = {"bytes": read.size, "sha256": read.checksum.hexdigest()}
        return found

    def _measured(self, file: str) -> Plain:
        if file in self.aside:
            return self.aside[file].result()
        if file not in self.streams:
            return measured(file)
        read = self.streams[file].hashed
        return measured(file, read.size, read.checksum)


@contextmanager
def watched(job: Job, stdin: BinaryIO, states: dict[str, State]) -> Iterator[Inputs]:
    """The inputs of a job; files not read as streams are hashed in the background meanwhile."""
    stop = Event()
    inputs = Inputs(job, HashedStream(stdin), states)
    with ThreadPoolExecutor(1) as aside:
        try:
            for file in states:
                if Path(file).suffix.lower() == ".parquet":
                    inputs.aside[file] = aside.submit(measured, file, stop=stop)
            yield inputs
        finally:
            stop.set()


def measured(file: str, done: int = 0, checksum: _Hash | None = None, stop: Event | None = None) -> Plain:
    """The size and checksum of a file; null if it cannot be read.

    The first `done` bytes are already included in `checksum`.
    """
    checksum = sha256() if checksum is None else checksum
    try:
        with open(file, "rb") as stream:
            stream.seek(done)
            while (data := stream.read(READ_AT_ONCE)) and not (stop and stop.is_set()):
                checksum.update(data)
                done += len(data)
    except OSError:
        return {"bytes": None, "sha256": None}
    return {"bytes": done, "sha256": checksum.hexdigest()}


def states_of(job: Job) -> dict[str, State]:
    """The states of the files of a job, without standard input."""
    return {file: state_of(file) for file in inputs_of(job) if file != STDIN}
