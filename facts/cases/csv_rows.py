"""Split CSV lines into rows of cells.

In: lines and the delimiter. Out: each row with its first line number, or its problems. An unclosed quote
joins a row to those after it; only its first line is reported, and the following lines are read again as
rows.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from facts.problem import Problem, Span
from facts.trees.lines import Line

MAKES_SENSE = Callable[[list[str]], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line, its text and its cells."""

    file: str
    number: int
    text: str
    cells: list[str]

    def span(self, index: int | None = None) -> Span:
        """Return the place of a cell, or of the whole row if the row contains quotes."""
        if index is None or '"' in self.text or index >= len(self.cells):
            return Span(self.file, self.number, 0, 0, self.text)
        cell = self.cells[index]
        start = sum(len(cell) + 1 for cell in self.cells[:index]) + len(cell) - len(cell.lstrip()) + 1
        return Span(self.file, self.number, start, start + len(cell.strip()), self.text)


def read_rows(
    lines: Iterator[Line],
    delimiter: str,
    file: str,
    makes_sense: MAKES_SENSE,
    waiting: deque[Line] | None = None,
) -> Iterator[Row | list[Problem]]:
    """Yield the rows of a file.

    `makes_sense` checks the cells of a row that spans several lines. `waiting` receives lines that were
    consumed and must be read again.
    """
    waiting = deque() if waiting is None else waiting
    while True:
        taken: list[Line] = []
        reader = csv.reader(_texts(waiting, lines, taken), delimiter=delimiter, strict=True)
        said, cells = "", []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = str(error)
        if said or (len(taken) > 1 and not makes_sense(cells)):
            waiting.extendleft(reversed(taken[1:]))
            yield [_torn(taken[0], file, said)]
        else:
            problems = [problem for line in taken for problem in _characters(line, file)]
            yield problems or Row(file, taken[0].number, "\n".join(line.text for line in taken), cells)


def _texts(waiting: deque[Line], lines: Iterator[Line], taken: list[Line]) -> Iterator[str]:
    """Yield lines to the CSV parser, beginning with the lines in `waiting`, and record each in `taken`."""
    while line := waiting.popleft() if waiting else next(lines, None):
        taken.append(line)
        yield "\n" if line.problem or "\0" in line.text else line.text + "\n"


def _torn(line: Line, file: str, said: str) -> Problem:
    code, help = "csv-quote", "close the quote, or remove it"
    message = f"the row that begins in line {line.number} has an open quote or a field that is too long"
    if "expected after" in said:
        message, help = "text follows a closing quote", 'write `""` for a quote inside a quoted text'
    elif "new-line" in said:
        code, message = "csv-line-end", "there is a carriage return inside the row"
        help = "end each line with a line feed"
    return Problem(code, message, Span(file, line.number, 0, 0, line.text), help)


def _characters(line: Line, file: str) -> list[Problem]:
    if line.problem:
        return [line.problem]
    at = line.text.find("\0") + 1
    if not at:
        return []
    span = Span(file, line.number, at, at + 1, line.text)
    return [Problem("nul-character", "character U+0000 is not allowed in CSV", span, "remove the character")]
