"""A small knowledge base in a folder, checked."""

from __future__ import annotations

from pathlib import Path

from engine.checks import findings
from engine.checks.check import Examined
from engine.checks.examination import examination
from engine.checks.page import COMMON, COMMON_CASES, Example
from engine.loading import load
from facts.case import Case
from facts.files.cases import read_cases
from facts.problem import Problem


def examined(folder: Path, text: str, cases: str | None = None, common: str = COMMON) -> Examined:
    """A base of two files, what all examples share and a text; with no cases, some, or not looked for."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "common.yaml").write_text(common, encoding="utf-8")
    (folder / "example.yaml").write_text(text or "# nothing\n", encoding="utf-8")
    kb = load(folder)
    if not cases:
        return examination(kb, str(folder), cases if cases is None else ())
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "common.yaml").write_text(COMMON_CASES, encoding="utf-8")
    (folder / "cases" / "example.yaml").write_text(cases, encoding="utf-8")
    read = list(read_cases([folder / "cases"], kb.questions))
    assert all(isinstance(each, Case) for each in read), read
    return examination(kb, str(folder), [each for each in read if isinstance(each, Case)])


def found_in(folder: Path, example: Example) -> list[Problem]:
    """What the checks find in an example, and not in what all examples share."""
    common = str(folder / "common.yaml")
    return [
        each for each in findings(examined(folder, example.text, example.cases)) if each.span.file != common
    ]
