"""A version of a knowledge base: a folder or a file, as it is now or in a git revision (`HEAD~1:kb`).

In: a word of the command line. Out: the knowledge base, and its name for messages. The files of a revision
are read with git into a temporary folder; places in messages name the revision. Git only reads: nothing in
the repository changes.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from engine.commands.grammar import base_named
from engine.commands.shared import end, loaded
from engine.loading.files import SUFFIXES
from engine.model.knowledge_base import KnowledgeBase
from facts.nearest import nearest
from facts.problem import Problem, Span, printable, quote

LINK, FILE = "120000", "100"
CASES = "cases/"
COLON = ":"
"""What is between a revision and a path in it."""


@dataclass(frozen=True, slots=True)
class Version:
    """A knowledge base and the word that named it. `folder` is the temporary folder of its files, if they
    came from a revision.
    """

    word: str
    kb: KnowledgeBase
    folder: str = ""

    def place(self, span: Span) -> Span:
        """A place in one of its files, with the revision in place of the temporary folder."""
        return _renamed(span, self.folder, self.word) if self.folder else span


@contextmanager
def version(word: str) -> Iterator[Version]:
    """Yield the version that a word names. If there is none, or it does not load, that is printed and the
    command ends.
    """
    if os.path.lexists(word) or not _may_be_revision(word):
        path = base_named([word])
        yield Version(printable(word), loaded(path))
        return
    with TemporaryDirectory(prefix="cartsign-") as folder:
        root = _taken(word, Path(folder))

        def named(problem: Problem) -> Problem:
            spans = (_renamed(each, str(root), word) for each in (problem.span, *problem.others))
            first, *others = spans
            earlier = None if problem.earlier is None else _renamed(problem.earlier, str(root), word)
            return replace(problem, span=first, others=tuple(others), earlier=earlier)

        yield Version(printable(word), loaded(str(root), named), str(root))


def _renamed(span: Span, folder: str, word: str) -> Span:
    if not span.file.startswith(folder):
        return span
    rest = span.file[len(folder) :]
    slash = "" if word.endswith(COLON) else "/"
    return span._replace(file=printable(word) + (slash + rest.lstrip("/") if rest else ""))


def _may_be_revision(word: str) -> bool:
    """Whether a word that is no file has the form of a revision; one without a folder is explained."""
    if COLON in word:
        return True
    if (
        word
        and _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}") is not None
    ):
        message = f"{quote(word)} is a revision; which folder of it is meant?"
        _end("no-folder", message, word, f"write `{printable(word)}:FOLDER`, as in `HEAD~1:kb`")
    return False


def _taken(word: str, folder: Path) -> Path:
    """The knowledge base of a revision, written to a folder."""
    revision, _, path = word.partition(COLON)
    if not _has_git():
        message = f"{quote(word)} is not a file or folder, and git is not installed to look for a revision"
        _end("no-git", message, word, "install git, or name a file or folder")
    if _git("rev-parse", "--git-dir") is None:
        message = f"{quote(word)} is not a file or folder, and this folder is in no git repository"
        _end("no-repository", message, word, "name a file or folder, or go to the repository of the revision")
    if (
        not revision
        or _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") is None
    ):
        _end("no-revision", f"there is no revision {quote(revision)}", word, _near_revision(revision))
    name = _named(word)
    if name is None:
        message = f"revision {quote(revision)} has no file or folder {quote(path)}"
        _end("no-folder", message, word, _near_folder(revision, path))
    kind = (_git("cat-file", "-t", name) or b"").decode().strip()
    if kind == "blob":
        target = folder / (os.path.basename(path) or "base.yaml")
        target.write_bytes(_git("cat-file", "blob", name) or b"")
        return target
    if kind != "tree":
        message = f"{quote(word)} is neither a file nor a folder of the revision"
        _end("no-folder", message, word, "name one that is")
    root = folder / "base"
    root.mkdir()
    _unpack(name, word, root)
    return root


def _unpack(tree: str, word: str, root: Path) -> None:
    """Write the YAML files of a tree, except those of its cases, to a folder."""
    names: list[tuple[str, str]] = []
    for line in (_git("ls-tree", "-r", "-z", "--full-tree", tree) or b"").split(b"\0"):
        about, _, raw = line.partition(b"\t")
        path = os.fsdecode(raw)
        mode, _, *rest = about.decode().split() or ("", "", "")
        if not path.lower().endswith(SUFFIXES) or path.startswith(CASES):
            continue
        if mode == LINK:
            help = "replace it by the file that it leads to, or check the revision out and name its folder"
            _end("link", "links are not read from a revision", f"{word}/{path}", help)
        if mode.startswith(FILE):
            names.append((rest[0], path))
    for (_, path), data in zip(names, _contents([name for name, _ in names]), strict=True):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _contents(names: Sequence[str]) -> Iterator[bytes]:
    """The contents of objects of the repository."""
    found = _git("cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode()) or b""
    at = 0
    for _ in names:
        begin = found.index(b"\n", at) + 1
        size = int(found[at:begin].split()[2])
        yield found[begin : begin + size]
        at = begin + size + 1


def _near_revision(revision: str) -> str:
    if not revision:
        return "write a revision before the colon, as in `HEAD~1:kb`"
    names = (_git("for-each-ref", "--format=%(refname:short)") or b"").decode(errors="replace").split()
    near = nearest(revision, names)
    if near:
        return f"did you mean {quote(near)}?"
    if (_git("rev-parse", "--is-shallow-repository") or b"").strip() == b"true":
        return "this clone has only the last revisions; fetch the others with `git fetch --unshallow`"
    return "`git log --oneline` lists revisions; name a file or folder that exists if none was meant"


def _near_folder(revision: str, path: str) -> str:
    above, name = os.path.split(path.rstrip("/"))
    listed = _git("ls-tree", "--name-only", "-z", "--end-of-options", f"{revision}:{above}") or b""
    near = nearest(name, [os.fsdecode(each) for each in listed.split(b"\0")])
    meant = os.path.join(above, near)
    return (
        f"did you mean {quote(f'{revision}:{meant}')}?"
        if near
        else f"`git ls-tree {printable(revision)}:` lists what it has"
    )


def _named(word: str) -> str | None:
    """The name of an object of the repository, or None if there is none."""
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", word)
    return None if found is None else found.decode().strip()


def _has_git() -> bool:
    return _git("--version") is not None


def _git(*words: str, given: bytes = b"") -> bytes | None:
    """What git says, or None if it fails or is not installed."""
    try:
        done = subprocess.run(["git", *words], input=given, capture_output=True, check=False)
    except (OSError, ValueError):
        return None
    return done.stdout if done.returncode == 0 else None


def _end(code: str, message: str, where: str, help: str) -> NoReturn:
    end(Problem(code, message, Span(printable(where)), help))
