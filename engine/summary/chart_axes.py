"""Labels of charts: texts wrapped to lines, and axes with room for them.

In: texts. Out: distinct labels, and axes that centre each label on what it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, Literal

import altair as alt

from facts.problem import printable

LABEL, HEADING, MOST_LINES = 32, 12, 3
"""Maximum characters per line of a label and of a heading, and maximum number of lines of either."""
LETTER, LINE_HEIGHT = 7.2, 13
"""Maximum width of a letter, and height of a line, in pixels."""
LINES = "split(datum.label, '\\n')"


def distinct(texts: Sequence[str], width: int = LABEL) -> list[str]:
    """The texts wrapped at `width`, cut if very long; all are distinct."""
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
    """A legend for the colours, in one line above the chart."""
    return alt.Legend(title=None, orient="top", columns=entries, columnPadding=28, symbolStrokeWidth=1)


def down(field: str, labels: Sequence[str], title: str | None = None) -> alt.Y:
    """A vertical axis of labels, from top to bottom."""
    return alt.Y(f"{field}:N", title=title, scale=alt.Scale(domain=list(labels)), axis=_left(labels))


def across(field: str, labels: Sequence[str], title: str) -> alt.X:
    """A horizontal axis of labels, from left to right, above the chart."""
    return alt.X(f"{field}:N", title=title, scale=alt.Scale(domain=list(labels)), axis=_top())


def _left(labels: Sequence[str]) -> alt.Axis:
    """An axis to the left, wide enough for its labels in any font of the reader."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    return _axis("left", LETTER * longest, labelOffset=_by_lines(0, -LINE_HEIGHT / 2), labelPadding=6)


def _top() -> alt.Axis:
    """An axis above the chart; every label ends at the chart."""
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
    """A Vega condition whose value grows with each line of a label after the first."""
    tests = [
        {"test": f"length({LINES}) == {count + 1}", "value": first + count * more}
        for count in range(1, MOST_LINES)
    ]
    return {"condition": tests, "value": first}
