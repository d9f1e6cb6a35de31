"""What becomes of a run whose output cannot go where it should: words and an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = str(Path(__file__).parent / "golden" / "claims" / "base")
RUNS = {
    "page": ["assess", "one.yaml", "--kb", BASE],
    "table": ["assess", "two.yaml", "--kb", BASE, "-o", "out.jsonl"],
    "lines": ["assess", "one.yaml", "--kb", BASE, "--json"],
    "check": ["check", BASE],
    "problems": ["check", "nowhere"],
    "overview": ["claims", "--kb", BASE],
    "claim": ["claims", "A2-01", "--kb", BASE],
    "article": ["claims", "A2", "--kb", BASE],
    "document": ["claims", "--json", "--kb", BASE],
    "help": ["claims", "--help"],
    "version": ["--version"],
}
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
EACH_RUN = pytest.mark.parametrize("words", RUNS.values(), ids=RUNS)


@pytest.fixture
def start(tmp_path, write):
    """Runs `cartsign` as a process of its own, with its output wherever it shall go."""
    write("one.yaml", "id: a\nanswers: {fever: yes, cough: dry}\n")
    write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {fever: yes}}\n")

    def process(words, stdout=subprocess.PIPE, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "COLUMNS": "96", **settings}
        command = [sys.executable, "-m", "engine", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True
        )

    return process


@FULL
@EACH_RUN
def test_full_disk_is_said(words, start, tmp_path):
    with open("/dev/full", "w") as full:
        done = start(words, full)
    assert done.stderr == (
        "output: error[cannot-write]: no space left on device\n  help: check the disk"
        " and its free space, then run the command again\n"
    )
    assert done.returncode == 3
    results = tmp_path / "out.jsonl"
    assert not results.exists() or len(results.read_text().splitlines()) == 2


@FULL
def test_problems_that_cannot_be_told_end_the_run(start, tmp_path):
    command = [sys.executable, "-m", "engine", "claims", "A4", "--kb", BASE]
    with open("/dev/full", "w") as full:
        assert subprocess.run(command, cwd=tmp_path, stderr=full).returncode == 3


@EACH_RUN
def test_pipe_that_nobody_reads_ends_the_run_quietly(words, start):
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as closed:
        done = start(words, closed)
    assert (done.returncode, done.stderr) == (3, "")


@EACH_RUN
def test_what_the_encoding_lacks_is_escaped(words, start, run):
    plain, escaped = run(*words), start(words, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (escaped.returncode, escaped.stderr) == (plain.exit_code, plain.stderr)
    assert escaped.stdout.isascii()


def test_escapes_are_those_of_json(start, tmp_path, write):
    said = "Honey “helps” à la carte 🍯."
    write("kb.yaml", f"sources: {{A: {{title: a}}}}\nclaims: {{c: {{source: A, claim: {said}}}}}\n")
    shown = start(["claims", "c", "--kb", "kb.yaml"], PYTHONUTF8="0", PYTHONIOENCODING="ascii").stdout
    assert "Honey \\u201chelps\\u201d \\u00e0 la carte \\ud83c\\udf6f." in shown
    write("case.yaml", f"id: {said}\nanswers: {{}}\n")
    words = ["assess", "case.yaml", "--json", "--kb", "kb.yaml"]
    lines = start(words, PYTHONUTF8="0", PYTHONIOENCODING="ascii").stdout
    assert json.loads(lines)["id"] == said
