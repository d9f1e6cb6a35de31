"""The summary of a run in the terminal: tables readable without colours at 80 columns.

In: a tally and its knowledge base. Out: renderables of rich. Long tables show their first rows and the number
of all.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.model.knowledge_base import KnowledgeBase
from engine.summary.section import Row, Section, counted, short
from engine.summary.sections import sections
from engine.tally.tally import Tally
from facts.problem import printable

FEW = 5
"""Maximum number of rows shown per table."""
MOST = {"conditions": 10, "findings": 10, "near-misses": 20}
"""The same for longer tables, by section."""
MOST_INNER = 3
"""Maximum number of nested rows shown per row."""


def table(tally: Tally, kb: KnowledgeBase) -> RenderableType:
    """The whole summary."""
    parts: list[RenderableType] = []
    for section in sections(tally, kb):
        # Findings lead to conditions, so they are shown only if the base has no conditions.
        if section.id != "findings" or not kb.conditions:
            parts += [Text(""), *_section(section)] if parts else _section(section)
    return Group(*parts) if parts else Text("nothing was assessed")


def _section(section: Section) -> Iterator[RenderableType]:
    most = len(section.rows) if section.is_whole else MOST.get(section.id, FEW)
    yield Text(printable(section.title), "bold")
    yield _table(section, most)
    if len(section.rows) > most:
        yield _note(f"the first {most} of {counted(len(section.rows))} {section.many}")
    for note in section.notes:
        yield _note(note)


def _table(section: Section, most: int) -> Table:
    shown = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for at, heading in enumerate(section.headings):
        lines = heading.replace("_", "\n")
        shown.add_column(lines, justify="right" if at else "left", overflow="fold", no_wrap=at > 0)
    for row in section.rows[:most]:
        _add(shown, row)
    return shown


def _add(shown: Table, row: Row, indent: str = "") -> None:
    named = Text(f"{indent}{printable(row.name)}")
    if row.text:
        named.append(f"\n{indent}{printable(row.text)}", "dim")
    shown.add_row(named, *(short(each) if isinstance(each, int) else each for each in row.numbers))
    for inner in row.inner[:MOST_INNER]:
        _add(shown, inner, f"{indent}  ")


def _note(text: str) -> Text:
    return Text(f"({printable(text)})", "dim")
