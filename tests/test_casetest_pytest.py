"""The cases of somebody's knowledge base as tests of pytest, from two lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = Path(__file__).parent / "golden" / "pages" / "base.yaml"
TEST = """
from engine.casetest.pytest_cases import cases_of

test_case = cases_of("base", {files})
"""
CASES = """
- id: good
  answers: {cough: dry}
  expect: {fired: [a-cough]}
- id: bad
  about: somebody with a dry cough
  answers: {cough: dry}
  expect: {fired: [flu-for-sure]}
- id: not-yet
  answers: {cough: dry}
  expect: {fired: [flu-for-sure]}
  todo: waits for a rule
- id: done
  answers: {cough: dry}
  expect: {fired: [a-cough]}
  todo: waited for a rule
- id: silent
  answers: {cough: dry}
- id: misread
  answers: {caugh: dry}
"""


def folder_of_theirs(folder: Path) -> Path:
    """A folder with a knowledge base, its cases, and a test file."""
    (folder / "tests" / "base" / "cases").mkdir(parents=True)
    (folder / "tests" / "base" / "base.yaml").write_text(PAGES.read_text())
    (folder / "tests" / "base" / "cases" / "some.yaml").write_text(CASES)
    (folder / "tests" / "test_cases.py").write_text(TEST.format(files=""))
    return folder


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return folder_of_theirs(tmp_path)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What pytest says of all these cases."""
    return run_pytest(folder_of_theirs(tmp_path_factory.mktemp("theirs")))


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "COLUMNS": "200"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_a_test_for_each_case(told: subprocess.CompletedProcess[str]) -> None:
    assert told.returncode == 1
    assert "4 failed, 1 passed, 1 xfailed" in told.stdout
    assert "PASSED tests/test_cases.py::test_case[good]" in told.stdout
    assert "XFAIL tests/test_cases.py::test_case[not-yet] - waits for a rule" in told.stdout
    assert "[XPASS(strict)] waited for a rule" in told.stdout
    for name in ("bad", "done", "silent", "tests/base/cases/some.yaml:20:13"):
        assert f"FAILED tests/test_cases.py::test_case[{name}]" in told.stdout


def test_a_failure_is_the_explanation_alone(told: subprocess.CompletedProcess[str]) -> None:
    assert (
        "tests/base/cases/some.yaml:5: bad: failed\n"
        "somebody with a dry cough\n"
        "- fired has no `flu-for-sure`\n"
        "    rule `flu-for-sure` is open: `fever_days: at_least 30` waits for an answer"
        " (tests/base/base.yaml:47)\n"
    ) in told.stdout
    assert "Traceback" not in told.stdout
    assert "pytest_cases.py" not in told.stdout.replace("pytest_cases import", "")


def test_what_cannot_be_read_is_said(told: subprocess.CompletedProcess[str]) -> None:
    assert "error[unknown-question]: there is no question `caugh`" in told.stdout
    assert "did you mean `cough`?" in told.stdout


def test_other_files(theirs: Path) -> None:
    (theirs / "more.yaml").write_text("id: more\nanswers: {cough: dry}\nexpect: {findings: [coughing]}\n")
    (theirs / "tests" / "test_cases.py").write_text(TEST.format(files='"../more.yaml"'))
    told = run_pytest(theirs)
    assert told.returncode == 0
    assert "PASSED tests/test_cases.py::test_case[more]" in told.stdout


def test_a_broken_knowledge_base_is_said_without_a_traceback(theirs: Path) -> None:
    (theirs / "tests" / "base" / "base.yaml").write_text("rules: {x: {when: {fever: yes}}}\n")
    told = run_pytest(theirs)
    assert told.returncode == 2
    assert "tests/base/base.yaml:1" in told.stdout
    assert "error[" in told.stdout
    assert "Traceback" not in told.stdout


def test_no_cases(theirs: Path) -> None:
    (theirs / "tests" / "base" / "cases" / "some.yaml").unlink()
    told = run_pytest(theirs)
    assert told.returncode == 1
    assert "error[empty-folder]: the folder has no case files" in told.stdout
