"""The files of a knowledge base: found in a folder, in the order of their paths, and read as bytes.

In: a folder or a file. Out: names and bytes, and a problem for each file that cannot be read. Hidden files
and `cases/` are skipped; links to folders are not followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from facts.nearest import nearest
from facts.problem import Problem, Span, printable, quote
from facts.trees.text import MAX_BYTES

SUFFIXES = (".yaml", ".yml")
MAX_FILES = 10_000
MAX_TOTAL = 4 * MAX_BYTES

File = tuple[str, bytes]


def read_files(path: Path) -> tuple[list[File], list[Problem]]:
    """The name of each file relative to `path` with its bytes, and the problems."""
    problems: list[Problem] = []
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return [], [_missing(path)]
    root = path if is_folder else path.parent
    names = sorted(_names(path, problems)) if is_folder else [(path.name,)]
    if not names and not problems:
        help = "name the folder that has `rules/` and `questions/`"
        problems.append(Problem("no-files", "the folder has no `.yaml` files", Span(shown(path)), help))
    files: list[File] = []
    left = MAX_TOTAL
    for at, parts in enumerate(names):
        if at == MAX_FILES or left < 0:
            problems.append(_too_much(path, at))
            break
        data = _read(root.joinpath(*parts), is_folder)
        if isinstance(data, Problem):
            problems.append(data)
        else:
            files.append(("/".join(parts), data))
            left -= len(data)
    return files, problems


def shown(path: Path) -> str:
    """A path as printable text, whatever its bytes."""
    return printable(os.fspath(path))


def _names(path: Path, problems: list[Problem]) -> Iterator[tuple[str, ...]]:
    """The relative paths of the YAML files in a folder, as tuples of their components."""

    def unreadable(error: OSError) -> None:
        problems.append(_unreadable(Path(error.filename), error))

    for folder, folders, files in os.walk(path, onerror=unreadable):
        below = Path(folder).relative_to(path).parts
        folders[:] = [each for each in folders if each[0] != "." and (below, each) != ((), "cases")]
        for name in [*files, *folders]:
            if name[0] != "." and name.lower().endswith(SUFFIXES):
                yield (*below, name)


def _read(path: Path, is_inside: bool) -> bytes | Problem:
    try:
        found = path.stat()
        if is_inside and not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
            help = "rename it so that it does not end in `.yaml`"
            return Problem("unreadable", f"it is {what}", Span(shown(path)), help)
        if found.st_size > MAX_BYTES:
            size, most = found.st_size / 2**20, MAX_BYTES // 2**20
            message = f"the file has {size:.1f} MB; the limit is {most} MB"
            return Problem("too-large", message, Span(shown(path)), "split the file")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> Problem:
    reason = (error.strerror or "unknown error").lower()
    help = "check its permissions, and its target if it is a link"
    return Problem("unreadable", f"cannot be read: {reason}", Span(shown(path)), help)


def _missing(path: Path) -> Problem:
    try:
        names = [each.name for each in path.parent.iterdir()]
    except (OSError, ValueError):
        names = []
    near = nearest(path.name, names)
    help = f"did you mean {quote(near)}?" if near else "name a folder that has `.yaml` files"
    message = f"there is no file or folder {quote(str(path))}"
    return Problem("file-missing", message, Span(shown(path)), help)


def _too_much(path: Path, at: int) -> Problem:
    message = f"only the first {at} files are read"
    help = f"at most {MAX_FILES} files and {MAX_TOTAL // 2**20} MB are read; split the knowledge base"
    return Problem("too-large", message, Span(shown(path)), help)
