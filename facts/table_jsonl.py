"""JSON lines in segments of some thousand lines each.

In: a stream of bytes. Out: segments. Polars reads a block of lines at once, but leaves out keys that it was
not told of, and values that it did not expect. So what it read is counted: a line in which it found as many
values as there are keys lost nothing; any other is read by `facts.jsonl`, which says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import BinaryIO

import polars as pl

from facts.answer import NONE
from facts.blocks import Block, Blocks
from facts.case import Read
from facts.jsonl import read_jsonl
from facts.lines import Stream
from facts.origin import Origin
from facts.table_frame import FrameReader
from facts.table_segment import Found, Segment, Wanted
from facts.table_text import TextReader
from facts.vocabulary import Choices, Questionnaire

LINE, KEYS = "#line", "#keys"
KEY, SAYS_NULL = r'"\s*:', r'"\s*:\s*null'
# What a float would not say again as it was written.
RISKY = re.compile(rb":\s*-?(?:[0-9]{15}|[0-9.]+[eE])")
TEXTS = ("id", "about", "todo")


@dataclass(frozen=True, slots=True)
class Lines:
    """How the lines of a file are read."""

    origin: Origin
    wanted: Wanted

    @property
    def questions(self) -> Questionnaire:
        """The questions that a line answers."""
        return self.wanted.questions

    def at_once(self, block: Block) -> pl.DataFrame | None:
        """The lines of a block as a frame of text; None where Polars may not read all of them as they are."""
        lines = block.data.removesuffix(b"\n").split(b"\n")
        if self.wanted.renaming or RISKY.search(block.data) or not all(map(bytes.strip, lines)):
            return None
        try:
            frame = pl.read_ndjson(BytesIO(block.data), schema=self._schema(), ignore_errors=True)
            said = pl.Series(LINE, block.data.decode().removesuffix("\n").split("\n"))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeDecodeError):
            return None
        if frame.height != len(lines):
            return None
        return self._flat(frame.with_columns(said))

    def _schema(self) -> dict[str, pl.DataType]:
        answers = [pl.Field(name, pl.String) for name in self.questions]
        texts = dict.fromkeys([*TEXTS, *self.wanted.carry], pl.String())
        return {**texts, "answers": pl.Struct(answers)}

    def _flat(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A column a question; `#line` is null where every key has its value, and else the line."""
        top = [name for name in frame.columns if name not in ("answers", LINE)]
        answers = frame.lazy().select(*map(pl.col, top), LINE, pl.col("answers").struct.unnest())
        keys = pl.col(LINE).str.count_matches(KEY) - pl.col(LINE).str.count_matches(SAYS_NULL)
        nested = [self.wanted.expect, *self._choices()]
        inner = [pl.col(name).str.count_matches(KEY).fill_null(0) for name in nested]
        values = [pl.col(name).is_not_null().cast(pl.UInt32) for name in [*top, *self.questions]]
        whole = keys == pl.sum_horizontal([pl.lit(1, dtype=pl.UInt32), *values, *inner])
        expect = pl.col(self.wanted.expect)
        expected = pl.coalesce(
            expect.str.json_path_match("$.triage.level"),
            _word(expect.str.json_path_match("$.triage")),
            _word(expect),
        )
        chosen = [_listed(pl.col(name)).alias(name) for name in self._choices()]
        return answers.with_columns(pl.when(~whole).then(LINE).alias(LINE), expected, *chosen).collect()

    def _choices(self) -> list[str]:
        return [name for name, question in self.questions.items() if isinstance(question.kind, Choices)]

    def one_by_one(self, stream: BinaryIO, first: int) -> Iterator[Read]:
        """The cases of some lines."""
        return read_jsonl(stream, self.origin, first)


def _word(text: pl.Expr) -> pl.Expr:
    """A text that is no mapping."""
    return pl.when(~text.str.starts_with("{")).then(text)


def _listed(text: pl.Expr) -> pl.Expr:
    """A list of options as text with `;` between them; anything else as it is."""
    inner = text.str.strip_prefix('["').str.strip_suffix('"]').str.replace_all('", "', ";", literal=True)
    is_list = text.str.starts_with('["') & text.str.ends_with('"]') & ~inner.str.contains('"', literal=True)
    return pl.when(is_list).then(inner).when(text == "[]").then(pl.lit(NONE)).otherwise(text)


def jsonl_segments(stream: Stream, origin: Origin, wanted: Wanted) -> Iterator[Found]:
    """The segments of a stream of JSON lines."""
    blocks, lines = Blocks(stream), Lines(origin, wanted)
    names = [*TEXTS, *wanted.carry, *wanted.questions]
    schema = pl.Schema({**dict.fromkeys(names, pl.String()), LINE: pl.String()})
    frames = FrameReader(schema, replace(wanted), origin.file, origin.name, never=LINE)
    reader = TextReader(frames, lines.at_once, lines.one_by_one)
    while block := blocks.block():
        yield Segment(origin.file, partial(reader.table, block), blocks.share)
