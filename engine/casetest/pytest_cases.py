"""The cases of a knowledge base as pytest tests, one per case. A complete test file:

    from cartsign.testing import cases_of

    test_case = cases_of("kb")

In: the path of the knowledge base, relative to that file. Out: a test that fails with an explanation of the
difference. A case marked `todo` is a strict expected failure. Only this module needs pytest.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.casetest.report import heading, paragraph
from engine.casetest.running import runner
from engine.loading import read_knowledge_base
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case, Read
from facts.files.cases import read_cases
from facts.other_names.notes import comes_with_cases
from facts.problem import render

TestOfCase = Callable[[Read], None]


def cases_of(kb: str | Path, *files: str | Path) -> TestOfCase:
    """A test for each case of the files; without files, for each in the `cases` folder of the knowledge base.

    Relative paths start from the file that calls this function.
    """
    here = Path(inspect.stack()[1].filename).parent
    base = _loaded(here / kb)
    read = read_cases([_near(here / each) for each in files or [Path(kb, "cases")]], base.questions)
    run = runner(base)

    @pytest.mark.parametrize("case", [_parameter(each) for each in read if not _is_warning(each)])
    def test_case(case: Read) -> None:
        if not isinstance(case, Case):
            pytest.fail("\n".join(map(render, case)), pytrace=False)
        outcome = run(case)
        if outcome.verdict not in ("passed", "done"):
            pytest.fail("\n".join([heading(outcome), *paragraph(outcome)]), pytrace=False)

    return test_case


def _is_warning(read: Read) -> bool:
    """Whether the item is a warning that accompanies cases, which pytest shows."""
    if isinstance(read, Case) or any(not comes_with_cases(problem) for problem in read):
        return False
    for problem in read:
        warnings.warn(render(problem), stacklevel=3)
    return True


def _loaded(path: Path) -> KnowledgeBase:
    kb, problems = read_knowledge_base(_near(path))
    if kb is None:
        raise pytest.Collector.CollectError("\n".join(map(render, problems)))
    return kb


def _near(path: Path) -> Path:
    """A path relative to the current folder, if it lies inside."""
    path, here = path.resolve(), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _parameter(read: Read) -> object:
    """A case, or the problems of an unreadable one, as a named parameter."""
    if not isinstance(read, Case):
        return pytest.param(read, id=str(read[0].span))
    marks = [pytest.mark.xfail(reason=read.todo, strict=True)] if read.todo else []
    return pytest.param(read, id=read.id, marks=marks)
