"""Flatten answers inside structs, as written by tools that read JSON.

In: a user's frame in which a struct `answers` may hold the answers, and a struct named after a `choices`
question may have a field per option. Out: the same frame after renaming, with a column per answer
(`facts.tables.canonical`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl
from polars.selectors import by_name

from facts.other_names.columns import ANSWERS, MAX_COLUMNS
from facts.other_names.formerly import as_read
from facts.other_names.renaming import Renaming
from facts.problem import Problem, Rejected, Span, quote
from facts.tables.segment import Wanted, renamed
from facts.vocabulary import Choices, Questionnaire


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column of the flat frame: its new name, its path in the original frame, and its expression."""

    name: str
    path: tuple[str, ...]
    column: pl.Expr


def flat(frame: pl.LazyFrame, wanted: Wanted, file: str) -> pl.LazyFrame:
    """Return the renamed frame without structs of answers. Raises `Rejected` for duplicate or too many
    columns.
    """
    leaves = list(_leaves(frame.collect_schema(), wanted))
    first: dict[str, Leaf] = {}
    for leaf in leaves:
        if first.setdefault(leaf.name, leaf) is not leaf:
            raise Rejected([_twice(leaf, first[leaf.name], wanted.renaming, file)])
    if any(len(leaf.path) > 1 for leaf in leaves):
        if len(leaves) > MAX_COLUMNS:
            raise Rejected([_too_many(len(leaves), file)])
        frame = frame.select(leaf.column.alias(leaf.name) for leaf in leaves)
        wanted = replace(wanted, renaming=Renaming(values=wanted.renaming.values))
    return renamed(frame, wanted)


def theirs(schema: Mapping[str, pl.DataType], wanted: Wanted) -> list[str]:
    """Return the original column names, including those inside `answers`."""
    paths = [leaf.path for leaf in _leaves(schema, wanted)]
    return [name for path in paths for name in path[: 1 + (path[0] == ANSWERS)]]


def _leaves(schema: Mapping[str, pl.DataType], wanted: Wanted) -> Iterator[Leaf]:
    asked = as_read(wanted.questions)
    for name, dtype in schema.items():
        if name != ANSWERS or not isinstance(dtype, pl.Struct) or name in (*wanted.carry, *wanted.questions):
            yield from _of_options(name, dtype, (name,), by_name(name).as_expr(), wanted, asked)
            continue
        for field in dtype.fields:
            column = by_name(name).as_expr().struct.field(field.name)
            yield from _of_options(field.name, field.dtype, (name, field.name), column, wanted, asked)


def _of_options(
    name: str, dtype: object, path: tuple[str, ...], column: pl.Expr, wanted: Wanted, asked: Questionnaire
) -> Iterator[Leaf]:
    """Yield a column, or one per option if it is a struct of options."""
    ours = wanted.renaming.columns.get(name, name)
    question = asked.get(ours)
    if question is None or not isinstance(question.kind, Choices) or not isinstance(dtype, pl.Struct):
        yield Leaf(ours, path, column)
        return
    options = wanted.renaming.values.get(ours, {})
    for field in dtype.fields:
        option = options.get(field.name, field.name)
        yield Leaf(f"{ours}.{option}", (*path, field.name), column.struct.field(field.name))


def _too_many(leaves: int, file: str) -> Problem:
    message = f"the file has {leaves:,} columns including the fields of structs; the limit is {MAX_COLUMNS:,}"
    help = "remove the columns that are not questions, or write a column for each question"
    return Problem("too-many-columns", message, Span(file), help)


def _twice(leaf: Leaf, first: Leaf, renaming: Renaming, file: str) -> Problem:
    one, other = (quote(".".join(each.path)) for each in (first, leaf))
    if renaming.columns.keys() & {first.path[-1], leaf.path[-1]}:
        message = f"the map gives {one} and {other} the same name, {quote(leaf.name)}"
        return Problem("map-twice", message, Span(file), "keep one of the two", subject=leaf.name)
    message = f"{one} and {other} both hold {quote(leaf.name)}"
    return Problem("two-forms", message, Span(file), "use only one of the two forms", subject=leaf.name)
