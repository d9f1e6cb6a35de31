"""Shared by the commands that prove something: the solver that they need, and the file of new cases."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engine.commands.shared import counted, end, placed, say
from engine.output.files import Form, place, write_whole
from facts.problem import Problem, Span

CASES = Form("YAML", (".yaml",), "--write-cases")


def need_solver(command: str) -> None:
    """End the command if the solver is not installed."""
    if find_spec("z3") is None:
        help = "run `pip install 'cartsign[author]'`"
        message = "proofs need the solver z3, which is not installed"
        end(Problem("no-solver", message, Span(command), help))


def case_file(folder: str, name: str) -> Path:
    """The path of the file for new cases in a folder. An existing file is reported and ends the command,
    because a person may have completed its cases.
    """
    path = Path(folder) / name
    if path.exists():
        help = "complete these cases and rename the file, or move it away"
        end(Problem("output-place", "this file has cases from an earlier run", Span(str(path)), help))
    return placed(place(str(path), [], CASES))


def write_cases(out: Path, texts: Sequence[str]) -> None:
    """Write the texts of cases to a file, and print their number. Without cases, no file is written."""
    if texts:
        write_whole(out, "\n".join(texts))
    where = f" to {out}" if texts else ""
    say(f"{counted(len(texts), 'case')} written{where}", err=True)
