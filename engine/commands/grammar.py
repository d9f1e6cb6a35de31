"""Argument rules that all commands share: which word is the knowledge base, and which are cases or names.

A command about a knowledge base takes it as an argument: a word is the knowledge base if it is a folder or
file that contains one. A command about cases takes cases as arguments, and the knowledge base with `--kb`,
which every command accepts. Contradictions are reported, and end the command before it starts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from engine.commands.shared import bundled, end, placed
from engine.loading.files import SUFFIXES, shown
from engine.loading.sections import NAMED, SINGLE
from engine.output.files import Form, place
from facts.nearest import nearest
from facts.paths import SUFFIXES as CASE_SUFFIXES
from facts.problem import Problem, Span, quote

HEAD = 1 << 16
"""Number of bytes at the start of a file that are searched for a section or a case."""
MOST_FILES = 200
"""Maximum number of files of a folder that are searched."""
SECTION = re.compile(rf"^\W?[{{]?[\"']?(?:{'|'.join((*SINGLE, *NAMED))})[\"']?\s*:", re.MULTILINE)
CASE = re.compile(r"""(?:^|[{,])[-\s]*["']?answers["']?\s*:""", re.MULTILINE)
TABLES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson")


def base_and_others(words: Sequence[str], kb_path: str | None) -> tuple[str, tuple[str, ...]]:
    """The path of the knowledge base, and the words that do not name it."""
    bases = [word for word in words if _names_the_base(word, kb_path)]
    given = [*bases, *([] if kb_path is None else [kb_path])]
    return base_named(given), tuple(word for word in words if word not in bases)


def base_beside_cases(cases: Sequence[str], kb_path: str | None) -> str:
    """The path of the knowledge base, for a command whose words are cases."""
    for each in cases:
        if _names_the_base(each, kb_path) and (kb_path is None or _are_same(each, kb_path)):
            own = os.path.join(each, "cases")
            help = f"name cases here, and the knowledge base with {quote(f'--kb {each}')}"
            help += f"; its own cases are in {quote(own)}" if os.path.isdir(own) else ""
            message = "this is a knowledge base, not a file of cases"
            end(Problem("not-cases", message, Span(shown(Path(each))), help))
    return base_named([] if kb_path is None else [kb_path])


def base_named(given: Sequence[str]) -> str:
    """The path of the knowledge base given once or several times; the bundled one by default."""
    if not given:
        base, here = bundled(), Path.cwd()
        return str(base.relative_to(here) if base.is_relative_to(here) else base)
    first = given[0]
    for other in given[1:]:
        if not _are_same(first, other):
            message = f"{quote(first)} and {quote(other)} are two knowledge bases"
            end(Problem("two-bases", message, Span(shown(Path(other))), "remove one of them"))
    if _holds_cases_alone(first):
        above = os.path.dirname(os.path.normpath(first)) or "."
        meant = f"did you mean {quote(above)}? " if holds_base(above) else ""
        help = (
            f"{meant}give cases to `cartsign assess` or `cartsign test`, and the knowledge base with `--kb`"
        )
        message = "this is a file or folder of cases, not a knowledge base"
        end(Problem("not-a-base", message, Span(shown(Path(first))), help))
    return first


def help_for_path(word: str) -> str:
    """The remedy for a word that is not a known name, if it looks like the path of a knowledge base."""
    if os.path.lexists(word):
        return f"{quote(word)} is not a knowledge base; name the folder that has the rules and questions"
    folder, name = os.path.split(word)
    meant = os.path.join(folder, nearest(name, _names_in(folder)))
    return f"did you mean the knowledge base {quote(meant)}?" if meant != folder and holds_base(meant) else ""


def holds_base(path: str) -> bool:
    """Whether a file has a section of a knowledge base, or a folder contains such a file.

    Subfolders count if they are named after a section.
    """
    return any(map(SECTION.search, _heads(path, SUFFIXES, NAMED)))


def _holds_cases_alone(path: str) -> bool:
    if holds_base(path):
        return False
    if os.path.isfile(path) and path.lower().endswith(TABLES):
        return not any(map(SECTION.search, _heads(path)))
    return any(map(CASE.search, _heads(path, CASE_SUFFIXES)))


def _names_the_base(word: str, kb_path: str | None) -> bool:
    """Whether a word is a knowledge base.

    A folder that contains the knowledge base given with `--kb` does not count: it is a folder of cases.
    """
    if kb_path is not None and not _are_same(word, kb_path) and _is_below(kb_path, word):
        return False
    return holds_base(word)


def _heads(path: str, suffixes: Collection[str] = (), folders: Collection[str] = ()) -> Iterator[str]:
    """The beginning of a file, or of files with these suffixes in a folder and in some of its subfolders."""
    if os.path.isfile(path):
        with suppress(OSError), open(path, "rb") as file:
            yield file.read(HEAD).decode(errors="replace")
    elif os.path.isdir(path):
        for name in _names_in(path):
            inner = os.path.join(path, name)
            if name.lower().endswith(tuple(suffixes)) or (name in folders and os.path.isdir(inner)):
                yield from _heads(inner, suffixes)


def _names_in(folder: str) -> list[str]:
    """The names in a folder without hidden files; empty if it cannot be read."""
    try:
        names = sorted(each for each in os.listdir(folder or ".") if not each.startswith("."))
    except OSError:
        return []
    return names[:MOST_FILES]


def _are_same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _is_below(inner: str, outer: str) -> bool:
    return Path(os.path.realpath(outer)) in Path(os.path.realpath(inner)).parents


def out_path(named: str | None, inputs: Sequence[str], form: Form) -> Path | None:
    """The path given to an option, None if it is not given; a problem with it ends the command."""
    return None if named is None else placed(place(named, inputs, form))
