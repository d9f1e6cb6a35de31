"""A plain Python function made from the rules: answers in, every column of the results out.

Truth is a number of two bits, 0 false, 1 unknown, 3 true, so that `&` and `|` are Kleene's `all` and `any`.
The function has one line a node, and the standard library is all that it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from engine.model.parts import COMPARISONS
from engine.sampling.files import parquet_schema
from facts.tables.frame import columns_of

from . import columns
from .python_source import source
from .work import Engine, Work

Row = tuple[Any, ...]
MEANS = (False, None, None, True)
"""What each code says."""


def engine(work: Work) -> Engine:
    """The function, called case by case."""
    answers = [column for question in work.kb.questions.values() for column in columns_of(question)]
    function = compiled(work, answers)
    nobody = pl.DataFrame(schema=parquet_schema(work.kb.questions))
    schema = dict(columns.engine(work).evaluate(nobody).drop("id").schema)

    def own(frame: pl.DataFrame) -> tuple[pl.Series, list[Row]]:
        return frame["id"], list(frame.select(answers).rows())

    def evaluate(cases: tuple[pl.Series, list[Row]]) -> tuple[pl.Series, list[Row]]:
        return cases[0], [function(*case) for case in cases[1]]

    def results(found: tuple[pl.Series, list[Row]]) -> pl.DataFrame:
        return pl.DataFrame(found[1], schema=schema, orient="row").with_columns(found[0])

    def files(source: Path, target: Path) -> None:
        results(evaluate(own(pl.read_parquet(source)))).drop(work.rules).write_parquet(target)

    return Engine(own, evaluate, results, files)


def compiled(work: Work, answers: list[str]) -> Callable[..., Row]:
    """The function of the answers in these columns."""
    known: dict[str, Any] = {
        "NOT": (3, 1, None, 0),
        "CODE": {False: 0, None: 1, True: 3},
        "MEANS": MEANS,
        "keeps": keeps,
    }
    exec("\n".join(source(work, answers)), known)
    function: Callable[..., Row] = known["assessed"]
    return function


def keeps(comparison: str, threshold: float, low: float, high: float) -> int:
    """The code of a bound on what lies between two ends."""
    at_low, at_high = (COMPARISONS[comparison].keeps(end, threshold) for end in (low, high))
    return (3 if at_low else 0) if at_low == at_high else 1
