"""The columnar target: a knowledge base compiled to columns, for many cases at a time.

In: a canonical frame (`facts.tables.canonical`), one case per row. Out: the truth of the requested names.
Each stratum becomes nullable Boolean columns, added by one `with_columns`. Polars is used here, in
`facts.tables`, and by the packages that build on these columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from engine.columns.seen import Seen
from engine.columns.steps import applied
from engine.columns.truth import strata
from engine.meaning.network import network
from engine.meaning.valuation import Prepared

__all__ = ["truth_of", "truths"]


def truths(
    prepared: Prepared, frame: pl.DataFrame, names: Sequence[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """The id of each row of a canonical frame, with the names (`rule:ID`, `advice:ITEM`) that hold in it."""
    for id, *held in _evaluated(prepared, frame, ["id", *names]).iter_rows():
        yield id, frozenset(name for name, holds in zip(names, held, strict=True) if holds)


def truth_of(prepared: Prepared, frame: pl.DataFrame, names: Sequence[str]) -> Seen:
    """The truth of each name in every row of a canonical frame."""
    return Seen(_evaluated(prepared, frame, names))


def _evaluated(prepared: Prepared, frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    net = network(prepared.kb, prepared.definitions, prepared.definitions, prepared.kb.scores.values())
    steps = list(strata(net, prepared.kb.questions))
    return applied(frame.lazy(), steps).select(names).collect()
