"""Charts as SVG that stands in a page and needs nothing from elsewhere.

In: labels and numbers. Out: the text of a picture. What a colour tells, its darkness tells, too, so that a
chart can be printed in black; and each chart stands beside a table with its numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from textwrap import wrap
from typing import Any, Literal

import altair as alt

from engine.summary.numbers import short
from facts.problem import printable

RAMP = ("#173a63", "#3f6ea5", "#7fa6d0", "#b5cde6", "#dfe9f4")
"""From dark to light."""
INK, LINE = "#1d2430", "#d9dee6"
FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
WIDTH, WIDE = 400, 620
CELL_WIDTH, CELL_HEIGHT = 76, 46
LABEL, HEADING, MOST_LINES = 32, 12, 3
"""How many characters stand in a line of a label and of a heading, and in how many lines."""
LETTER, LINE_HEIGHT = 7.2, 13
LINES = "split(datum.label, '\\n')"

Chart = alt.Chart | alt.LayerChart


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and the numbers that it is made of."""

    label: str
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share from 0 to 1 with its interval, of one of several kinds."""

    label: str
    kind: str
    share: float
    low: float
    high: float


def bars(found: Sequence[Bar], parts: Sequence[str]) -> str:
    """Bars from top to bottom, each made of its parts from dark to light, with the sum at its end."""
    labels = _labels([bar.label for bar in found], LABEL)
    named = list(zip(labels, found, strict=True))
    values = [
        {"bar": label, "part": part, "at": at, "cases": number}
        for label, bar in named
        for at, (part, number) in enumerate(zip(parts, bar.parts, strict=True))
    ]
    sums = [{"bar": label, "cases": sum(bar.parts), "sum": short(sum(bar.parts))} for label, bar in named]
    legend = _legend(len(parts)) if len(parts) > 1 else None
    shades = alt.Scale(domain=list(parts), range=_shades(len(parts)))
    drawn = alt.Chart(alt.InlineData(values=values)).mark_bar(stroke=INK, strokeWidth=0.4)
    drawn = drawn.encode(
        x=alt.X(
            "cases:Q",
            title=None,
            stack="zero",
            axis=alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=5, tickMinStep=1),
        ),
        y=_down("bar", labels),
        color=alt.Color("part:N", scale=shades, legend=legend),
        order=alt.Order("at:Q"),
    )
    ends = alt.Chart(alt.InlineData(values=sums)).mark_text(align="left", dx=5, color=INK)
    ends = ends.encode(x="cases:Q", y=_down("bar", labels), text="sum:N")
    width = WIDE if len(parts) > 2 else WIDTH
    step = alt.Step(14 + LINE_HEIGHT * max(label.count("\n") + 1 for label in labels))
    return _svg(alt.layer(drawn, ends).properties(width=width, height=step))


def heat_map(names: Sequence[str], matrix: Mapping[tuple[int, int], int]) -> str:
    """What was expected from top to bottom, what was given from left to right: the darker, the more of a row.

    Cells with a frame are those in which both agree.
    """
    down, across = _labels(names, LABEL), _labels(names, HEADING)
    rows = [sum(matrix[at, given] for given in range(len(names))) for at in range(len(names))]
    values = [
        {
            "expected": down[at],
            "given": across[given],
            "share": count / rows[at] if rows[at] else 0,
            "shown": short(count),
            "agrees": at == given,
        }
        for (at, given), count in matrix.items()
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("given:N", title="given", scale=alt.Scale(domain=across), axis=_top()),
        y=_down("expected", down, title="expected"),
    )
    shade = alt.Scale(domain=[0, 1], range=["#ffffff", RAMP[0]], interpolate="rgb")
    cells = base.mark_rect(stroke=LINE).encode(color=alt.Color("share:Q", scale=shade, legend=None))
    agreeing = base.mark_rect(filled=False, stroke=INK, strokeWidth=2).transform_filter("datum.agrees")
    light = alt.condition("datum.share > 0.45", alt.value("#ffffff"), alt.value(INK))
    numbers = base.mark_text(fontSize=13).encode(text="shown:N", color=light)
    width, height = CELL_WIDTH * len(names), CELL_HEIGHT * len(names)
    return _svg(alt.layer(cells, agreeing, numbers).properties(width=width, height=height))


def estimates(found: Sequence[Estimate]) -> str:
    """Shares as marks on a scale from 0 to 100 %, with lines for their intervals; a shape for each kind."""
    kinds = list(dict.fromkeys(each.kind for each in found))
    names = list(dict.fromkeys(each.label for each in found))
    labels = dict(zip(names, _labels(names, LABEL), strict=True))
    values = [
        {
            "rate": labels[each.label],
            "kind": each.kind,
            "share": each.share,
            "low": each.low,
            "high": each.high,
        }
        for each in found
    ]
    axis = alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=_down("rate", list(labels.values())),
        yOffset=alt.YOffset("kind:N", scale=alt.Scale(domain=kinds)),
    )
    lines = base.mark_rule(color=INK).encode(
        x=alt.X("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=axis), x2="high:Q"
    )
    legend = _legend(len(kinds))
    marks = base.mark_point(size=80, opacity=1, filled=True, stroke=INK).encode(
        x="share:Q",
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "diamond"]), legend=legend),
        fill=alt.Fill("kind:N", scale=alt.Scale(domain=kinds, range=[RAMP[0], "#ffffff"]), legend=legend),
    )
    return _svg(alt.layer(lines, marks).properties(width=WIDTH, height=alt.Step(20)))


def _shades(count: int) -> list[str]:
    few = {1: [RAMP[1]], 2: [RAMP[0], RAMP[3]], 3: [RAMP[0], RAMP[2], RAMP[4]]}
    return few.get(count, list(RAMP))


def _legend(entries: int) -> alt.Legend:
    return alt.Legend(title=None, orient="top", columns=entries, columnPadding=28, symbolStrokeWidth=1)


def _down(field: str, labels: Sequence[str], title: str | None = None) -> alt.Y:
    return alt.Y(f"{field}:N", title=title, scale=alt.Scale(domain=list(labels)), axis=_left(labels))


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


def _labels(texts: Sequence[str], width: int) -> list[str]:
    """The texts in lines of this width, cut where they are very long; all different."""
    wrapped = [
        "\n".join(wrap(printable(text), width, max_lines=MOST_LINES, placeholder=" …")) for text in texts
    ]
    seen = Counter[str]()
    for at, label in enumerate(wrapped):
        seen[label] += 1
        wrapped[at] = f"{label} ({seen[label]})" if seen[label] > 1 else label
    return wrapped


def _svg(chart: Chart) -> str:
    """The picture of a chart."""
    drawn = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, titleColor=INK, gridColor=LINE, labelFontSize=12, titleFontSize=12)
        .configure_legend(labelColor=INK, labelFontSize=12, symbolStrokeColor=INK)
        .configure_text(fontSize=12)
    )
    written = StringIO()
    drawn.save(written, format="svg")
    return written.getvalue()
