"""The summary of a run as one self-contained HTML page: tables, with charts beside them.

In: a tally, its knowledge base, and facts about the run. Out: the text of the page. All text from the
knowledge base is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engine.model.knowledge_base import KnowledgeBase
from engine.output.html import rendered
from engine.summary.section import counted
from engine.summary.sections import sections
from engine.tally.tally import Tally

TEMPLATE = Path(__file__).with_name("summary.html")


def page(tally: Tally, kb: KnowledgeBase, run: Sequence[tuple[str, str]] = ()) -> str:
    """The page; `run` are names and values about the run for its head, such as the files read."""
    from engine.summary.pictures import MOST, pictures

    return rendered(
        TEMPLATE,
        kb=kb,
        run=run,
        number=counted,
        cases=tally["cases"],
        rejected=sum(tally.below("reject").values()),
        scope={each: tally["scope", each] for each in ("yes", "no", "open")},
        inconsistent=tally["inconsistent"],
        sections=sections(tally, kb),
        most=MOST,
        pictures=pictures(tally, kb),
    )


def is_installed() -> bool:
    """Whether the chart library is installed."""
    return find_spec("altair") is not None and find_spec("vl_convert") is not None
