"""A command that is told to end, in whatever moment, says so and ends with exit code 3."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {
    "assess": ["assess", "one.yaml"],
    "many": ["assess", "two.yaml", "-o", "out.jsonl"],
    "lines": ["assess", "two.yaml", "--json"],
    "check": ["check"],
    "claims": ["claims", "--html", "out.html"],
    "coverage": ["coverage", "--html", "out.html"],
    "explain": ["explain", "one.yaml", "--html", "out.html"],
    "graph": ["graph", "-o", "out.mmd"],
    "sample": ["sample", "20", "-o", "out.csv"],
    "spark": ["spark", "two.yaml", "-o", "out"],
    "test": ["test", "--case", "drawer-and-freezer", "--junit", "out.xml"],
}
WRITING = ("claims", "coverage", "explain", "graph", "sample", "test")
BROKEN_OFF = (3, "", "interrupted\n")
ENDED = """\
import os, sys

number, when, name, *sys.argv = sys.argv[1:]
ending = int(number)
def end(event, arguments):
    global ending
    if event == when and name in str(arguments[0]) and ending:
        os.kill(os.getpid(), ending)
        ending = 0
sys.addaudithook(end)
from engine.commands import start
start()
"""
"""Sends itself a signal when it first opens, or renames, a file with this name, be it code or data."""


@pytest.fixture
def ended(tmp_path, write):
    """Runs `cartsign` as a process that is told to end at an event; its exit code and its words."""
    write("one.yaml", "id: a\nanswers: {}\n")
    write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {foot_drop: yes}}\n")

    def process(words, event: str, name: str, ending: int = signal.SIGTERM, code: str = ENDED):
        command = [sys.executable, "-c", code, str(int(ending)), event, name, "cartsign", *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    return process


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("module", ["group", "core", "resolver", "reader", "assess"])
def test_while_modules_are_imported(module, ending, ended):
    assert ended(COMMANDS["assess"], "open", f"{module}.cpython", ending) == BROKEN_OFF


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_while_the_knowledge_base_loads(words, ended, tmp_path):
    before = sorted(tmp_path.iterdir())
    assert ended(words, "open", "outcomes.yaml") == BROKEN_OFF
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", WRITING)
def test_while_a_file_is_written_nothing_of_it_stays(command, ended, tmp_path):
    before = sorted(tmp_path.iterdir())
    code, _, said = ended(COMMANDS[command], "os.rename", ".out.")
    assert (code, said) == (3, "interrupted\n")
    assert sorted(tmp_path.iterdir()) == before


FIRST = """\
import os, re, sys

sys.path[:0] = sys.argv[1:]
before = {*sys.modules}
from engine.commands import ending
print(*sorted({*sys.modules} - before))
"""


def test_next_to_nothing_is_imported_before_signals_are_heard():
    """Each module more is a millisecond in which Ctrl-C is answered with a traceback."""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-S", "-c", FIRST, str(root)], capture_output=True, text=True)
    own = ["engine", "engine.commands", "engine.commands.ending"]
    assert done.stdout.split() == ["__future__", *own, "signal"]


def test_a_signal_that_is_ignored_stays_ignored(ended):
    ignoring = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{ENDED}"
    code, shown, _ = ended(["--version"], "open", "group.cpython", code=ignoring)
    assert (code, shown.split()[0]) == (0, "cartsign")
