"""A page as one self-contained HTML document, for screen and paper.

In: the sections of a page and its knowledge base. Out: the text of the document. It uses HTML headings and
lists, so that a screen reader can navigate them. All text from cases and knowledge bases is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.knowledge_base import KnowledgeBase
from engine.output.html import rendered
from engine.page.layout import Line, Section

TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True)
class Item:
    """A line and the lines nested under it."""

    line: Line
    inner: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that form one unit: a bulleted list, a numbered list, or paragraphs."""

    kind: str
    items: list[Item] = field(default_factory=list)


def document(sections: Sequence[Section], kb: KnowledgeBase, view: str = "patient") -> str:
    """The document; the first section becomes its title, and sections without a heading its footer.

    A patient's document has large type; a professional's is set densely to fit one side.
    """
    title, *rest = sections
    return rendered(
        TEMPLATE,
        kb=kb,
        view=view,
        title=title,
        sections=[(each, blocks(each.lines)) for each in rest if each.heading],
        foot=[line for each in rest if not each.heading for line in each.lines],
    )


def blocks(lines: Iterable[Line]) -> list[Block]:
    """Lines as lists and paragraphs; a deeper line belongs to the line above it."""
    found: list[Block] = []
    for line in lines:
        if line.depth and found:
            found[-1].items[-1].inner.append(line)
            continue
        kind = "paragraphs" if not line.mark else "ordered" if line.mark[0].isdigit() else "list"
        if not found or found[-1].kind != kind:
            found.append(Block(kind))
        found[-1].items.append(Item(line))
    return found
