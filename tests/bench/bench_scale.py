"""What a large knowledge base costs to load, to check and to compile to columns, and a small one to check.

Run with `python -m pytest tests/bench/bench_scale.py`; nothing here is part of the test suite. The bases are
those of `tests/test_loader_size.py`, full of findings; the collector runs as it does for anybody.
"""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from test_loader_size import large_base

from engine.assessments.complete import compile_plan
from engine.checks import findings
from engine.checks.examination import examination
from engine.loading import load
from engine.meaning.valuation import prepare

KB = Path(__file__).parents[2] / "kb"


@pytest.fixture(scope="module", params=[2_500, 5_000, 10_000], ids="{:,}-rules".format)
def path(request, tmp_path_factory):
    file = tmp_path_factory.mktemp("large") / "base.yaml"
    file.write_text(large_base(request.param))
    return file


def test_load(benchmark, path):
    benchmark.pedantic(load, args=[path], rounds=3)


def test_check(benchmark, path):
    kb = load(path)
    benchmark.pedantic(lambda: findings(examination(kb, str(path), ())), rounds=3)


def test_compile(benchmark, path):
    kb = load(path)
    benchmark.pedantic(lambda: compile_plan(prepare(kb)), rounds=3)


def test_load_check_and_compile(benchmark, path):
    def whole():
        kb = load(path)
        findings(examination(kb, str(path), ()))
        compile_plan(prepare(kb))

    benchmark.pedantic(whole, rounds=3)


def test_the_command_on_the_bundled_base(benchmark):
    command = [sys.executable, "-m", "engine", "check", str(KB)]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=5)
