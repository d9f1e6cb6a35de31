"""The hidden files of a run, opened and closed safely even in a folder in which other people write.

In: names that anybody can guess. Out: files that only we can read, and that are not links to anybody else's.
All that a run does to the disk beside its results goes through here, so that tests can let it fail.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def opened(path: Path) -> BinaryIO:
    """A file to read and to write at its end. Raises `OSError`, also where it is a link, has another name as
    well, or belongs to somebody else.
    """
    try:
        handle = os.open(path, FLAGS, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise _not_ours(path, "this is a link, and nothing is written through it: remove it") from error
        raise
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise _not_ours(path, "this is not a file: remove it")
        if state.st_uid != os.geteuid():
            raise _not_ours(path, "this file belongs to somebody else: remove it, or name another file")
        if state.st_nlink > 1:
            raise _not_ours(path, "this file has a second name (a hard link): remove it")
        os.fchmod(handle, 0o600)
    except BaseException:
        os.close(handle)
        raise
    return os.fdopen(handle, "a+b")


def _not_ours(path: Path, why: str) -> OSError:
    return OSError(errno.EPERM, why, str(path))


def is_there(path: Path, file: BinaryIO) -> bool:
    """Whether an open file still has this name."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(file.fileno()))
    except OSError:
        return False


def finished(file: BinaryIO, mode: int) -> None:
    """See that all of a file is on the disk, give it its permissions, and close it. Raises `OSError`."""
    file.flush()
    os.fchmod(file.fileno(), mode)
    os.fsync(file.fileno())
    file.close()


def sync_folder(path: Path) -> None:
    """See that the names in the folder of a file are on the disk. Raises `OSError`."""
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
