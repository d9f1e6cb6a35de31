"""Read CSV files in segments.

In: a stream of bytes. Out: segments. Polars reads the lines that are complete rows all at once (see
`facts.tables.csv_sorting`); `facts.cases.csv_rows` reads the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import polars as pl

from facts.cases.csv_table import first_row, ours_of, read_header
from facts.cases.origin import Origin
from facts.other_names.columns import missing_columns, unmapped, without_column
from facts.other_names.renaming import Renaming
from facts.paths import folders_of, nothing_in
from facts.problem import Span
from facts.reject import reject_of
from facts.tables.blocks import Blocks
from facts.tables.csv_sorting import Form
from facts.tables.frame_reader import FrameReader
from facts.tables.segment import Found, Wanted, renamed, whole_file
from facts.tables.text_reader import TextReader
from facts.trees.lines import Stream, read_lines

FEW = 50
"""Number of rows up to which reading one by one is as fast as building a query."""
FIRST_LINE = b"\n"
"""Put before the data for Polars, which would decompress data that begins like a compressed file, such as
`x^`.
"""


def csv_segments(stream: Stream, origin: Origin, wanted: Wanted) -> Iterator[Found]:
    """Yield the segments of a CSV stream, and problems."""
    blocks = Blocks(stream)
    lines = read_lines(blocks, origin.file)
    delimiter, header = first_row(lines, origin.file)
    if header is None:
        yield whole_file(origin.file, nothing_in(origin.file))
        return
    if isinstance(header, list):
        yield reject_of(origin.file, header, unread=True)
        return
    ours = ours_of(header, origin)
    origin = origin.of_table(ours)
    said = origin.folders()
    missing = list(missing_columns([*ours, *said], wanted.needed, header.span()))
    layout, problems = (None, missing) if missing else read_header(header, origin)
    if layout is None:
        yield reject_of(origin.file, problems, unread=True)
        return
    yield from problems
    theirs = [*map(str.strip, header.cells), *folders_of(origin.file)]
    yield from unmapped(theirs, origin.renaming.columns, Span(origin.file))
    yield from without_column([*ours, *said], wanted.questions, Span(origin.file))
    names = tuple(name or f"#{index}" for index, name in enumerate(ours))
    form = Form(layout, delimiter, origin.renamed())
    wanted = replace(wanted, renaming=Renaming(values=wanted.renaming.values))
    schema = pl.Schema(dict.fromkeys([*names, *said], pl.String))
    nameless = tuple(names[at] for at in layout.nameless)
    frames = FrameReader(schema, wanted, origin.file, origin.name, nameless)
    like = None if said else (delimiter, *ours)
    reader = TextReader(
        frames, lambda data: _at_once(data, form, frames), form.may_be_torn, form.line, FEW, like
    )
    while block := blocks.block():
        yield reader.segment(form.sorted(block, blocks), blocks.share)


def _at_once(data: bytes, form: Form, frames: FrameReader) -> pl.DataFrame | None:
    """Return lines that are complete rows as a frame of text, or None if Polars cannot read them."""
    said = form.origin.folders()
    try:
        frame = pl.read_csv(
            BytesIO(FIRST_LINE + data),
            has_header=False,
            skip_lines=1,
            schema={name: frames.schema[name] for name in frames.schema if name not in said},
            separator=form.delimiter,
        )
    except (pl.exceptions.PolarsError, OSError):
        return None
    id = [pl.col("id").str.strip_chars()] if "id" in frame.columns else []
    added = {name: pl.lit(value, pl.String) for name, value in said.items()}
    return renamed(frame.lazy().with_columns(*id, **added), frames.wanted).collect()
