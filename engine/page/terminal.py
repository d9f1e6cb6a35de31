"""Pages for a terminal.

In: sections. Out: text of rich, coloured only if the console supports it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from engine.page import Section
from engine.page.layout import wrapped
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
            plain = "\n".join(wrapped(line, width)) + "\n"
            text = Text(plain, TONES["quiet"] if section.tone == "quiet" else "")
            if line.notes:
                text.stylize("dim", plain.rindex("["))
            page.append_text(text)
    return page
