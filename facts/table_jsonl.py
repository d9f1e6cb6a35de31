"""JSON lines in segments of some thousand lines each.

In: a stream of bytes. Out: segments. Polars reads a block of lines at once; a line of which it may not have
read everything (`facts.table_json_whole`) is read by `facts.jsonl`, which also says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO
from typing import BinaryIO

import polars as pl

from facts.answer import NONE
from facts.blocks import Block, Blocks
from facts.case import Read
from facts.jsonl import read_jsonl
from facts.lines import MAX_LINE, Stream
from facts.origin import Origin
from facts.table_frame import FrameReader
from facts.table_json_whole import LINE, expected, is_whole
from facts.table_segment import Found, Segment, Wanted
from facts.table_text import TextReader
from facts.vocabulary import Choices, Questionnaire

TEXTS = ("id", "about")
# What a float would not say again as it was written.
RISKY = re.compile(rb":\s*-?(?:[0-9]{15}|[0-9.]+[eE])")


@dataclass(frozen=True)
class Lines:
    """How the lines of a file are read."""

    origin: Origin
    wanted: Wanted

    @property
    def questions(self) -> Questionnaire:
        """The questions that a line answers."""
        return self.wanted.questions

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What stands beside the answers."""
        return tuple(dict.fromkeys([*TEXTS, *self.wanted.carry]))

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """What Polars is to read; texts all of them, as they were written."""
        answers = [pl.Field(name, pl.String) for name in self.questions]
        return {**dict.fromkeys(self.texts, pl.String()), "answers": pl.Struct(answers)}

    def at_once(self, block: Block) -> pl.DataFrame | None:
        """The lines of a block, a column a question and `#line` where a line was not read whole; None where
        that cannot be told.
        """
        lines = block.data.removesuffix(b"\n").split(b"\n")
        usual = all(map(bytes.strip, lines)) and max(map(len, lines)) <= MAX_LINE
        is_plain = not self.wanted.renaming and not set(self.questions) & {*self.texts, "answers"}
        if not is_plain or not usual or RISKY.search(block.data):
            return None
        try:
            frame = pl.read_ndjson(BytesIO(block.data), schema=self.schema, ignore_errors=True)
            said = pl.Series(LINE, [line.decode() for line in lines])
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeDecodeError):
            return None
        return self._flat(frame, said) if frame.height == len(lines) else None

    def _flat(self, frame: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
        expect, answers = self.wanted.expect, pl.col("answers")
        choices = [name for name, each in self.questions.items() if isinstance(each.kind, Choices)]
        whole = is_whole(frame, lines, self.texts, list(self.questions), choices, expect)
        return (
            frame.lazy()
            .with_columns(lines.set(whole, None), expected(pl.col(expect)).alias(expect))
            .select(*self.texts, LINE, answers.struct.unnest())
            .with_columns(_listed(pl.col(name)).alias(name) for name in choices)
            .collect()
        )

    def one_by_one(self, stream: BinaryIO, first: int) -> Iterator[Read]:
        """The cases of some lines."""
        return read_jsonl(stream, self.origin, first)


def _listed(text: pl.Expr) -> pl.Expr:
    """A list of options as text with `;` between them; anything else as it is."""
    inner = text.str.strip_prefix('["').str.strip_suffix('"]').str.replace_all('", "', ";", literal=True)
    is_list = text.str.starts_with('["') & text.str.ends_with('"]') & ~inner.str.contains('"', literal=True)
    return pl.when(is_list).then(inner).when(text == "[]").then(pl.lit(NONE)).otherwise(text)


def jsonl_segments(stream: Stream, origin: Origin, wanted: Wanted) -> Iterator[Found]:
    """The segments of a stream of JSON lines."""
    blocks, lines = Blocks(stream), Lines(origin, wanted)
    schema = pl.Schema(dict.fromkeys([*lines.texts, LINE, *wanted.questions], pl.String()))
    frames = FrameReader(schema, wanted, origin.file, origin.name, never=LINE)
    reader = TextReader(frames, lines.at_once, lines.one_by_one)
    while block := blocks.block():
        yield Segment(origin.file, partial(reader.table, block), blocks.share)
