"""The labels of charts: texts of any length in lines, and axes that have room for them.

In: texts. Out: labels, all different, and axes on which they stand in the middle of what they name.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, Literal

import altair as alt

from facts.problem import printable

LABEL, HEADING, MOST_LINES = 32, 12, 3
"""How many characters stand in a line of a label and of a heading, and in how many lines."""
LETTER, LINE_HEIGHT = 7.2, 13
"""How wide a letter may be, and how high a line is."""
LINES = "split(datum.label, '\\n')"


def distinct(texts: Sequence[str], width: int = LABEL) -> list[str]:
    """The texts in lines of this width, cut where they are very long; all different."""
    found: dict[str, None] = {}
    for text in texts:
        lines = wrap(printable(text), width, max_lines=MOST_LINES, placeholder=" …")
        label, at = "\n".join(lines), 1
        while label in found:
            at += 1
            label = "\n".join([*lines[: MOST_LINES - 1], f"({at})"])
        found[label] = None
    return list(found)


def legend(entries: int) -> alt.Legend:
    """What the colours mean, in a line above the picture."""
    return alt.Legend(title=None, orient="top", columns=entries, columnPadding=28, symbolStrokeWidth=1)


def down(field: str, labels: Sequence[str], title: str | None = None) -> alt.Y:
    """The labels from top to bottom."""
    return alt.Y(f"{field}:N", title=title, scale=alt.Scale(domain=list(labels)), axis=_left(labels))


def across(field: str, labels: Sequence[str], title: str) -> alt.X:
    """The labels from left to right, above the picture."""
    return alt.X(f"{field}:N", title=title, scale=alt.Scale(domain=list(labels)), axis=_top())


def _left(labels: Sequence[str]) -> alt.Axis:
    """An axis of labels of one line or more, with room for the letters of whatever font a reader has."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    return _axis("left", LETTER * longest, labelOffset=_by_lines(0, -LINE_HEIGHT / 2), labelPadding=6)


def _top() -> alt.Axis:
    """The same above a picture: every label ends at the picture."""
    return _axis("top", MOST_LINES * LINE_HEIGHT, labelPadding=_by_lines(4, LINE_HEIGHT))


def _axis(orient: Literal["left", "top"], extent: float, **placed: Any) -> alt.Axis:
    return alt.Axis(
        orient=orient,
        minExtent=extent + 10,
        labelExpr=LINES,
        labelLineHeight=LINE_HEIGHT,
        labelLimit=1000,
        labelAngle=0,
        ticks=False,
        domain=False,
        grid=False,
        **placed,
    )


def _by_lines(first: float, more: float) -> dict[str, object]:
    """A number that grows with each line of a label after the first."""
    tests = [
        {"test": f"length({LINES}) == {count + 1}", "value": first + count * more}
        for count in range(1, MOST_LINES)
    ]
    return {"condition": tests, "value": first}
