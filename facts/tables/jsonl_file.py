"""Read JSON lines in segments.

In: a stream of bytes. Out: segments. Polars reads the lines of a block at once; lines that it cannot read, or
may have read incompletely (`facts.tables.json_whole`), are read by `facts.cases.jsonl`, which also reports
their problems.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO

import polars as pl

from facts.answer import NONE
from facts.case import Read
from facts.case_keys import KEYS, is_left_out
from facts.cases.jsonl import quick_entries, read_line
from facts.cases.origin import Origin
from facts.other_names.columns import MAX_COLUMNS
from facts.paths import folders_of, nothing_in
from facts.reject import reject_of
from facts.tables.blocks import Block, Blocks
from facts.tables.frame_reader import FrameReader
from facts.tables.json_whole import LINE, NULLS_IN, expected, is_whole
from facts.tables.left_out import left_out
from facts.tables.segment import Found, Wanted, whole_file
from facts.tables.sorting import Sorted, all_usual, is_short, is_text
from facts.tables.text_reader import TextReader
from facts.trees.json_tree import no_constant
from facts.trees.lines import Stream, line_of
from facts.trees.text import no_text
from facts.trees.yaml_tree import MAX_DEPTH
from facts.vocabulary import Choices, Questionnaire

TEXTS = ("id", "about")
# Numbers that a float would not reproduce as written, and halves of surrogate pairs.
RISKY = re.compile(rb":\s*-?(?:[0-9]{15}|[0-9.]+[eE])|\\u[dD][89abAB]")
EMPTY_LINE = re.compile(rb"(?:^|\n)\s*(?:\n|$)")
# Numbers that the standard library parses but Polars may not.
DIVIDES = re.compile(rb"[:,\[]\s*-?[0-9.]*(?:[0-9]{15}|[0-9][eE])")
PLAIN = re.compile(r"[\w-][\w .:-]*")
"""A name that Polars does not treat as a pattern."""
STRICT = json.JSONDecoder(parse_constant=no_constant)
LOOKED_AT = 20
"""Number of lines sampled for ignored keys."""
FEW = 500
"""Number of lines up to which reading one by one is as fast as building a query."""
FIRST_LINE = b"\n"
"""Put before the data for Polars, which would decompress data that begins like a compressed file, such as
`x^`.
"""


@dataclass(frozen=True)
class Lines:
    """Reads the lines of one file."""

    origin: Origin
    wanted: Wanted

    @property
    def questions(self) -> Questionnaire:
        """The questions that a line answers."""
        return self.wanted.questions

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The keys that are read beside `answers`."""
        return tuple(dict.fromkeys([*TEXTS, *self.wanted.carry]))

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """The schema for Polars: strings only, so that values are read as written."""
        answers = [pl.Field(name, pl.String) for name in self.questions]
        return {**dict.fromkeys(self.texts, pl.String()), "answers": pl.Struct(answers)}

    def sorted(self, block: Block) -> Sorted:
        """Sort the lines of a block; blank lines are dropped."""
        if not EMPTY_LINE.search(block.data) and is_short(block.data) and not self._is_odd(block.data):
            return all_usual(block, block.data)
        lines = block.data.removesuffix(b"\n").split(b"\n")
        numbered = [(block.first + at, line) for at, line in enumerate(lines) if line.strip()]
        odd = [(number, line) for number, line in numbered if not is_short(line) or self._is_odd(line)]
        there = {number for number, _ in odd}
        usual = [(number, line) for number, line in numbered if number not in there]
        later = [(number, partial(self.line, line, number)) for number, line in odd]
        data = b"\n".join(line for _, line in usual)
        return Sorted(block, len(lines), data, [number for number, _ in usual], later)

    @cached_property
    def is_plain(self) -> bool:
        """Whether any line of the file can be read by Polars."""
        return not self.wanted.renaming and not set(self.questions) & {*self.texts, "answers"}

    def _is_odd(self, data: bytes) -> bool:
        """Whether the data contains anything that Polars rejects or reads differently."""
        return not self.is_plain or bool(RISKY.search(data)) or BOM_UTF8 in data or not is_text(data)

    def at_once(self, data: bytes) -> pl.DataFrame | None:
        """Return usual lines as a frame with a column per question, in which `LINE` holds the lines read
        incompletely.
        """
        try:
            said = data.removesuffix(b"\n").decode().split("\n")
            others = self._left_out(said)
            schema = self.schema | dict.fromkeys(others, pl.String())
            frame = pl.read_ndjson(BytesIO(FIRST_LINE + data), schema=schema, ignore_errors=True)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, UnicodeDecodeError):
            return None
        return self._flat(frame, pl.Series(LINE, said), others) if frame.height == len(said) else None

    def _left_out(self, lines: Sequence[str]) -> list[str]:
        """Return ignored keys found in a sample of the lines; other lines may have more."""
        found: dict[str, None] = {}
        for line in lines[:: len(lines) // LOOKED_AT + 1]:
            found |= dict.fromkeys(key.text for key, _ in quick_entries(line) or ())
        others = found.keys() - {*KEYS, *self.texts, *self.questions}
        return [each for each in found if each in others and self._is_left_out(each)][:MAX_COLUMNS]

    def _is_left_out(self, key: str) -> bool:
        return bool(PLAIN.fullmatch(key)) and is_left_out(key, self.questions)

    def _flat(self, frame: pl.DataFrame, lines: pl.Series, others: Sequence[str]) -> pl.DataFrame:
        expect, answers = self.wanted.expect, pl.col("answers")
        choices = [name for name, each in self.questions.items() if isinstance(each.kind, Choices)]
        whole = is_whole(frame, lines, self.texts, list(self.questions), choices, expect, others)
        return (
            frame.lazy()
            .with_columns(lines.set(whole, None), expected(pl.col(expect)).alias(expect))
            .with_columns(_there(frame, others, lines))
            .select(*self.texts, LINE, *map(left_out, others), answers.struct.unnest())
            .with_columns(_listed(pl.col(name)).alias(name) for name in choices)
            .with_columns(
                pl.col(name).fill_null(pl.lit(value)) for name, value in self.origin.folders().items()
            )
            .collect()
        )

    def line(self, data: bytes, number: int) -> Read | None:
        """Return the case on one line, or None if it is blank."""
        return read_line(line_of(data, self.origin.file, number), self.origin)


def _is_torn(line: bytes) -> bool:
    """Whether Polars may be unable to read a line."""
    if DIVIDES.search(line) or line.count(b"{") + line.count(b"[") > MAX_DEPTH:
        return True
    try:
        STRICT.decode(line.decode())
    except ValueError:
        return True
    return False


def _there(frame: pl.DataFrame, keys: Sequence[str], lines: pl.Series) -> Iterator[pl.Series]:
    """Yield a mask for each key of the lines that have it."""
    nulls = lines.str.contains(NULLS_IN).arg_true() if keys else lines
    for key in keys:
        there = frame[key].is_not_null()
        if nulls.len() and not there.all():
            some = lines.gather(nulls).str.contains(rf'"{re.escape(key)}"\s*:\s*null')
            there = there.scatter(nulls.filter(some), True)
        yield there.alias(left_out(key))


def _listed(text: pl.Expr) -> pl.Expr:
    """Return a JSON list of options as text separated by `;`, and other text unchanged."""
    inner = text.str.strip_prefix('["').str.strip_suffix('"]').str.replace_all('", "', ";", literal=True)
    is_list = text.str.starts_with('["') & text.str.ends_with('"]') & ~inner.str.contains('"', literal=True)
    return pl.when(is_list).then(inner).when(text == "[]").then(pl.lit(NONE)).otherwise(text)


def jsonl_segments(stream: Stream, origin: Origin, wanted: Wanted) -> Iterator[Found]:
    """Yield the segments of a stream of JSON lines, and problems."""
    blocks, lines = Blocks(stream), Lines(origin, wanted)
    schema = pl.Schema(dict.fromkeys([*lines.texts, LINE, *wanted.questions], pl.String()))
    frames = FrameReader(schema, wanted, origin.file, origin.name, (LINE,), objects=True)
    form = None if folders_of(origin.file) else "lines of JSON"
    reader = TextReader(frames, lines.at_once, _is_torn, lines.line, FEW, form)
    is_empty = True
    while block := blocks.block():
        is_empty = is_empty and not block.data.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        if block.first == 1 and (problem := no_text(block.data, origin.file)):
            yield reject_of(origin.file, [problem], unread=True)
            return
        yield reader.segment(lines.sorted(block), blocks.share)
    if is_empty:
        yield whole_file(origin.file, nothing_in(origin.file))
