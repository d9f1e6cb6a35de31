"""Output files that are written completely or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from facts.problem import Problem, Span, quote

DEFAULT = "assessments.jsonl"
USUAL = 3


@dataclass(frozen=True, slots=True)
class Form:
    """A format of results: its name, its file name extensions (the usual one first), and its option."""

    name: str
    endings: tuple[str, ...]
    option: str

    @property
    def ending(self) -> str:
        """The extensions in words, for messages."""
        *others, last = (f"`{each}`" for each in self.endings[:USUAL])
        return f"{', '.join(others)} or {last}" if others and self.option == "-o" else f"`{self.endings[0]}`"


RESULTS = Form("JSON lines, CSV or Parquet", (".jsonl", ".csv", ".parquet", ".ndjson"), "-o")
HTML = Form("HTML", (".html", ".htm"), "--html")
JUNIT = Form("JUnit XML", (".xml",), "--junit")


def place(named: str | None, inputs: Sequence[str], form: Form = RESULTS) -> Path | Problem:
    """The file for the results, or a problem. `inputs` are the paths that the results are made from."""
    path = Path(DEFAULT if named is None else named)
    where = Span(form.option if named == "" else str(path))
    if path.suffix not in form.endings:
        help = f"name a file that ends in {form.ending}"
        return Problem("output-kind", f"results can only be written as {form.name}", where, help)
    for named_input in (Path(each) for each in inputs if each != "-"):
        if path.exists() and named_input.exists() and path.samefile(named_input):
            message = "the results would overwrite an input file"
            return Problem("output-is-input", message, where, "name another file")
        if named_input.is_dir() and named_input.resolve() in (path.parent.resolve() / path.name).parents:
            message = f"the results must not be in {quote(str(named_input))}, which has the input files"
            help = f"name a file outside this folder with `{form.option}`"
            return Problem("output-is-input", message, where, help)
    return _writable(path, where) or path


def _writable(path: Path, where: Span) -> Problem | None:
    """The problem if no file can be written there, else None."""
    if path.is_dir():
        return Problem("output-place", "this is a folder", where, "name a file")
    if path.is_symlink():
        help = "name the target of the link, or remove the link"
        return Problem("output-place", "this is a link, which would be replaced", where, help)
    if path.exists() and not path.is_file():
        return Problem("output-place", "this is not a regular file", where, "name a file")
    if not path.parent.is_dir():
        help = "name a file in a folder that exists"
        return Problem("output-place", "the folder for this file does not exist", where, help)
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        help = "change the permissions, or name another file"
        return Problem("output-place", "there is no permission to write this file", where, help)
    return None


@contextmanager
def whole_path(path: Path) -> Iterator[Path]:
    """A temporary path to write to; the file gets its own name only after the block has succeeded."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    os.close(handle)
    try:
        yield Path(name)
        with open(name, "rb+") as file:
            os.fsync(file.fileno())
        settle(Path(name), path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == name:
            error.filename = str(path)
        raise


def settle(part: Path, path: Path) -> None:
    """Rename a finished file, with the permissions of the file it replaces, or the usual ones."""
    os.chmod(part, path.stat().st_mode & 0o777 if path.exists() else usual_mode())
    os.replace(part, path)


def write_whole(path: Path, text: str) -> None:
    """Write a text file completely or not at all."""
    with whole_path(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def usual_mode() -> int:
    """The permissions of a new file under the current umask."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
