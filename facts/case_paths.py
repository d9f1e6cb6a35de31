"""Names of files and folders to the files of cases that they stand for.

In: a name as somebody gave it. Out: the file; for a folder every file of cases below it, in order; or the
problem with it. A link that leads round is read once, and nothing but regular files is opened.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from facts.problem import Problem, Span, suggest
from facts.text import PACKED, compressed

SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
READ = "files end in `.yaml`, `.yml`, `.json`, `.jsonl`, `.ndjson`, `.csv`, `.tsv` or `.parquet`"


def find(path: str | Path) -> Iterator[Path | Problem]:
    """The files of cases at a path, or what stands in the way."""
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        yield Problem("file-missing", "there is no such file", Span(shown(path)), _nearby(Path(path)))
    except OSError as error:
        yield unreadable(path, error)
    else:
        yield from _below(Path(path)) if stat.S_ISDIR(mode) else [_file(Path(path))]


def shown(path: str | Path) -> str:
    """A path as text that can be written anywhere."""
    return os.fspath(path).encode("utf-8", "replace").decode("utf-8") or "''"


def unreadable(path: str | Path, error: OSError) -> Problem:
    """What the operating system said."""
    why = (error.strerror or "an error of the file system").lower()
    message = f"the file cannot be read: {why}"
    return Problem("file-unreadable", message, Span(shown(path)), "check it and its permissions")


def _nearby(path: Path) -> str:
    try:
        names = sorted(shown(entry) for entry in os.listdir(path.parent)[:1000])
    except (OSError, ValueError):
        return "check the path"
    return suggest(path.name, names, "files") or "check the path"


def _file(path: Path) -> Path | Problem:
    """A file, if it is one and its suffix says of which kind."""
    place, suffix = Span(shown(path)), path.suffix.lower()
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return unreadable(path, error)
    if not is_regular:
        help = "send JSON lines to standard input, and write `-` for the file"
        return Problem("file-kind", "this is a pipe or a device, not a file", place, help)
    if problem := compressed(suffix, place.file):
        return problem
    if suffix not in SUFFIXES:
        said = f"the suffix `{suffix}`" if suffix else "a name without a suffix"
        return Problem("file-kind", f"{said} does not say what kind of file this is", place, READ)
    return path


def _is_of_cases(file: Path) -> bool:
    """Whether a file is called like one of cases, compressed ones included, as those are not to be lost."""
    kind, suffix = ["", "", *(each.lower() for each in file.suffixes)][-2:]
    return suffix in SUFFIXES or (suffix in PACKED and kind in SUFFIXES)


def _below(folder: Path) -> Iterator[Path | Problem]:
    """Every file of cases below a folder by path, then what is wrong with the folders."""
    files: list[Path] = []
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    waiting = deque([folder])
    while waiting:
        here = waiting.popleft()
        first = seen.setdefault(os.path.realpath(here), here)
        if first is not here:
            message = f"the folder is `{shown(first)}` again, which is read once"
            problems.append(Problem("folder-loop", message, Span(shown(here)), "remove the link"))
            continue
        try:
            entries = [entry for entry in sorted(here.iterdir()) if not entry.name.startswith(".")]
            folders = [entry for entry in entries if entry.is_dir()]
        except OSError as error:
            problems.append(unreadable(here, error))
            continue
        waiting += folders
        files += [file for file in entries if _is_of_cases(file) and file not in folders]
    yield from map(_file, sorted(files))
    yield from problems
    if not files and not problems:
        yield Problem("empty-folder", "the folder holds no file of cases", Span(shown(folder)), READ)
