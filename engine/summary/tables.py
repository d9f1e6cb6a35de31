"""Tables of a run for a terminal: a row for each case, and the levels of all.

In: assessments as plain values, or a tally. Out: renderables of rich, coloured if the console supports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from engine.model.knowledge_base import KnowledgeBase
from engine.tally.tally import NONE, Tally
from facts.problem import printable

MOST_ROWS = 100
"""Maximum number of cases that are shown with one row per case."""

Row = Mapping[str, object]


def cases_table(rows: Iterable[Row], kb: KnowledgeBase) -> RenderableType:
    """One row per case, from assessments as plain values."""
    triaged = bool(kb.levels)
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("case", overflow="fold")
    for column in ("level", "could be") if triaged else ():
        table.add_column(column, no_wrap=True)
    table.add_column("points to" if triaged else "found", overflow="fold")
    table.add_column("open", justify="right", no_wrap=True)
    for row in rows:
        urgency = _urgency(row["triage"], kb) if triaged else []
        open_ = str(len(_names(row["ask_next"])))
        table.add_row(Text(printable(str(row["id"]))), *urgency, Text(_found(row)), open_)
    return table


def levels_table(tally: Tally, kb: KnowledgeBase) -> RenderableType:
    """The number of cases at each level, highest first, split into settled and open."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("level", "settled", "open", "cases"):
        table.add_column(column, justify="left" if column == "level" else "right")
    for level in [*reversed(list(kb.levels)), NONE]:
        ceilings = tally.below("triage", level)
        settled, all_ = ceilings.get((level,), 0), sum(ceilings.values())
        if all_:
            shown = level if level in kb.levels else "no level"
            table.add_row(shown, f"{settled:,}", f"{all_ - settled:,}", f"{all_:,}")
    return table


def _urgency(triage: object, kb: KnowledgeBase) -> list[RenderableType]:
    assert isinstance(triage, Mapping)
    level, ceiling = triage["level"], triage["ceiling"]
    alone = level is not None and kb.levels[level].alone
    could = "" if triage["settled"] else ceiling or ""
    none = "nothing applies" if ceiling is None else "no level yet"
    return [Text(level or none, "bold red" if alone else ""), Text(could, "dim")]


def _found(row: Row) -> str:
    conditions, scores = row["conditions"], row["scores"]
    assert isinstance(conditions, Sequence)
    assert isinstance(scores, Mapping)
    suspected = [each["name"] for each in conditions if each["support"] not in (None, "background")]
    sums = [f"{name} {_ends(ends)}" for name, ends in scores.items()]
    found = suspected or sums or _names(row["findings"])
    more = f" +{len(found) - 1}" if len(found) > 1 and found is not sums else ""
    return (", ".join(sums) if found is sums else found[0] if found else "") + more


def _ends(ends: Mapping[str, int | float]) -> str:
    return f"{ends['low']}" if ends["low"] == ends["high"] else f"{ends['low']} to {ends['high']}"


def _names(names: object) -> list[str]:
    assert isinstance(names, Sequence)
    return [str(name) for name in names]
