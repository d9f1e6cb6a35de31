"""The page of one case: what its reader needs, most urgent first.

In: an assessment and its valuation. Out: sections of plain lines, which `engine.page.terminal` formats for a
terminal and `engine.page.html` for screen and paper. A patient reads what to do, a professional reads the
grounds; `everything` shows all there is.
"""

from __future__ import annotations

from typing import Literal

from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.page.complete import complete
from engine.page.layout import Line, Section, once
from engine.page.patient import patient
from engine.page.professional import professional

__all__ = ["VIEWS", "Line", "Section", "View", "page"]

View = Literal["patient", "professional"]
VIEWS: tuple[View, ...] = ("patient", "professional")
"""Views of a page; the first is the default."""


def page(
    assessment: Assessment,
    case: Valuation,
    about: str = "",
    everything: bool = False,
    view: View = "patient",
) -> list[Section]:
    """The sections of the page; with `everything`, one page for all readers."""
    made = complete if everything else patient if view == "patient" else professional
    title = Section(assessment.id, (Line(about),) if about else (), "title")
    notice = case.prepared.kb.notice
    sections = [each for each in (title, *made(assessment, case)) if each.heading or each.lines]
    *body, last = sections
    notes = last.lines if not last.heading else ()
    body += [] if not last.heading else [last]
    return list(once([*body, Section("", (*notes, *([Line(notice)] if notice else [])), "quiet")]))
