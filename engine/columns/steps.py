"""Steps of columns, applied one after the other, however many there are.

In: a frame, and for each step the columns to add, which read earlier ones. Out: the frame with all columns.
At every step Polars keeps a list of all columns so far, so a query of thousands of steps takes gigabytes
whatever the number of rows. Above `MOST` steps they are therefore split into turns, each a query over only
the columns that it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

Steps = Sequence[Sequence[pl.Expr]]

MOST = 200
"""Maximum number of steps in one query; up to here the lists of columns cost almost nothing."""
TOGETHER = 50
"""Number of steps per turn."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Steps that form one query, the existing columns that they read, and the columns that they make."""

    steps: Steps
    reads: Sequence[str]
    makes: Sequence[str]


def applied(frame: pl.LazyFrame, steps: Steps) -> pl.LazyFrame:
    """The frame with the columns of all steps. The frame must have at least one column, which gives the
    height.
    """
    steps = [step for step in steps if step]
    if len(steps) <= MOST:
        return _one_by_one(frame, steps)
    turns = [_turn(steps[at : at + TOGETHER]) for at in range(0, len(steps), TOGETHER)]
    in_turns = partial(_in_turns, turns)
    schema = in_turns(pl.DataFrame(schema=frame.collect_schema())).schema
    return frame.map_batches(in_turns, schema=schema, streamable=True)


def _one_by_one(frame: pl.LazyFrame, steps: Steps) -> pl.LazyFrame:
    for step in steps:
        frame = frame.with_columns(step)
    return frame


def _turn(steps: Steps) -> Turn:
    reads: dict[str, None] = {}
    makes: dict[str, None] = {}
    for step in steps:
        reads |= dict.fromkeys(name for each in step for name in each.meta.root_names() if name not in makes)
        makes |= dict.fromkeys(each.meta.output_name() for each in step)
    return Turn(steps, list(reads), list(makes))


def _in_turns(turns: Sequence[Turn], frame: pl.DataFrame) -> pl.DataFrame:
    for turn in turns:
        read = frame.select(list(dict.fromkeys([frame.columns[0], *turn.reads])))
        made = _one_by_one(read.lazy(), turn.steps).select(turn.makes).collect()
        frame = frame.with_columns(made.get_columns())
    return frame
