"""A knowledge base prepared for its checks, with its cases and the comments in its files.

In: a knowledge base loaded from a path, and the cases of its folder. Out: an examined knowledge base.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.checks.check import Examined
from engine.checks.comments import read_comments
from engine.loading.files import read_files, shown
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case
from facts.trees.text import LINE_END, MAX_BYTES

YAML = (".yaml", ".yml")


def examination(kb: KnowledgeBase, path: str, cases: Iterable[Case] | None) -> Examined:
    """What the checks examine; `cases` is None if cases were not loaded."""
    known = None if cases is None else tuple(cases)
    root = Path(path)
    read, _ = read_files(root)
    files = {shown(root / name if root.is_dir() else root): _lines(data) for name, data in read}
    spans = [span for places in kb.places.values() for span in places.values()]
    of_cases = [case.span for case in known or () if case.span.file.lower().endswith(YAML)]
    files |= _lines_of_cases(dict.fromkeys(span.file for span in of_cases))
    return Examined(kb, path, known, read_comments(files, [*spans, *of_cases]), files)


def _lines_of_cases(files: Iterable[str]) -> dict[str, list[str]]:
    found = {}
    for file in files:
        try:
            with open(file, "rb") as stream:
                found[file] = _lines(stream.read(MAX_BYTES))
        except (OSError, ValueError):
            continue
    return found


def _lines(data: bytes) -> list[str]:
    return LINE_END.split(data.decode("utf-8-sig", "replace"))
