"""Shared by all commands: exit codes, loading of the knowledge base, and messages."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import click

from engine.commands.ending import UNFINISHED as UNFINISHED
from engine.commands.ending import begin
from engine.loading import read_knowledge_base
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Read, Unread
from facts.files.cases import read_cases
from facts.problem import Problem, Span, gathered, is_slip, places, printable, render


def bundled() -> Path:
    """The folder of the bundled knowledge base."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "setup.cfg").is_file() and (checkout / "kb" / "outcomes.yaml").is_file():
        return checkout / "kb"
    installed = find_spec("cartsign_kb")
    assert installed is not None
    assert installed.submodule_search_locations is not None
    return Path(next(iter(installed.submodule_search_locations)))


FINE, FINDINGS, BROKEN, UNREADABLE = 0, 1, 2, 4

CODES = """\b
Exit codes:
  0  fine, even if a file has no cases
  1  something to look at: rows rejected, a case or check failed, a rule or claim not covered
  2  wrong usage, or errors in the knowledge base; nothing was started
  3  could not finish: interrupted, disk full, too many rejects
  4  a file could not be read, or no case could be assessed
"""
"""The end of each help page."""
MOST_SLIPS = 1_000
"""Maximum number of different slips remembered; repetitions of any other slip are printed in full."""
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters except tab and line feed, and characters that change the direction of text."""

KB_OPTION = click.option(
    "--kb",
    "kb_path",
    metavar="PATH",
    help="The knowledge base, a folder or a file. [the one that comes with cartsign]",
)


def loaded(path: str, named: Callable[[Problem], Problem] = lambda problem: problem) -> KnowledgeBase:
    """The knowledge base at a path; if it does not load, its problems are printed and the command ends.

    `named` changes the places of problems in files that people know under another name. Commands must call
    this before they write anything.
    """
    kb, problems = read_knowledge_base(path)
    if kb is None:
        problems = gathered(map(named, problems))
        tell(problems)
        say(f"the knowledge base has {counted(len(problems), 'problem')} and is not used", err=True)
        sys.exit(BROKEN)
    begin()
    return kb


def example_cases(path: str, kb: KnowledgeBase) -> Iterator[Read]:
    """The contents of the `cases` folder of a knowledge base; empty if it has none."""
    examples = Path(path, "cases")
    yield from read_cases([examples], kb.questions) if examples.is_dir() else ()


def say(text: str, err: bool = False, end: str = "\n") -> None:
    """Print a text; characters that could control the terminal, such as ESC, are escaped."""
    put(harmless(text) + end, err)


def harmless(text: str) -> str:
    """A text with all characters escaped that could control the terminal."""
    return STEERING.sub(lambda found: printable(found[0]), text)


def say_json(text: str, end: str = "\n") -> None:
    """Print JSON; characters in its strings that could control the terminal get JSON escapes."""
    if not text.isascii() or "\x7f" in text:
        text = STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    put(text + end)


def say_document(plain: object) -> None:
    """Print plain values as one JSON document."""
    say_json(json.dumps(plain, ensure_ascii=False, indent=2))


def put(text: str, err: bool = False) -> None:
    """Print a text in the encoding of the stream; click alone would replace ASCII by another encoding."""
    click.echo(text, sys.stderr if err else sys.stdout, nl=False, color=True)


def tell(problems: Iterable[Problem]) -> None:
    """Print problems to standard error."""
    for problem in problems:
        say(render(problem), err=True)


def end(*problems: Problem, code: int = BROKEN) -> NoReturn:
    """Print problems and end the command."""
    tell(problems)
    sys.exit(code)


def placed(path: Path | Problem) -> Path:
    """An output path; a problem with it is printed and ends the command."""
    if isinstance(path, Problem):
        end(path)
    return path


def counted(number: int, one: str, more: str = "") -> str:
    """A number with its noun: 1 case, 2 cases."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def exit_code(errors: bool, unread: bool, assessed: bool) -> int:
    """The exit code of a command that reads cases; `unread` refers to files or the rest of a file."""
    if unread or (errors and not assessed):
        return UNREADABLE
    return FINDINGS if errors else FINE


@dataclass
class LeftOut:
    """Prints problems as they come, except repetitions, and counts what was left out."""

    errors: int = 0
    unread: int = 0
    again: dict[tuple[str, str], list[Span]] = field(default_factory=dict)

    def add(self, problems: list[Problem]) -> None:
        """Print and count the problems of one case, row, column or file."""
        self.errors += any(problem.severity == "error" for problem in problems)
        self.unread += isinstance(problems, Unread)
        for problem in problems:
            key = (problem.code, problem.message)
            if is_slip(problem) and key in self.again:
                self.again[key].append(problem.span._replace(source=""))
                continue
            if is_slip(problem) and len(self.again) < MOST_SLIPS:
                self.again[key] = []
            tell([problem])

    def code(self, assessed: bool) -> int:
        """The exit code; `assessed` says whether any case was assessed."""
        return exit_code(bool(self.errors), bool(self.unread), assessed)

    def summarise(self) -> None:
        """Print the repetitions, and the number of cases, rows or files left out."""
        for (_, message), spans in self.again.items():
            if spans:
                say(f"{message}, also in {places(spans)}", err=True)
        if self.errors:
            left_out = counted(self.errors, "case, row or file", "cases, rows or files")
            say(f"rejected because of the problems above: {left_out}", err=True)
