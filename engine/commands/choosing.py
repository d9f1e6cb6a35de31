"""Selection of one case: by its id, or by its row in a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.commands.shared import BROKEN, FINDINGS, UNREADABLE, counted, end, example_cases, tell
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case, Read, Unread
from facts.files.cases import read_cases
from facts.other_names.notes import listed
from facts.problem import Problem, Span, quote, quoted, suggest

IS_AN_ID = "(or name a file of cases, or the right knowledge base with `--kb`)"
MOST_IDS = 10_000
"""Maximum number of ids among which the nearest to a misspelt one is searched."""


def chosen_case(named: str, id: str | None, row: int | None, base: str, kb: KnowledgeBase) -> Case:
    """The selected case: from a file, or else the case of the knowledge base with that id.

    If it cannot be found, the reason is printed and the command ends.
    """
    is_file = (
        named == "-"
        or os.path.lexists(named)
        or id is not None
        or row is not None
        or bool(Path(named).suffix)
    )
    if not is_file:
        return called(named, example_cases(base, kb), Span(base), IS_AN_ID)
    read = read_cases([named], kb.questions)
    if id is not None and row is not None:
        end(
            Problem(
                "two-choices",
                "`--case` and `--row` cannot be used together",
                Span(named),
                "remove one of the two",
            )
        )
    if row is not None:
        return _at(row, read, named)
    return called(id, read, Span(named)) if id is not None else _only(read, named)


def called(id: str, read: Iterable[Read], where: Span, otherwise: str = "") -> Case:
    """The first case with this id; if none has it, report that together with unreadable cases, and end the
    command.

    The report suggests the nearest id, or else contains `otherwise`.
    """
    problems: list[Problem] = []
    ids: list[str] = []
    code = BROKEN
    for each in read:
        if not isinstance(each, Case):
            problems += each
            code = UNREADABLE if isinstance(each, Unread) else code
        elif each.id == id:
            tell(listed(each.notes))
            return each
        else:
            ids.append(each.id)
    help = suggest(id, ids[:MOST_IDS], "cases") or f"{counted(len(ids), 'case')} could be read"
    help = " ".join(filter(None, (help, otherwise)))
    that = "there is no readable case" if problems else "there is no case"
    end(*problems, Problem("unknown-case", f"{that} {quote(id)}", where, help), code=code)


def _at(row: int, read: Iterable[Read], named: str) -> Case:
    """The case in a row; unreadable rows count as rows."""
    rows = 0
    for each in _rows(read):
        rows += 1
        if rows == row:
            if isinstance(each, Case):
                return each
            end(*each, code=UNREADABLE)
    message = f"there is no row {row:,}; the file has {counted(rows, 'row')}"
    end(Problem("unknown-row", message, Span(named), "rows are counted from 1, without the header"))


def _rows(read: Iterable[Read]) -> Iterator[Read]:
    """Everything except warnings, which do not represent a row."""
    for each in read:
        if isinstance(each, Case) or any(problem.severity == "error" for problem in each):
            yield each
        else:
            tell(each)


def _only(read: Iterable[Read], named: str) -> Case:
    found: list[Case] = []
    problems: list[Problem] = []
    for each in _rows(read):
        if isinstance(each, Case):
            found.append(each)
        else:
            problems += each
        if len(found) > 1:
            listed = quoted(case.id for case in found)
            help = f"choose one with `--case ID` or `--row N`; the first ids are {listed}"
            end(Problem("many-cases", "the file has more than one case", Span(named), help))
    if problems and found:
        help = f"to explain this case, add `--case {found[0].id}`"
        one = Problem("one-of-several", "one case of the file can be read", Span(named), help)
        end(*problems, one, code=FINDINGS)
    if not found and problems:
        end(*problems, code=UNREADABLE)
    if not found:
        end(Problem("no-cases", "the file has no cases", Span(named), "write a case, or name another file"))
    return found[0]
