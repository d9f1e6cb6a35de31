"""Find the case files that paths refer to.

In: paths from the user. Out: each file once, even if it is reached by several names; for a folder, every case
file below it in order, except files that tools hide; or a problem with a path. Only regular files are opened.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from facts.problem import Problem, Span, quote, quoted, suggest
from facts.trees.text import PACKED, compressed

SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
READ = "case files end in `.yaml`, `.yml`, `.json`, `.jsonl`, `.ndjson`, `.csv`, `.tsv` or `.parquet`"
STDIN = "-"
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""The value of a Hive partition folder whose rows have no value."""
FEW = 3
"""Maximum number of files named in one warning."""

Seen = dict[tuple[int, int], Path]
"""The files found so far, by device and inode."""


def find_all(paths: Iterable[str | Path]) -> Iterator[Path | Problem | None]:
    """Yield the case files at these paths, each once, and problems; None means standard input."""
    seen: Seen = {}
    is_read = False
    for path in paths:
        if str(path) != STDIN:
            yield from find(path, seen)
        elif is_read:
            message = "standard input is named twice and is read once"
            yield Problem("file-twice", message, Span(STDIN), "remove one `-`", severity="warning")
        else:
            is_read = True
            yield None


def find(path: str | Path, seen: Seen) -> Iterator[Path | Problem]:
    """Yield the case files at a path that are not in `seen`, and problems."""
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        yield Problem("file-missing", "there is no such file", Span(shown(path)), _nearby(Path(path)))
    except OSError as error:
        yield unreadable(path, error)
    else:
        yield from _once(_below(Path(path)) if stat.S_ISDIR(mode) else [_file(Path(path))], path, seen)


def folders_of(file: str) -> dict[str, str | None]:
    """Return the values in Hive-style folder names, such as `day=2026-11-30/`, as Spark writes them."""
    said = (folder.split("=", 1) for folder in file.split("/")[:-1] if "=" in folder)
    return {name: None if value == NO_VALUE else unquote(value) for name, value in said if name}


def shown(path: str | Path) -> str:
    """Return a path as text that can be encoded as UTF-8."""
    return os.fspath(path).encode("utf-8", "replace").decode("utf-8") or "''"


def unreadable(path: str | Path, error: OSError) -> Problem:
    """Return the problem for an operating system error."""
    why = (error.strerror or "file system error").lower()
    message = f"the file cannot be read: {why}"
    return Problem("file-unreadable", message, Span(shown(path)), "check the file and its permissions")


def nothing_in(file: str) -> Problem:
    """Return the problem for an empty file. A file without cases would hold `[]` or a header, so the program
    that wrote it may have failed.
    """
    help = "write the file again; a file without cases must be `[]` or only a header"
    return Problem("empty-file", "the file is empty", Span(file), help)


def _once(found: Iterable[Path | Problem], path: str | Path, seen: Seen) -> Iterator[Path | Problem]:
    """Skip files found before, and name them in one warning."""
    again: list[Path] = []
    for each in found:
        if isinstance(each, Problem):
            yield each
            continue
        try:
            state = each.stat()
        except OSError as error:
            yield unreadable(each, error)
            continue
        if seen.setdefault((state.st_dev, state.st_ino), each) is each:
            yield each
        else:
            again.append(each)
    if again:
        message = f"named more than once and read once: {_some(again)}"
        yield Problem("file-twice", message, Span(shown(path)), "name each file once", severity="warning")


def _some(paths: list[Path]) -> str:
    """List files, only the first few by name."""
    named = quoted(shown(path.name) for path in paths[:FEW])
    return f"{named} and {len(paths) - FEW:,} more" if len(paths) > FEW else named


def _is_hidden(name: str) -> bool:
    """Whether tools hide files with this name: `.x.crc`, `_SUCCESS`, `_temporary`, but not `_day=1`."""
    return name.startswith(".") or (name.startswith("_") and "=" not in name)


def _nearby(path: Path) -> str:
    try:
        names = sorted(shown(entry) for entry in os.listdir(path.parent)[:1000])
    except (OSError, ValueError):
        return "check the path"
    return suggest(path.name, names, "files") or "check the path"


def _file(path: Path) -> Path | Problem:
    """Return the path if it is a regular file with a known suffix, else a problem."""
    place, suffix = Span(shown(path)), path.suffix.lower()
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return unreadable(path, error)
    if not is_regular:
        help = "send JSON lines to standard input, and write `-` as the file name"
        return Problem("file-kind", "this is a pipe or a device, not a file", place, help)
    if problem := compressed(suffix, place.file):
        return problem
    if suffix not in SUFFIXES:
        said = f"the suffix `{suffix}`" if suffix else "a name without a suffix"
        return Problem("file-kind", f"{said} does not tell the format of the file", place, READ)
    return path


def _is_of_cases(file: Path) -> bool:
    """Whether a file has the name of a case file. Compressed files count, so that they are reported, not
    skipped.
    """
    kind, suffix = ["", "", *(each.lower() for each in file.suffixes)][-2:]
    return suffix in SUFFIXES or (suffix in PACKED and kind in SUFFIXES)


def _below(folder: Path) -> Iterator[Path | Problem]:
    """Yield every case file below a folder, sorted by path, then the problems with folders."""
    files: list[Path] = []
    problems: list[Problem] = []
    left_out: list[Path] = []
    seen: dict[str, Path] = {}
    waiting = deque([folder])
    while waiting:
        here = waiting.popleft()
        first = seen.setdefault(os.path.realpath(here), here)
        if first is not here:
            message = f"this is the folder {quote(shown(first))} again; it is read once"
            place = Span(shown(here))
            problems.append(Problem("folder-loop", message, place, "remove the link", severity="warning"))
            continue
        try:
            entries = sorted(here.iterdir())
            folders = {entry for entry in entries if entry.is_dir()}
        except OSError as error:
            problems.append(unreadable(here, error))
            continue
        waiting += [each for each in entries if each in folders and not _is_hidden(each.name)]
        there = [entry for entry in entries if _is_of_cases(entry) and entry not in folders]
        files += [file for file in there if not _is_hidden(file.name)]
        left_out += [file for file in there if file.name.startswith("_")]
    yield from map(_file, sorted(files))
    yield from problems
    if left_out:
        message = f"skipped, because a leading `_` hides a file: {_some(left_out)}"
        help = "rename the files that hold cases, or name each in the command"
        yield Problem("file-hidden", message, Span(shown(folder)), help, severity="warning")
    if not files and not any(problem.severity == "error" for problem in problems):
        yield Problem("empty-folder", "the folder has no case files", Span(shown(folder)), READ)
