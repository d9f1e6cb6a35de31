"""Files of many cases: Parquet with typed columns, CSV, lines of JSON, and YAML for people.

In: canonical frames, one after another, and the questionnaire. Out: one file with all cases, which `cartsign
assess` reads. Only one frame is in memory at a time. The same frames give the same bytes. Raises `OSError` if
the file cannot be written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Protocol

import polars as pl
from polars.io.plugins import register_io_source

from engine.sampling.people import GROUP
from engine.sampling.text import as_cells, as_lines
from facts.cases.text import text_of
from facts.tables.frame import DataType, cases_of, columns_of
from facts.vocabulary import Choice, Choices, Number, Question, Questionnaire, YesNo

ROW_GROUP = 100_000
"""Number of rows per Parquet row group."""
WHOLE: tuple[tuple[DataType, int, int], ...] = (
    (pl.UInt8, 0, 2**8 - 1),
    (pl.Int8, -(2**7), 2**7 - 1),
    (pl.UInt16, 0, 2**16 - 1),
    (pl.Int16, -(2**15), 2**15 - 1),
    (pl.UInt32, 0, 2**32 - 1),
    (pl.Int32, -(2**31), 2**31 - 1),
)
"""Integer types with their ranges, narrow ones first."""
FAILED = re.compile(r"\(os error (\d+)\)")

Frames = Iterable[pl.DataFrame]


class Writer(Protocol):
    """Writes the cases of canonical frames to a file."""

    def __call__(
        self, frames: Frames, questions: Questionnaire, path: Path, groups: Sequence[str] = ()
    ) -> None:
        """Write the frames in order. With `groups`, each has a column `group` with these names."""


def write_parquet(
    frames: Frames,
    questions: Questionnaire,
    path: Path,
    groups: Sequence[str] = (),
    codes: bool = False,
) -> None:
    """Write a column for each question, or each option of `choices`; "I don't know" becomes null.

    Yes and no are Booleans, or, with `codes`, 1 and 0, which take more space and less time.
    """
    schema = parquet_schema(questions, pl.UInt8 if codes else pl.Boolean)
    schema |= {GROUP: pl.Enum(groups)} if groups else {}

    def batches(*_: object) -> Iterator[pl.DataFrame]:
        for frame in frames:
            yield frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())

    with _failing(path):
        register_io_source(batches, schema=schema).sink_parquet(path, row_group_size=ROW_GROUP)


def write_csv(frames: Frames, questions: Questionnaire, path: Path, groups: Sequence[str] = ()) -> None:
    """Write a column for each question, or each option of `choices`, with `yes`, `no` and `unknown`."""
    cells = [*as_cells(questions), *([pl.col(GROUP)] if groups else [])]
    with _failing(path), open(path, "wb") as file:
        for at, frame in enumerate(frames):
            frame.select(cells).write_csv(file, include_header=at == 0)


def write_jsonl(frames: Frames, questions: Questionnaire, path: Path, groups: Sequence[str] = ()) -> None:
    """Write one line per case with its `id` and known `answers`; `about` is the group."""
    line = as_lines(questions, about=GROUP if groups else None)
    with _failing(path), open(path, "wb") as file:
        for frame in frames:
            frame.select(line).write_csv(file, include_header=False, quote_style="never")


def write_yaml(frames: Frames, questions: Questionnaire, path: Path, groups: Sequence[str] = ()) -> None:
    """Write a list of cases as a person would, many times slower than the other formats; `about` is the
    group.
    """
    with _failing(path), open(path, "w", encoding="utf-8", newline="\n") as file:
        for frame in frames:
            abouts = frame[GROUP] if groups else repeat("", frame.height)
            cases = zip(cases_of(frame, questions), abouts, strict=True)
            file.writelines(text_of(replace(case, about=about), questions) for case, about in cases)


WRITERS: Mapping[str, Writer] = {
    ".parquet": write_parquet,
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".yaml": write_yaml,
}
"""The writer for each file name extension."""


def parquet_schema(questions: Questionnaire, yes_no: DataType = pl.Boolean) -> dict[str, DataType]:
    """The columns of a Parquet file of cases, each in the narrowest type for its answers."""
    schema: dict[str, DataType] = {"id": pl.String}
    for question in questions.values():
        schema |= dict.fromkeys(columns_of(question), _narrow(question, yes_no))
    return schema


def _narrow(question: Question, yes_no: DataType) -> DataType:
    match question.kind:
        case YesNo() | Choices():
            return yes_no
        case Choice(options):
            return pl.Enum(list(options))
        case Number(_, minimum, maximum, decimals):
            return pl.Float64 if decimals else _whole(int(minimum), int(maximum))


def _whole(minimum: int, maximum: int) -> DataType:
    return next((dtype for dtype, low, high in WHOLE if low <= minimum and maximum <= high), pl.Int64)


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    """Turn errors of the operating system, also those that Polars reports only in words, into `OSError` with
    the error number and the file.
    """
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        told = FAILED.search(str(error))
        number = int(told[1]) if told else getattr(error, "errno", None)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error
