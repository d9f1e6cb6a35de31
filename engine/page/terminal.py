"""Pages for a terminal.

In: sections. Out: text of rich, coloured only if the console supports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from rich.text import Text

from engine.page import Line, Section
from facts.problem import printable

TONES = {"title": "bold", "alarm": "bold white on red", "calm": "bold", "quiet": "italic"}


def rendered(sections: Iterable[Section], width: int) -> Text:
    """A page, at most `width` columns wide."""
    page = Text(no_wrap=True, overflow="ignore")
    for at, section in enumerate(sections):
        page.append("\n" if at else "")
        if section.heading:
            heading = f" {section.heading} " if section.tone == "alarm" else section.heading
            page.append(printable(heading), TONES[section.tone]).append("\n")
        for line in section.lines:
            page.append_text(_line(line, section.tone, width))
    return page


def _line(line: Line, tone: str, width: int) -> Text:
    before = " " * (2 + 2 * line.depth) + (f"{line.mark} " if line.mark else "")
    notes = f"[{line.notes}]" if line.notes else ""
    lead = f"{line.lead}: " if line.lead else ""
    said = printable(f"{lead}{line.text} {notes}".rstrip())
    indent = " " * len(before)
    wrapped = wrap(said, width, initial_indent=before, subsequent_indent=indent, break_on_hyphens=False) or [
        ""
    ]
    plain = "\n".join(wrapped) + "\n"
    text = Text(plain, TONES["quiet"] if tone == "quiet" else "")
    if notes:
        text.stylize("dim", plain.rindex("["))
    return text
