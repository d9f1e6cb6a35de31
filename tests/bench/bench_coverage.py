"""What measuring coverage costs: over the bundled cases as a whole process, and over ten thousand cases.

Run with `python -m pytest tests/bench/bench_coverage.py`; nothing here is part of the test suite.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.coverage.measure import measured
from engine.loading import load
from facts.case import Case
from facts.files.cases import read_cases

KB = Path(__file__).parents[2] / "kb"
MANY = 10_000


@pytest.fixture(scope="module")
def kb():
    return load(KB)


@pytest.fixture(scope="module")
def many(kb):
    """The bundled cases again and again, each time under other ids."""
    cases = [case for case in read_cases([KB / "cases"], kb.questions) if isinstance(case, Case)]
    return [replace(cases[at % len(cases)], id=f"case-{at}") for at in range(MANY)]


def test_the_bundled_cases_as_a_whole_process(benchmark):
    command = [sys.executable, "-m", "engine", "coverage"]
    benchmark.pedantic(
        subprocess.run, (command,), {"check": True, "capture_output": True}, rounds=10, warmup_rounds=1
    )


def test_ten_thousand_cases(benchmark, kb, many):
    found = benchmark.pedantic(measured, (kb, many), rounds=5, warmup_rounds=1)
    assert found.cases == MANY
