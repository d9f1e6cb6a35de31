"""Final names for the files of a run: results, rejects and manifest get theirs together, or none does.

In: a job, and a complete journal. Out: the three files under their names, the manifest last, so that results
without a manifest are recognisably unfinished. Earlier files are replaced; if a run ends without results,
they are renamed, so that they are not mistaken for new ones.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.batch import hidden
from engine.batch.job import Job, part_of
from engine.batch.journal import PLACED, Busy, Changed, Journal, checksum_of
from engine.batch.watch import Watch
from engine.output.files import usual_mode
from facts.problem import Problem, Rejected, Span, quoted


class InTheWay(Rejected):
    """Raised when something else has the name of a file of the run."""


def earlier(path: Path) -> Path:
    """The name under which a file of an earlier run is set aside."""
    return path.with_name(f"{path.name}.earlier")


def see_free(job: Job) -> None:
    """Raise `InTheWay` unless the files of a run can get their names."""
    found = [problem for path in job.placed if (problem := _in_the_way(path))]
    found += [_folder(earlier(path)) for path in job.placed if earlier(path).is_dir()]
    if found:
        raise InTheWay(found)


def _in_the_way(path: Path) -> Problem | None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    if stat.S_ISDIR(mode):
        return _folder(path)
    if stat.S_ISLNK(mode):
        help = "name the target of the link, or remove the link"
        return Problem("output-place", "this is a link, which would be replaced", Span(str(path)), help)
    if not stat.S_ISREG(mode):
        return Problem("output-place", "this is not a regular file", Span(str(path)), "name a file")
    return None


def _folder(path: Path) -> Problem:
    help = "rename the folder, or name another file with `-o`"
    return Problem("output-place", "this run needs the name of this folder for a file", Span(str(path)), help)


def mode_of(job: Job) -> int:
    """The permissions for all files of a run: those of the existing results, or of those set aside."""
    for path in (job.out, earlier(job.out)):
        with suppress(OSError):
            return path.lstat().st_mode & 0o777
    return usual_mode()


def finish(journal: Journal, mode: int, manifest: str, has_results: bool) -> None:
    """Flush all files to disk and record them in the journal, ready for their final names.

    Raises `OSError`; the run can then be resumed.
    """
    job = journal.job
    checksums: dict[str, str | None] = {
        job.rejects.name: journal.rejects.checksum.hexdigest() if journal.rejects.file.tell() else None,
        job.out.name: journal.results.checksum.hexdigest() if has_results else None,
    }
    with hidden.opened(part_of(job.manifest)) as file:
        file.truncate(0)
        file.write(manifest.encode())
        hidden.finished(file, mode)
    for part in (journal.results, journal.rejects):
        hidden.finished(part.file, mode)
    checksums[job.manifest.name] = checksum_of(part_of(job.manifest))
    journal.placed = checksums
    journal.log_line({PLACED: checksums})
    os.fsync(journal.log.fileno())
    hidden.sync_folder(job.out)


def place(journal: Journal, mode: int, known: bool) -> None:
    """Rename the complete files of a run to their final names.

    Unless `known`, some may have been renamed already. Raises `OSError`; renamed files then get their hidden
    names back.
    """
    job, done = journal.job, list[Path]()
    assert journal.placed is not None
    try:
        if checksum_of(job.manifest) != journal.placed[job.manifest.name]:
            job.manifest.unlink(missing_ok=True)
        for path in job.placed:
            if path == job.manifest:
                hidden.sync_folder(path)
            if journal.placed[path.name] is None:
                path.unlink(missing_ok=True)
            elif known or _waits(path, journal.placed[path.name], mode):
                os.replace(part_of(path), path)
                done.append(path)
        hidden.sync_folder(job.manifest)
    except OSError:
        for path in reversed(done):
            with suppress(OSError):
                os.replace(path, part_of(path))
        raise
    with suppress(OSError):
        journal.discard()


def _waits(path: Path, checksum: str | None, mode: int) -> bool:
    """Whether the hidden file is complete and ready for its final name."""
    if checksum_of(part_of(path)) != checksum:
        return False
    with hidden.opened(part_of(path)) as file:
        hidden.finished(file, mode)
    return True


def set_aside(job: Job, watch: Watch) -> None:
    """Move results, rejects and manifest of an earlier run aside, with a warning; without results, remove
    them.

    Older files set aside are removed, so that those left belong together. Raises `OSError`.
    """
    has_results, moved = os.path.lexists(job.out), []
    for path in (job.manifest, job.rejects, job.out):
        if has_results and os.path.lexists(path):
            os.replace(path, earlier(path))
            moved.append(earlier(path))
        elif has_results:
            earlier(path).unlink(missing_ok=True)
        else:
            path.unlink(missing_ok=True)
    if moved:
        message = f"earlier results were renamed to {quoted(map(str, reversed(moved)))}"
        help = "this run has no results; the renamed files are from an earlier run"
        watch.warn(Problem("set-aside", message, Span(str(job.out)), help, severity="warning"))


@contextmanager
def no_results_but_new_ones(job: Job, watch: Watch) -> Iterator[None]:
    """Set earlier results aside if the run, once started, ends without results."""
    try:
        yield
    except (Busy, Changed):
        raise
    except BaseException:
        try:
            set_aside(job, watch)
        except OSError as error:
            why = (error.strerror or "failed").lower()
            message = f"earlier results could not be renamed and are still there: {why}"
            help = "these results are not from this run"
            watch.warn(Problem("set-aside", message, Span(str(job.out)), help, severity="warning"))
        raise
