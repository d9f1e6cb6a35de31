"""The complete assessment of many cases: every field of `engine.assessment`, as nested columns.

In: a frame with the truth columns. Out: one column a field, with the same names inside; lists hold names of
types that know all of them, so that a text stands in a file once and not in every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import polars as pl

from engine.network import Network
from engine.plan.advising import given, standing
from engine.plan.asking import asking
from engine.plan.gather import listings
from engine.plan.listing import Listed, Nested, named
from engine.plan.reach import levels
from engine.plan.suspicions import conditions, grading
from engine.scores import TICKS
from engine.valuation import Prepared

ORDER = (
    *("id", "in_scope", "triage", "conditions", "findings", "scores", "advice", "texts"),
    *("ask_next", "kept_open_by", "inconsistencies", "disagreements", "fired", "open", "reasons"),
)

INSIDE = {
    "triage": ("level", "ceiling", "settled", "rules", "by_source"),
    "advice": ("given", "given_unless", "held", "pending"),
}


@dataclass(frozen=True, slots=True)
class Full:
    """`steps` are added to the truth columns one after the other; `packed` is then chosen; `lists` are read
    off that; `fields` are made of both.
    """

    steps: tuple[tuple[pl.Expr, ...], ...]
    packed: tuple[pl.Expr, ...]
    lists: tuple[Listed | Nested, ...]
    fields: tuple[pl.Expr, ...]

    def gather(self, packed: pl.DataFrame) -> pl.DataFrame:
        """The fields of the assessment, off the packed columns."""
        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
            found = pool.map(lambda each: list(each.read(packed)), self.lists)
            return packed.with_columns(chain.from_iterable(found)).select(self.fields)


def full(net: Network, prepared: Prepared, flat: bool) -> Full:
    """How the assessments of a knowledge base are gathered."""
    live = asking(net, prepared)
    lists = (*listings(prepared, live.ranks, flat), conditions(prepared), *given(prepared))
    steps = (*live.strata, (*standing(prepared), *grading(prepared)))
    alone = _alone(prepared)
    packed = [value.alias(name) for name, value in alone.items()]
    packed += [column for each in lists for column in each.packed()]
    columns = {name: pl.col(name) for name in alone}
    columns |= {name: named(pl.col(name), dtype) for each in lists for name, dtype in each.dtypes.items()}
    fields = _fields(columns)
    return Full(tuple(filter(None, steps)), tuple(packed), lists, tuple(fields))


def _fields(columns: Mapping[str, pl.Expr]) -> Iterator[pl.Expr]:
    """The fields in their order, made of columns; one that nothing is known of is null."""
    for field in ORDER:
        inside = [f"{field}.{name}" for name in INSIDE.get(field, ())]
        if inside and inside[0] in columns:
            yield pl.struct([columns[name].alias(name.partition(".")[2]) for name in inside]).alias(field)
        else:
            yield columns.get(field, pl.lit(None)).alias(field)


def _alone(prepared: Prepared) -> dict[str, pl.Expr]:
    """What is not a list."""
    kb = prepared.kb
    triage = levels(prepared) if kb.levels else {}
    return {
        "id": pl.col("id"),
        "in_scope": pl.col("scope") if kb.scope else pl.lit(None, dtype=pl.Boolean),
        "scores": pl.struct(**{name: _points(name) for name in kb.scores}) if kb.scores else pl.lit(None),
        **{f"triage.{field}": value for field, value in triage.items()},
    }


def _points(score: str) -> pl.Expr:
    """The ends of a score in points."""
    # Polars multiplies by the inverse of a constant, which is one bit off for many quotients.
    low, high = ((pl.col(f"score:{score}:{end}") / TICKS).round(9) for end in ("low", "high"))
    return pl.struct(low=low, high=high)
