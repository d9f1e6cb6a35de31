"""Read cases from CSV: a header with question names, then one case per row.

In: a stream of bytes. The delimiter is the comma, semicolon or tab that is most frequent in the header. Out:
a case or its problems for every row that is not blank. An empty cell means unanswered. The options of a
`choices` question are in one cell, separated by `;` or `|`, or in one column per option (`question.option`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from facts.answer import DONT_KNOW, NONE
from facts.case import Case, Read, Unread
from facts.cases.csv_header import Column, Layout, header_problems, layout_of, unread_columns
from facts.cases.csv_rows import Row, read_rows
from facts.cases.origin import Origin
from facts.paths import nothing_in
from facts.plain import word
from facts.problem import Problem, quote
from facts.trees.lines import Line, read_lines
from facts.trees.tree import Mapping, Node, Scalar, Sequence

SEPARATOR = re.compile("[;|]")
SAID = re.compile(r'"?sep=([,;\t|])"?\s*')
Entries = list[tuple[Scalar, Node]]
Leaf = Callable[[str, int], Scalar]
"""Makes a node from a word and its column index."""


def read_csv(stream: BinaryIO, origin: Origin) -> Iterator[Read]:
    """Yield the cases of a CSV stream."""
    lines = read_lines(stream, origin.file)
    delimiter, header = first_row(lines, origin.file)
    if header is None:
        yield Unread([nothing_in(origin.file)])
        return
    if not isinstance(header, Row):
        yield header
        return
    layout, problems = read_header(header, origin)
    if problems:
        yield problems
    if layout is not None:
        yield from read_cells(
            read_rows(lines, delimiter, origin.file, layout.makes_sense),
            layout,
            origin.of_table(ours_of(header, origin)),
        )


def first_row(lines: Iterator[Line], file: str) -> tuple[str, Row | list[Problem] | None]:
    """Return the delimiter and the header, its problems, or None for a file without one. Some spreadsheets
    write `sep=;` above the header.
    """
    first = next((line for line in lines if line.problem or line.text.strip()), None)
    said = SAID.fullmatch(first.text) if first else None
    if said:
        first = next((line for line in lines if line.problem or line.text.strip()), None)
    if first is None:
        return "", None
    delimiter = said[1] if said else delimiter_of(first.text)
    return delimiter, next(read_rows(iter([first]), delimiter, file, lambda cells: True))


def ours_of(header: Row, origin: Origin) -> list[str]:
    """Return the column names after renaming."""
    return [origin.renaming.columns.get(cell.strip(), cell.strip()) for cell in header.cells]


def read_header(header: Row, origin: Origin) -> tuple[Layout | None, list[Problem]]:
    """Return the layout of the columns, or None if the file is unreadable, and the problems."""
    ours = ours_of(header, origin)
    if problems := header_problems(header, ours, origin.questions, origin.carry):
        return None, problems
    layout = layout_of(ours, origin.questions, origin.carry)
    return layout, unread_columns(header, ours, origin.questions, origin.carry)


def read_cells(rows: Iterable[Row | list[Problem]], layout: Layout, origin: Origin) -> Iterator[Read]:
    """Yield the cases of all rows that are not blank."""
    origin = origin.renamed()
    for row in rows:
        read = read_row(row, layout, origin) if isinstance(row, Row) else row
        if read is not None:
            yield read


def read_row(row: Row, layout: Layout, origin: Origin) -> Read | None:
    """Return the case of a row, or None if every cell is empty."""
    return _case(row, layout, origin) if any(map(str.strip, row.cells)) else None


def delimiter_of(header: str) -> str:
    """Return the most frequent delimiter in a header."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(",;\t", key=bare.count)


def _case(row: Row, layout: Layout, origin: Origin) -> Read:
    if len(row.cells) != layout.width:
        message = f"the row has {len(row.cells)} fields, but the header has {layout.width}"
        help = "put quotes around a field that contains the delimiter"
        return [Problem("csv-fields", message, row.span(), help)]
    if any("\n" in row.cells[column.index].strip() for column in layout.columns if column.name == "id"):
        help = "write the id on one line"
        return [Problem("csv-line-end", "the id has a line break", row.span(), help, subject="id")]
    nameless = [_nameless(row, index) for index in layout.nameless if row.cells[index].strip()]
    tree = _tree(row, layout, lambda text, index: word(text))
    read = origin.case(tree, row.number, nameless)
    if isinstance(read, Case):
        return read
    tree = _tree(row, layout, lambda text, index: Scalar(text, False, row.span(index)))
    return origin.case(tree, row.number, nameless)


def _nameless(row: Row, index: int) -> Problem:
    message = f"column {index + 1} has no name but holds {quote(row.cells[index].strip())}"
    return Problem(
        "empty-header", message, row.span(index), "name the column in the header, or empty its cells"
    )


def _tree(row: Row, layout: Layout, leaf: Leaf) -> Mapping:
    """Return a row as a tree, as other formats would have it."""
    span = row.span()
    texts: Entries = []
    answers: Entries = []
    options: dict[str, tuple[Scalar, Entries]] = {}
    for column in layout.columns:
        cell = row.cells[column.index].strip()
        if not cell:
            continue
        entry = leaf(column.option or column.name, column.index), _cell(cell, column, leaf)
        if column.option:
            key = leaf(column.name, column.index)
            options.setdefault(column.name, (key, []))[1].append(entry)
        else:
            (texts if column.is_text else answers).append(entry)
    answers += ((key, Mapping(tuple(entries), span)) for key, entries in options.values())
    return Mapping((*texts, (word("answers"), Mapping(tuple(answers), span))), span)


def _cell(cell: str, column: Column, leaf: Leaf) -> Node:
    """Return a word, or a list if the column holds several options; `none` and `unknown` alone stay words."""
    if not column.is_list:
        return leaf(cell, column.index)
    words = [word for part in SEPARATOR.split(cell) if (word := part.strip())]
    if not words or (len(words) == 1 and words[0].lower() in (NONE, DONT_KNOW)):
        return leaf(words[0] if words else cell, column.index)
    items = tuple(leaf(word, column.index) for word in words)
    return Sequence(items, items[0].span)
