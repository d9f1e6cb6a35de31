"""`import cartsign` is the public API: it has the names it promises, and reads nothing heavy for them."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import cartsign
import pytest

import engine

KB = Path(__file__).parent.parent / "kb"


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", cartsign.__all__)
def test_a_public_name_is_that_of_the_engine(name):
    assert getattr(cartsign, name) is getattr(engine, name)


def test_the_version_is_that_of_the_distribution():
    assert cartsign.__version__ == version("cartsign")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'cartsign' has no attribute 'asses'"):
        cartsign.asses  # noqa: B018


def test_a_case_is_assessed():
    kb = cartsign.load(KB)
    assert cartsign.assess(kb, {"bladder_or_bowel": ["lost_bladder_control"]}).triage.level == "emergency"
    with pytest.raises(cartsign.Rejected, match="bladder"):
        cartsign.assess(kb, {"bladder": True})


def test_importing_it_reads_nothing_heavy():
    code = "import sys, cartsign; print(sorted({'polars', 'experta', 'z3', 'yaml'} & set(sys.modules)))"
    assert run(code) == "[]\n"


@pytest.mark.parametrize("module", ["spark", "testing"])
def test_what_only_some_need_has_a_module_of_its_own(module):
    assert run(f"from cartsign.{module} import *; print('ok')") == "ok\n"


def test_it_is_a_command():
    done = subprocess.run(
        [sys.executable, "-m", "cartsign", "--help"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Usage: cartsign ")


def test_it_says_that_it_has_types():
    assert (Path(cartsign.__file__).parent / "py.typed").is_file()
