"""Charts as self-contained SVG for embedding in a page.

In: labels and numbers. Out: the text of an SVG image. Colours also differ in darkness, so that a chart can be
printed in black and white; each chart appears beside a table with its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO

import altair as alt

from engine.summary.chart_axes import HEADING, LINE_HEIGHT, across, distinct, down, legend
from engine.summary.section import short

RAMP = ("#173a63", "#3f6ea5", "#7fa6d0", "#b5cde6", "#dfe9f4")
"""Colours from dark to light."""
INK, LINE = "#1d2430", "#d9dee6"
FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
WIDTH, WIDE = 400, 620
CELL_WIDTH, CELL_HEIGHT = 76, 46

COUNTS = alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=5, tickMinStep=1)
PERCENT = alt.Axis(format=".0%", tickCount=5)
SHAPES = ["circle", "diamond"]

Value = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with the numbers of its parts."""

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
    """Horizontal bars, each stacked from dark to light, with its sum at the end."""
    labels = distinct([bar.label for bar in found])
    named = list(zip(labels, found, strict=True))
    drawn = _of(_parts(named, parts)).mark_bar(stroke=INK, strokeWidth=0.4)
    drawn = drawn.encode(
        x=alt.X("cases:Q", title=None, stack="zero", axis=COUNTS),
        y=down("bar", labels),
        color=alt.Color(
            "part:N",
            scale=alt.Scale(domain=list(parts), range=_shades(len(parts))),
            legend=legend(len(parts)) if len(parts) > 1 else None,
        ),
        order=alt.Order("at:Q"),
    )
    sums = [{"bar": label, "cases": sum(bar.parts), "sum": short(sum(bar.parts))} for label, bar in named]
    ends = _of(sums).mark_text(align="left", dx=5, color=INK)
    ends = ends.encode(x="cases:Q", y=down("bar", labels), text="sum:N")
    width = WIDE if len(parts) > 2 else WIDTH
    step = alt.Step(14 + LINE_HEIGHT * max(label.count("\n") + 1 for label in labels))
    return _svg(alt.layer(drawn, ends).properties(width=width, height=step))


def _parts(named: Sequence[tuple[str, Bar]], parts: Sequence[str]) -> list[Value]:
    return [
        {"bar": label, "part": part, "at": at, "cases": number}
        for label, bar in named
        for at, (part, number) in enumerate(zip(parts, bar.parts, strict=True))
    ]


def heat_map(names: Sequence[str], matrix: Mapping[tuple[int, int], int]) -> str:
    """A confusion matrix: expected from top to bottom, given from left to right; darker means a larger share
    of the row.

    Cells where both agree have a frame.
    """
    expected, given = distinct(names), distinct(names, HEADING)
    base = _of(_cells(expected, given, matrix)).encode(
        x=across("given", given, "given"), y=down("expected", expected, "expected")
    )
    shade = alt.Scale(domain=[0, 1], range=["#ffffff", RAMP[0]], interpolate="rgb")
    cells = base.mark_rect(stroke=LINE).encode(color=alt.Color("share:Q", scale=shade, legend=None))
    agreeing = base.mark_rect(filled=False, stroke=INK, strokeWidth=2).transform_filter("datum.agrees")
    light = alt.condition("datum.share > 0.6", alt.value("#ffffff"), alt.value(INK))
    numbers = base.mark_text(fontSize=13).encode(text="shown:N", color=light)
    width, height = CELL_WIDTH * len(names), CELL_HEIGHT * len(names)
    return _svg(alt.layer(cells, agreeing, numbers).properties(width=width, height=height))


def _cells(
    expected: Sequence[str], given: Sequence[str], matrix: Mapping[tuple[int, int], int]
) -> list[Value]:
    rows = [sum(matrix[at, place] for place in range(len(given))) for at in range(len(expected))]
    return [
        {
            "expected": expected[at],
            "given": given[place],
            "share": count / rows[at] if rows[at] else 0,
            "shown": short(count),
            "agrees": at == place,
        }
        for (at, place), count in matrix.items()
    ]


def estimates(found: Sequence[Estimate]) -> str:
    """Shares as marks on a scale from 0 to 100 %, with their intervals; each kind has its own shape."""
    kinds = list(dict.fromkeys(each.kind for each in found))
    names = list(dict.fromkeys(each.label for each in found))
    labels = dict(zip(names, distinct(names), strict=True))
    values = [{**asdict(each), "label": labels[each.label]} for each in found]
    base = _of(values).encode(
        y=down("label", list(labels.values())),
        yOffset=alt.YOffset("kind:N", scale=alt.Scale(domain=kinds)),
    )
    lines = base.mark_rule(color=INK).encode(
        x=alt.X(
            "low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5)
        ),
        x2="high:Q",
    )
    shapes, fills = (alt.Scale(domain=kinds, range=each) for each in (SHAPES, [RAMP[0], RAMP[3]]))
    marks = base.mark_point(size=80, opacity=1, filled=True, stroke=INK).encode(
        x="share:Q",
        shape=alt.Shape("kind:N", scale=shapes, legend=legend(len(kinds))),
        fill=alt.Fill("kind:N", scale=fills, legend=legend(len(kinds))),
    )
    return _svg(alt.layer(lines, marks).properties(width=WIDTH, height=alt.Step(20)))


def _of(values: list[Value]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=values))


def _shades(count: int) -> list[str]:
    few = {1: [RAMP[1]], 2: [RAMP[0], RAMP[3]], 3: [RAMP[0], RAMP[2], RAMP[4]]}
    return few.get(count, list(RAMP))


def _svg(chart: alt.LayerChart | alt.FacetChart) -> str:
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
