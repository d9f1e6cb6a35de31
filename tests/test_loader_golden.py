"""What the loader says about a knowledge base that is wrong, word for word.

Each `NAME.yaml`, or folder `NAME/`, beside `NAME.out` in `golden/loader/` is loaded; the problems are compared
with `NAME.out` byte for byte. `pytest --update-golden` writes them anew: read the difference before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from engine.loading import read_knowledge_base
from facts.document import MAX_BYTES, MAX_NODES, MAX_PROBLEMS
from facts.problem import render

GOLDEN = Path(__file__).parent / "golden" / "loader"
CASES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".out" and path.name[0] != ".")


def said(path: str | Path) -> str:
    """All problems of a knowledge base in words; nothing where it has none."""
    kb, problems = read_knowledge_base(path)
    assert (kb is None) is bool(problems)
    return "".join(f"{render(problem)}\n" for problem in problems)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_messages(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    golden = path.with_suffix(".out")
    if request.config.getoption("--update-golden"):
        golden.write_bytes(said(path.name).encode())
    assert said(path.name).encode() == golden.read_bytes()
