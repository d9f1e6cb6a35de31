"""The hidden files of a run, opened and closed safely even in a folder where other users can write.

In: guessable file names. Out: files that only the current user can read, and that are not links to files of
others. All disk access of a run besides its results goes through this module, so that tests can make it fail.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def opened(path: Path) -> BinaryIO:
    """A file opened for reading and appending.

    Raises `OSError`, also if the file is a link, has a second hard link, or belongs to another user.
    """
    try:
        handle = os.open(path, FLAGS, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise _not_ours(
                path, ("this is a link, and cartsign does not write through links: remove the link")
            ) from error
        raise
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise _not_ours(path, "this is not a regular file: remove it")
        if state.st_uid != os.geteuid():
            raise _not_ours(path, "this file belongs to somebody else: remove it, or name another file")
        if state.st_nlink > 1:
            raise _not_ours(path, "this file has a second name (a hard link): remove this name")
        os.fchmod(handle, 0o600)
    except BaseException:
        os.close(handle)
        raise
    return os.fdopen(handle, "a+b")


def _not_ours(path: Path, why: str) -> OSError:
    return OSError(errno.EPERM, why, str(path))


def is_there(path: Path, file: BinaryIO) -> bool:
    """Whether `path` still refers to an open file."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(file.fileno()))
    except OSError:
        return False


def finished(file: BinaryIO, mode: int) -> None:
    """Flush a file to disk, set its permissions, and close it. Raises `OSError`."""
    file.flush()
    os.fchmod(file.fileno(), mode)
    os.fsync(file.fileno())
    file.close()


def sync_folder(path: Path) -> None:
    """Flush the folder that contains a file to disk. Raises `OSError`."""
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
